using Collector.Flows.Extras;

namespace Collector.Configuration.CustomPrimitives;

/// <summary>How a custom primitive is printed.</summary>
public enum CustomSemantics
{
    /// <summary>u_int: an unsigned number of 1, 2, 4 or 8 bytes, decimal.</summary>
    Number,

    /// <summary>hex: the same in hexadecimal.</summary>
    Hexadecimal,

    /// <summary>ip: an address of 4 or 16 bytes.</summary>
    Address,

    /// <summary>mac: 6 bytes.</summary>
    Mac,

    /// <summary>str: a text, up to its first zero byte.</summary>
    Text,

    /// <summary>raw: bytes in hexadecimal with dashes between them.</summary>
    Raw,
}

/// <summary>A primitive that the operator defines: a name for an element or for a place in sampled frames. Immutable.</summary>
public sealed record CustomPrimitive
{
    /// <summary>The name in `aggregate` and the key in JSON, in lower case.</summary>
    public required string Name { get; init; }

    /// <summary>Private enterprise number of the element; 0 for those of IANA and of NetFlow v9.</summary>
    public uint Enterprise { get; init; }

    /// <summary>Information element, or field type of NetFlow v9; 0: none.</summary>
    public ushort Element { get; init; }

    /// <summary>Where it is read in sampled frames; at most 8, of those that fit the last counts.</summary>
    public IReadOnlyList<PacketPointer> Pointers { get; init; } = [];

    /// <summary>Bytes; 0: variable (vlen).</summary>
    public int Length { get; init; }

    /// <summary>How it is printed.</summary>
    public CustomSemantics Semantics { get; init; }
}
