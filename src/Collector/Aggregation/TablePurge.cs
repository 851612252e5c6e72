using Collector.Flows;

namespace Collector.Aggregation;

/// <summary>A purge whose rows are entries of one table.</summary>
internal sealed unsafe class TablePurge(AggregationTable table, ValueSnapshot values, int[]? order, int count) : Purge
{
    /// <inheritdoc/>
    public override int Count => count;

    /// <inheritdoc/>
    public override long Bytes => table.Bytes;

    /// <inheritdoc/>
    public override AggregateRow this[int index]
    {
        get
        {
            AggregateEntry* entry = table[order is null ? index : order[index]];
            return new AggregateRow(ref *entry, table.KeyOf(entry), values);
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => table.Dispose();
}
