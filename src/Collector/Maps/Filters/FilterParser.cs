using System.Globalization;
using Collector.Flows;
using Collector.Net;

namespace Collector.Maps.Filters;

/// <summary>Reads pcap-filter(7): `and` and `or` have the same precedence and go from left to right, qualifiers hold for the values that follow.</summary>
internal sealed class FilterParser
{
    private const string Supported =
        "host, net, port, portrange, proto, tcp, udp, sctp, icmp, icmp6, igmp, ip, ip6, arp, ether host, vlan, mpls, multicast with src, dst, and, or, not and parentheses";

    private const int MaxDepth = 200;

    private readonly List<string> _tokens;
    private int _at;
    private int _depth;
    private FilterLayers _layers;
    private FilterQualifiers _last = new();

    public FilterParser(string text) => _tokens = FilterTokens.Split(text);

    /// <summary>What is wrong; empty after success.</summary>
    public string Error { get; private set; } = "";

    private string Token => _at < _tokens.Count ? _tokens[_at] : "";

    /// <summary>The compiled filter, or null with an <see cref="Error"/>.</summary>
    public FilterNode? Parse()
    {
        if (_tokens.Count == 0)
        {
            return new ConstantNode(true);
        }

        FilterNode? root = Expression();
        if (root is not null && _at < _tokens.Count)
        {
            return Fail(Token == ")" ? "a ')' too much" : $"'and' or 'or' is missing before '{Token}'");
        }

        return root;
    }

    private FilterNode? Expression()
    {
        FilterNode? left = Term();
        while (left is not null && Token is "and" or "or")
        {
            bool isAnd = Token == "and";
            _at++;
            FilterNode? right = Term();
            left = right is null ? null : isAnd ? new AndNode(left!, right) : new OrNode(left!, right);
        }

        return left;
    }

    private FilterNode? Term()
    {
        if (++_depth > MaxDepth)
        {
            return Fail("the filter is nested too deep");
        }

        FilterNode? node = Token switch
        {
            "" => Fail("the filter ends too early"),
            "not" => Negated(),
            "(" => Parenthesis(),
            _ => Primitive(),
        };
        _depth--;
        return node;
    }

    private NotNode? Negated()
    {
        _at++;
        return Term() is { } inner ? new NotNode(inner) : null;
    }

    private FilterNode? Parenthesis()
    {
        _at++;
        FilterNode? inner = Expression();
        if (inner is null)
        {
            return null;
        }

        if (Token != ")")
        {
            return Fail("a '(' is not closed");
        }

        _at++;
        return inner;
    }

    private FilterNode? Primitive()
    {
        var qualifiers = new FilterQualifiers();
        int start = _at;
        while (_at < _tokens.Count && qualifiers.TryAdd(_tokens, ref _at))
        {
        }

        if (_at == start)
        {
            return Keyword() ?? (Error.Length > 0 ? null : Value(_last));
        }

        if (qualifiers.IsWhole(Token))
        {
            return Whole(qualifiers);
        }

        _last = qualifiers;
        return Token == "(" ? Parenthesis() : Value(qualifiers);
    }

    // Primitives that take no qualifier before them.
    private FilterNode? Keyword()
    {
        string word = Token;
        switch (word)
        {
            case "vlan":
            case "mpls":
                return Layer(word);
            case "less":
            case "greater":
            case "len":
                return Fail($"'{word}': flows have no packet length; leave it out");
            case "broadcast":
                return Fail("'broadcast': flows do not say so; write ether dst ff:ff:ff:ff:ff:ff");
            case "gateway" or "protochain" or "inbound" or "outbound" or "ifname" or "pppoed" or "pppoes" or "geneve" or "llc" or "wlan" or "type" or "subtype":
                return Fail($"'{word}' cannot be told of flows; there are {Supported}");
            default:
                return word.Contains('[', StringComparison.Ordinal) || word.IndexOfAny(['<', '>', '=', '&', '+']) >= 0
                    ? Fail($"'{word}': bytes of packets cannot be compared, a flow has none; there are {Supported}")
                    : null;
        }
    }

    private FilterNode? Layer(string word)
    {
        _at++;
        int number = -1;
        if (Token.Length > 0 && char.IsAsciiDigit(Token[0]))
        {
            if (!int.TryParse(Token, NumberStyles.None, CultureInfo.InvariantCulture, out number) || number > (word == "vlan" ? 4_095 : 0xF_FFFF))
            {
                return Fail($"'{Token}' is no number of a {(word == "vlan" ? "VLAN" : "label")}");
            }

            _at++;
        }

        FilterLayers before = _layers;
        if (word == "vlan")
        {
            _layers = _layers with { Vlans = _layers.Vlans + 1 };
            return new VlanNode(before, number);
        }

        _layers = _layers with { Labels = _layers.Labels + 1 };
        return new MplsNode(before, number);
    }

    // A protocol alone, or with multicast.
    private FilterNode? Whole(FilterQualifiers q)
    {
        if (Token == "multicast")
        {
            _at++;
            return q.Protocol switch
            {
                "ip" => new MulticastNode(_layers, FlowFamily.IPv4),
                "ip6" => new MulticastNode(_layers, FlowFamily.IPv6),
                _ => Fail("write ip multicast or ip6 multicast"),
            };
        }

        return q.Protocol switch
        {
            "ip" => new FamilyNode(_layers, FlowFamily.IPv4),
            "ip6" => new FamilyNode(_layers, FlowFamily.IPv6),
            "arp" or "rarp" => new ConstantNode(false),
            "ether" => Fail("'ether' needs host, src, dst or multicast behind it"),
            "icmp" or "igmp" or "vrrp" or "igrp" when FilterProtocols.TryParse(q.Protocol, out byte four) => new ProtocolNode(_layers, FlowFamily.IPv4, four),
            "icmp6" => new ProtocolNode(_layers, FlowFamily.IPv6, 58),
            _ when FilterProtocols.TryParse(q.Protocol, out byte any) => new ProtocolNode(_layers, FlowFamily.None, any),
            _ => Fail($"'{q.Protocol}' is not known; there are {Supported}"),
        };
    }

    private FilterNode? Value(FilterQualifiers q)
    {
        string word = Token;
        if (word.Length == 0 || word is ")" or "and" or "or")
        {
            return Fail(word.Length == 0 ? "the filter ends too early" : $"a value is missing before '{word}'");
        }

        _at++;
        return q.Type switch
        {
            "port" or "portrange" => Port(q, word),
            "proto" => ProtocolOf(q, word),
            _ => Address(q, word),
        };
    }

    private FilterNode? Port(FilterQualifiers q, string word)
    {
        byte protocol = 0;
        FlowFamily family = FlowFamily.None;
        if (q.Protocol is "tcp" or "udp" or "sctp")
        {
            FilterProtocols.TryParse(q.Protocol, out protocol);
        }
        else if (q.Protocol.Length > 0)
        {
            return Fail($"'{q.Protocol} {q.Type}': ports are of tcp, udp or sctp");
        }

        int hyphen = q.Type == "portrange" ? word.IndexOf('-', StringComparison.Ordinal) : -1;
        ushort last = 0;
        bool read = hyphen > 0
            ? FilterServices.TryParse(word[..hyphen], out ushort first) & FilterServices.TryParse(word[(hyphen + 1)..], out last)
            : FilterServices.TryParse(word, out first);
        if (!read)
        {
            return Fail($"'{word}' is no port; write its number{(q.Type == "portrange" ? ", as in portrange 6000-6008" : "")}");
        }

        last = hyphen > 0 ? last : first;
        return new PortNode(_layers, q.Direction, family, protocol, Math.Min(first, last), Math.Max(first, last));
    }

    private FilterNode? ProtocolOf(FilterQualifiers q, string word)
    {
        if (q.Protocol == "ether")
        {
            return word.TrimStart('\\') switch
            {
                "ip" or "0x0800" or "0x800" or "2048" => new FamilyNode(_layers, FlowFamily.IPv4),
                "ip6" or "0x86dd" or "0x86DD" or "34525" => new FamilyNode(_layers, FlowFamily.IPv6),
                _ => Fail($"'ether proto {word}': flows are IPv4 or IPv6; write ip or ip6"),
            };
        }

        FlowFamily family = q.Protocol switch { "ip" => FlowFamily.IPv4, "ip6" => FlowFamily.IPv6, _ => FlowFamily.None };
        return FilterProtocols.TryParse(word, out byte protocol)
            ? new ProtocolNode(_layers, family, protocol)
            : Fail($"'{word}' is no protocol; write its number");
    }

    private FilterNode? Address(FilterQualifiers q, string word)
    {
        if (MapMac.TryParse(word, out ulong mac) && q.Protocol is "ether" or "")
        {
            return q.Protocol == "ether" ? new MacNode(q.Direction, mac) : Fail($"'{word}': write ether host {word}");
        }

        if (q.Protocol is "arp" or "rarp")
        {
            return new ConstantNode(false);
        }

        string text = word;
        if (q.Type == "net" && Token == "mask")
        {
            _at++;
            if (!FilterNetwork.TryAddMask(ref text, Token))
            {
                return Fail($"'{Token}' is no mask; write net {word}/LENGTH");
            }

            _at++;
        }

        bool isNet = q.Type == "net" || (q.Type.Length == 0 && text.Contains('/', StringComparison.Ordinal));
        if (!(isNet ? FilterNetwork.TryParse(text, out IpAddress address, out byte length, out string fault) : FilterNetwork.TryParseHost(text, out address, out length, out fault)))
        {
            return Fail(fault.Length > 0 ? fault : $"'{word}' is no address; names are not looked up, write the address, or one of {Supported}");
        }

        FlowFamily family = word.Contains(':', StringComparison.Ordinal) ? FlowFamily.IPv6 : FlowFamily.IPv4;
        if ((q.Protocol == "ip" && family != FlowFamily.IPv4) || (q.Protocol == "ip6" && family != FlowFamily.IPv6))
        {
            return Fail($"'{q.Protocol} {word}': the address is of the other family");
        }

        if (q.Protocol.Length > 0 && q.Protocol is not ("ip" or "ip6"))
        {
            return Fail($"'{q.Protocol} host': write {q.Protocol} and host {word}");
        }

        return new AddressNode(_layers, q.Direction, family, address, length);
    }

    private FilterNode? Fail(string error)
    {
        Error = Error.Length == 0 ? error : Error;
        return null;
    }
}
