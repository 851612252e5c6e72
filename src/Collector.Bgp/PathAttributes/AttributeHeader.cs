using System.Buffers.Binary;

namespace Collector.Bgp.PathAttributes;

/// <summary>The bytes before each path attribute: flags, type code, length of one or two bytes (RFC 4271 §4.3).</summary>
internal readonly ref struct AttributeHeader
{
    /// <summary>The flag optional.</summary>
    internal const byte Optional = 0x80;

    /// <summary>The flag transitive.</summary>
    internal const byte Transitive = 0x40;

    private const byte ExtendedLength = 0x10;

    internal byte Flags { get; private init; }

    internal byte Code { get; private init; }

    internal ReadOnlySpan<byte> Value { get; private init; }

    /// <summary>Takes the next attribute off <paramref name="rest"/>.</summary>
    /// <returns>False when the list ends within the attribute; then <paramref name="attribute"/> has its code, or 0 when not even that is there.</returns>
    internal static bool TryRead(scoped ref ReadOnlySpan<byte> rest, out AttributeHeader attribute)
    {
        attribute = new AttributeHeader { Code = rest.Length > 1 ? rest[1] : (byte)0 };
        if (rest.Length < 3)
        {
            return false;
        }

        byte flags = rest[0];
        int header = 3, length = rest[2];
        if ((flags & ExtendedLength) != 0)
        {
            if (rest.Length < 4)
            {
                return false;
            }

            (header, length) = (4, BinaryPrimitives.ReadUInt16BigEndian(rest[2..]));
        }

        if (rest.Length - header < length)
        {
            return false;
        }

        attribute = new AttributeHeader { Flags = flags, Code = rest[1], Value = rest.Slice(header, length) };
        rest = rest[(header + length)..];
        return true;
    }

    /// <summary>The flags optional and transitive that an attribute must have; null for one that is not known here.</summary>
    internal static byte? FlagsOf(byte code) => code switch
    {
        AttributeCode.Origin or AttributeCode.AsPath or AttributeCode.NextHop or AttributeCode.LocalPreference or AttributeCode.AtomicAggregate => Transitive,
        AttributeCode.Med or AttributeCode.OriginatorId or AttributeCode.ClusterList or AttributeCode.MpReach or AttributeCode.MpUnreach or AttributeCode.Aigp => Optional,
        AttributeCode.Aggregator or AttributeCode.Communities or AttributeCode.ExtendedCommunities or AttributeCode.As4Path or AttributeCode.As4Aggregator
            or AttributeCode.LargeCommunities or AttributeCode.OnlyToCustomer => Optional | Transitive,
        _ => null,
    };
}
