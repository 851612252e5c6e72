namespace Collector.Maps.Filters;

/// <summary>The words before a value: protocol, direction, type.</summary>
internal sealed class FilterQualifiers
{
    private static readonly HashSet<string> Protocols =
        ["ether", "ip", "ip6", "arp", "rarp", "tcp", "udp", "sctp", "icmp", "icmp6", "igmp", "esp", "ah", "pim", "vrrp", "igrp"];

    private bool _hasDirection;

    /// <summary>ether, ip, tcp, …; empty for none.</summary>
    public string Protocol { get; private set; } = "";

    /// <summary>host, net, port, portrange, proto; empty for none, which means host.</summary>
    public string Type { get; private set; } = "";

    /// <summary>Which end.</summary>
    public FilterDirection Direction { get; private set; }

    /// <summary>Takes one word (or src or dst, src and dst) when it is a qualifier that is not there yet.</summary>
    public bool TryAdd(List<string> tokens, ref int at)
    {
        string word = tokens[at];
        if (Protocol.Length == 0 && !_hasDirection && Type.Length == 0 && Protocols.Contains(word))
        {
            Protocol = word;
        }
        else if (!_hasDirection && Type.Length == 0 && word is "src" or "dst")
        {
            _hasDirection = true;
            Direction = word == "src" ? FilterDirection.Source : FilterDirection.Destination;
            if (at + 2 < tokens.Count && tokens[at + 1] is "or" or "and" && tokens[at + 2] is "src" or "dst" && tokens[at + 2] != word)
            {
                Direction = tokens[at + 1] == "or" ? FilterDirection.Either : FilterDirection.Both;
                at += 2;
            }
        }
        else if (Type.Length == 0 && word is "host" or "net" or "port" or "portrange" or "proto")
        {
            Type = word;
        }
        else
        {
            return false;
        }

        at++;
        return true;
    }

    /// <summary>True when the primitive ends here: a protocol alone, or with multicast.</summary>
    public bool IsWhole(string next) =>
        Protocol.Length > 0 && !_hasDirection && Type.Length == 0 && next is "" or ")" or "and" or "or" or "multicast";
}
