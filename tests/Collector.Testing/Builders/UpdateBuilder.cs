using Collector.Net;

namespace Collector.Testing.Builders;

/// <summary>Builds UPDATE messages (RFC 4271 §4.3), right ones and wrong ones: what is given is written as it is.</summary>
public sealed class UpdateBuilder
{
    private readonly WireWriter _withdrawn = new(), _attributes = new(), _announced = new();

    /// <summary>Appends a path attribute; the length has two bytes where the value needs it or the flag 0x10 asks for it.</summary>
    public UpdateBuilder Attribute(int flags, int code, params ReadOnlySpan<byte> value)
    {
        bool extended = value.Length > 255 || (flags & 0x10) != 0;
        _attributes.U8(extended ? flags | 0x10 : flags).U8(code);
        _ = extended ? _attributes.U16(value.Length) : _attributes.U8(value.Length);
        _attributes.Bytes(value);
        return this;
    }

    /// <summary>ORIGIN IGP, an AS_PATH of one sequence with numbers of four bytes, and NEXT_HOP.</summary>
    public UpdateBuilder Mandatory(string nextHop = "192.0.2.1", params uint[] path) => Origin(0).AsPath(path).NextHop(nextHop);

    /// <summary>ORIGIN.</summary>
    public UpdateBuilder Origin(int value) => Attribute(0x40, 1, (byte)value);

    /// <summary>AS_PATH of one sequence with numbers of four bytes; empty for no numbers.</summary>
    public UpdateBuilder AsPath(params uint[] numbers) => Attribute(0x40, 2, numbers.Length == 0 ? [] : new WireWriter().U8(2).U8(numbers.Length).U32(numbers).ToArray());

    /// <summary>NEXT_HOP.</summary>
    public UpdateBuilder NextHop(string address) => Attribute(0x40, 3, new WireWriter().Address(IpAddress.Parse(address)).ToArray());

    /// <summary>MP_REACH_NLRI with the bytes of the next hop and of the routes.</summary>
    public UpdateBuilder MpReach(int afi, int safi, ReadOnlySpan<byte> nextHop, ReadOnlySpan<byte> routes) =>
        Attribute(0x80, 14, new WireWriter().U16(afi).U8(safi).U8(nextHop.Length).Bytes(nextHop).U8(0).Bytes(routes).ToArray());

    /// <summary>MP_UNREACH_NLRI.</summary>
    public UpdateBuilder MpUnreach(int afi, int safi, ReadOnlySpan<byte> routes) => Attribute(0x80, 15, new WireWriter().U16(afi).U8(safi).Bytes(routes).ToArray());

    /// <summary>Appends bytes to the attributes as they are.</summary>
    public UpdateBuilder RawAttributes(params ReadOnlySpan<byte> bytes)
    {
        _attributes.Bytes(bytes);
        return this;
    }

    /// <summary>Routes announced in the field of RFC 4271.</summary>
    public UpdateBuilder Announce(params string[] prefixes)
    {
        _announced.Bytes(Prefixes(prefixes));
        return this;
    }

    /// <summary>Routes withdrawn in the field of RFC 4271.</summary>
    public UpdateBuilder Withdraw(params string[] prefixes)
    {
        _withdrawn.Bytes(Prefixes(prefixes));
        return this;
    }

    /// <summary>Bytes in the field of announced routes.</summary>
    public UpdateBuilder RawAnnounced(params ReadOnlySpan<byte> bytes)
    {
        _announced.Bytes(bytes);
        return this;
    }

    /// <summary>Bytes in the field of withdrawn routes.</summary>
    public UpdateBuilder RawWithdrawn(params ReadOnlySpan<byte> bytes)
    {
        _withdrawn.Bytes(bytes);
        return this;
    }

    /// <summary>The body, without header.</summary>
    public byte[] Body() => new WireWriter().U16(_withdrawn.Length).Bytes(_withdrawn.ToArray()).U16(_attributes.Length).Bytes(_attributes.ToArray()).Bytes(_announced.ToArray()).ToArray();

    /// <summary>The message with its header.</summary>
    public byte[] Message() => Message(2, Body());

    /// <summary>Any message with its header.</summary>
    public static byte[] Message(int type, params ReadOnlySpan<byte> body)
    {
        byte[] marker = new byte[16];
        Array.Fill(marker, (byte)0xFF);
        return new WireWriter().Bytes(marker).U16(19 + body.Length).U8(type).Bytes(body).ToArray();
    }

    /// <summary>An OPEN with capabilities as given: code, length, value, one after the other.</summary>
    public static byte[] Open(uint asNumber, int holdSeconds, string routerId, params ReadOnlySpan<byte> capabilities)
    {
        var body = new WireWriter().U8(4).U16(asNumber > 65535 ? 23456 : (int)asNumber).U16(holdSeconds).Address(IpAddress.Parse(routerId));
        _ = capabilities.IsEmpty ? body.U8(0) : body.U8(capabilities.Length + 2).U8(2).U8(capabilities.Length).Bytes(capabilities);
        return Message(1, body.ToArray());
    }

    /// <summary>Prefixes as NLRI: "10.0.0.0/8", or "7@10.0.0.0/8" with path identifier 7.</summary>
    public static byte[] Prefixes(params string[] prefixes)
    {
        var writer = new WireWriter();
        foreach (string prefix in prefixes)
        {
            string rest = prefix;
            if (prefix.Split('@') is [var id, var behind])
            {
                writer.U32(uint.Parse(id, System.Globalization.CultureInfo.InvariantCulture));
                rest = behind;
            }

            string[] parts = rest.Split('/');
            int length = int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
            writer.U8(length).Bytes(new WireWriter().Address(IpAddress.Parse(parts[0])).ToArray().AsSpan(0, (length + 7) / 8));
        }

        return writer.ToArray();
    }
}
