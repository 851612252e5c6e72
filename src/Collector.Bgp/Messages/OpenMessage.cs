using System.Buffers.Binary;

namespace Collector.Bgp.Messages;

/// <summary>An OPEN: who a speaker is and what it is able to do (RFC 4271 §4.2).</summary>
public sealed record OpenMessage
{
    /// <summary>AS_TRANS, which stands in the two-octet field for a larger number (RFC 6793 §9).</summary>
    public const ushort AsTrans = 23456;

    private const int FixedLength = 10;
    private const byte Version = 4, CapabilitiesParameter = 2, ExtendedLengthMark = 255;

    /// <summary>The AS number, from the four-octet capability where there is one.</summary>
    public required uint As { get; init; }

    /// <summary>The hold time in seconds; 0: no keepalives.</summary>
    public required ushort HoldSeconds { get; init; }

    /// <summary>The BGP identifier as a number (10.0.0.1 is 0x0A000001).</summary>
    public required uint RouterId { get; init; }

    /// <summary>The capabilities.</summary>
    public Capabilities Capabilities { get; init; } = new();

    /// <summary>Reads the body of an OPEN.</summary>
    /// <returns>Null and the NOTIFICATION to answer with when it must be refused (RFC 4271 §6.2, RFC 6286 §2.2).</returns>
    public static OpenMessage? Read(ReadOnlySpan<byte> body, out NotificationMessage refusal)
    {
        refusal = NotificationMessage.Of(NotificationCode.OpenMessage, 0);
        if (body.Length < FixedLength)
        {
            return null;
        }

        if (body[0] != Version)
        {
            refusal = NotificationMessage.OfNumber(NotificationCode.OpenMessage, 1, Version);
            return null;
        }

        var reader = new CapabilitiesReader();
        if (!TryReadParameters(body[(FixedLength - 1)..], reader, ref refusal))
        {
            return null;
        }

        Capabilities capabilities = reader.ToCapabilities();
        var open = new OpenMessage
        {
            As = capabilities.FourOctetAs ?? BinaryPrimitives.ReadUInt16BigEndian(body[1..]),
            HoldSeconds = BinaryPrimitives.ReadUInt16BigEndian(body[3..]),
            RouterId = BinaryPrimitives.ReadUInt32BigEndian(body[5..]),
            Capabilities = capabilities,
        };

        // RFC 7607: AS 0 is nobody. RFC 4271 §4.2: a hold time is 0 or at least three seconds.
        byte subcode = open switch { { As: 0 } => 2, { RouterId: 0 } => 3, { HoldSeconds: 1 or 2 } => 6, _ => 0 };
        if (subcode != 0)
        {
            refusal = NotificationMessage.Of(NotificationCode.OpenMessage, subcode);
            return null;
        }

        return open;
    }

    // From the length of the optional parameters on; RFC 9072 gives lengths of two bytes behind two marks of 255.
    private static bool TryReadParameters(ReadOnlySpan<byte> bytes, CapabilitiesReader reader, ref NotificationMessage refusal)
    {
        bool extended = bytes.Length >= 4 && bytes[0] == ExtendedLengthMark && bytes[1] == ExtendedLengthMark;
        int total = extended ? BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) : bytes[0];
        ReadOnlySpan<byte> rest = bytes[(extended ? 4 : 1)..];
        if (total != rest.Length)
        {
            return false;
        }

        int header = extended ? 3 : 2;
        while (!rest.IsEmpty)
        {
            if (rest.Length < header)
            {
                return false;
            }

            int length = extended ? BinaryPrimitives.ReadUInt16BigEndian(rest[1..]) : rest[1];
            if (rest.Length - header < length)
            {
                return false;
            }

            if (rest[0] != CapabilitiesParameter)
            {
                refusal = NotificationMessage.Of(NotificationCode.OpenMessage, 4);
                return false;
            }

            if (!reader.TryRead(rest.Slice(header, length)))
            {
                return false;
            }

            rest = rest[(header + length)..];
        }

        return true;
    }
}
