using Collector.Flows;

namespace Collector.Aggregation;

/// <summary>One entry of a purge: its sums, its key, and what resolves the handles in the key.</summary>
public readonly ref struct AggregateRow(ref readonly AggregateEntry entry, ReadOnlySpan<byte> key, ValueSnapshot values)
{
    /// <summary>Bin and sums.</summary>
    public readonly ref readonly AggregateEntry Entry = ref entry;

    /// <summary>The packed key; <see cref="KeyLayout"/> tells where each field lies.</summary>
    public readonly ReadOnlySpan<byte> Key = key;

    /// <summary>Resolves the handles of variable-length fields in the key.</summary>
    public readonly ValueSnapshot Values = values;
}
