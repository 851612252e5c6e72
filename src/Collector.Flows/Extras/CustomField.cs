namespace Collector.Flows.Extras;

/// <summary>A custom primitive as the decoders see it: where it comes from and where it goes. Immutable.</summary>
public sealed record CustomField
{
    /// <summary>Longest primitive of fixed length that lies in the row itself; a longer one is a handle.</summary>
    public const int MaxInlineLength = 64;

    /// <summary>Where it goes in the row.</summary>
    public required ExtraPlace Place { get; init; }

    /// <summary>Which lengths it takes.</summary>
    public required CustomForm Form { get; init; }

    /// <summary>Its length in bytes; 0 for <see cref="CustomForm.AnyValue"/>.</summary>
    public required int Length { get; init; }

    /// <summary>Private enterprise number of the element; 0 for those of IANA and of NetFlow v9.</summary>
    public uint Enterprise { get; init; }

    /// <summary>Element, or field type of NetFlow v9; 0 for none.</summary>
    public ushort Element { get; init; }

    /// <summary>How many primitives before this one name the same element: the next one takes the next occurrence in a template.</summary>
    public int Occurrence { get; init; }

    /// <summary>Where it is read in sampled frames; of those that fit the last counts.</summary>
    public IReadOnlyList<PacketPointer> Pointers { get; init; } = [];

    /// <summary>Stores a value read from a frame or a datagram.</summary>
    /// <param name="value">The bytes as they came.</param>
    /// <param name="record">Its row takes the value.</param>
    /// <param name="values">Interns it where it is a handle.</param>
    internal void Store(ReadOnlySpan<byte> value, ref FlowRecord record, ValueTable values) => ExtraRow.Store(Form, value, Length, Place.Offset, ref record, values);
}
