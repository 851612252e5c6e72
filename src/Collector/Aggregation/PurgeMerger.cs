using System.Runtime.InteropServices;
using Collector.Flows;

namespace Collector.Aggregation;

/// <summary>
/// Merges the workers' tables of one output into the rows of a purge: one row per key and bin; bins that are not due yet are kept for the next.
/// </summary>
/// <remarks>Owned by the merging thread.</remarks>
public sealed unsafe class PurgeMerger : IDisposable
{
    private readonly AggregatePlan _plan;
    private readonly TableMemory _memory;
    private readonly int _maxEntries;
    private readonly bool _ordered;
    private readonly RowChecks? _checks;
    private nint _key;
    private AggregationTable? _pending;
    private ValueTable _pendingValues = new();
    private long _number;

    /// <summary>Starts with nothing pending.</summary>
    /// <param name="plan">How the output aggregates.</param>
    /// <param name="memory">Where tables take memory from.</param>
    /// <param name="maxEntries">Entries that may be kept; beyond, all are published at once and counted in <see cref="EarlyFlushes"/>.</param>
    /// <param name="ordered">True in a replay: rows come in the order of first insertion over all workers.</param>
    /// <param name="checks">Which rows are published at all; null: all.</param>
    public PurgeMerger(AggregatePlan plan, TableMemory memory, int maxEntries, bool ordered, RowChecks? checks = null)
    {
        _checks = checks;
        _plan = plan;
        _memory = memory;
        _maxEntries = maxEntries;
        _ordered = ordered;
        _key = (nint)NativeMemory.AllocZeroed((nuint)(sizeof(long) + plan.Builder.PaddedWidth));
    }

    /// <summary>Records in entries that are kept for a later purge.</summary>
    public long PendingRecords { get; private set; }

    /// <summary>Packets in entries that are kept.</summary>
    public ulong PendingPackets { get; private set; }

    /// <summary>Octets in entries that are kept.</summary>
    public ulong PendingOctets { get; private set; }

    /// <summary>Entries kept.</summary>
    public int PendingEntries => _pending?.Count ?? 0;

    /// <summary>Times that entries were published before their time because more than the limit were kept.</summary>
    public long EarlyFlushes { get; private set; }

    /// <summary>Records lost because the memory limit did not let a merge finish; 0 unless the limit is far too low.</summary>
    public long LostRecords { get; private set; }

    /// <summary>Packets of <see cref="LostRecords"/>.</summary>
    public ulong LostPackets { get; private set; }

    /// <summary>Octets of <see cref="LostRecords"/>.</summary>
    public ulong LostOctets { get; private set; }

    /// <summary>Rows that the checks (preprocess) kept back.</summary>
    public long DroppedRows { get; private set; }

    /// <summary>Records of <see cref="DroppedRows"/>.</summary>
    public long DroppedRecords { get; private set; }

    /// <summary>Packets of <see cref="DroppedRows"/>.</summary>
    public ulong DroppedPackets { get; private set; }

    /// <summary>Octets of <see cref="DroppedRows"/>.</summary>
    public ulong DroppedOctets { get; private set; }

    /// <summary>Merges tables, which the merger then owns, and what is pending.</summary>
    /// <param name="tables">The answers of the workers, in the order of workers.</param>
    /// <param name="commit">Bins up to this start are due.</param>
    /// <param name="time">The clock, microseconds since the Unix epoch.</param>
    /// <param name="isReplay">Marks the purge.</param>
    public Purge Merge(IReadOnlyList<TableHandOver> tables, long commit, long time, bool isReplay)
    {
        (AggregationTable merged, ValueSnapshot values) = MergeAll(tables);
        long total = merged.Count;
        long dropped = DroppedRows;
        int[]? order = SelectWorthy(merged, SelectDue(merged, values, commit, out int due), ref due);
        if (_ordered)
        {
            order = Sort(merged, order, due);
        }

        return new TablePurge(merged, values, order, due) { Number = ++_number, Time = time, IsReplay = isReplay, TotalEntries = total, HasDropped = DroppedRows > dropped };
    }

    /// <summary>Makes one table, flushed before its time, into a purge of its own; what is pending stays so.</summary>
    public Purge Single(TableHandOver table, bool isReplay)
    {
        int count = table.Table.Count, due = count;
        int[]? order = SelectWorthy(table.Table, null, ref due);
        return new TablePurge(table.Table, table.Values, order, due) { Number = ++_number, Time = table.Time, IsReplay = isReplay, IsEarly = true, TotalEntries = count, HasDropped = due < count };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pending?.Dispose();
        _pending = null;
        NativeMemory.Free((void*)_key);
        _key = 0;
    }

    private (AggregationTable Table, ValueSnapshot Values) MergeAll(IReadOnlyList<TableHandOver> tables)
    {
        TableHandOver? largest = tables.MaxBy(t => t.Table.Count);
        AggregationTable? pending = _pending;
        ValueSnapshot pendingValues = _pendingValues.Snapshot;
        ResetPending();

        // Without handles keys mean the same in every table: all others go into the largest one, where most entries already are.
        bool sameKeys = _plan.HandleOffsets.Count == 0 || (pending is null && tables.Count == 1);
        if (largest is not null && sameKeys)
        {
            foreach (TableHandOver other in tables.Where(t => t != largest))
            {
                MergeInto(largest.Table, null, other.Table, other.Values);
            }

            MergeInto(largest.Table, null, pending, pendingValues);
            return (largest.Table, largest.Values);
        }

        var merged = new AggregationTable(_plan, _memory);
        var values = new ValueTable(int.MaxValue, long.MaxValue);
        MergeInto(merged, values, pending, pendingValues);
        foreach (TableHandOver table in tables)
        {
            MergeInto(merged, values, table.Table, table.Values);
        }

        return (merged, values.Snapshot);
    }

    private void MergeInto(AggregationTable target, ValueTable? targetValues, AggregationTable? source, ValueSnapshot sourceValues)
    {
        if (source is null)
        {
            return;
        }

        for (int i = 0; i < source.Count; i++)
        {
            Copy(source[i], target, targetValues, sourceValues);
        }

        source.Dispose();
    }

    private bool Copy(AggregateEntry* entry, AggregationTable target, ValueTable? targetValues, ValueSnapshot sourceValues)
    {
        byte* key = (byte*)_key;
        NativeMemory.Copy(&entry->Bin, key, (nuint)(sizeof(long) + _plan.Builder.PaddedWidth));
        if (targetValues is not null)
        {
            foreach (int offset in _plan.HandleOffsets)
            {
                uint* handle = (uint*)(key + sizeof(long) + offset);
                *handle = targetValues.Intern(sourceValues[*handle]);
            }
        }

        if (target.Merge(entry, key))
        {
            return true;
        }

        LostRecords += entry->Records;
        LostPackets += entry->Packets;
        LostOctets += entry->Octets;
        return false;
    }

    // Moves what is not due into the pending table; null means that all rows are due, in the order of the table.
    private int[]? SelectDue(AggregationTable table, ValueSnapshot values, long commit, out int due)
    {
        due = 0;
        for (int i = 0; i < table.Count; i++)
        {
            due += table[i]->Bin <= commit ? 1 : 0;
        }

        if (due < table.Count && table.Count - due > _maxEntries)
        {
            EarlyFlushes++;
            due = table.Count;
        }

        if (due == table.Count)
        {
            return null;
        }

        int[] order = new int[due];
        int next = 0;
        _pending = new AggregationTable(_plan, _memory);
        for (int i = 0; i < table.Count; i++)
        {
            AggregateEntry* entry = table[i];
            if (entry->Bin <= commit)
            {
                order[next++] = i;
                continue;
            }

            if (Copy(entry, _pending, _pendingValues, values))
            {
                PendingRecords += entry->Records;
                PendingPackets += entry->Packets;
                PendingOctets += entry->Octets;
            }
        }

        return order;
    }

    // Drops the rows that the checks keep back.
    private int[]? SelectWorthy(AggregationTable table, int[]? order, ref int due)
    {
        if (_checks is null)
        {
            return order;
        }

        int[] kept = new int[due];
        int next = 0;
        for (int i = 0; i < due; i++)
        {
            int index = order is null ? i : order[i];
            AggregateEntry* entry = table[index];
            if (_checks.Pass(*entry))
            {
                kept[next++] = index;
                continue;
            }

            DroppedRows++;
            DroppedRecords += entry->Records;
            DroppedPackets += entry->Packets;
            DroppedOctets += entry->Octets;
        }

        due = next;
        return kept;
    }

    private static int[] Sort(AggregationTable table, int[]? order, int due)
    {
        order ??= [.. Enumerable.Range(0, due)];
        (ulong Datagram, uint Record, long Bin, int Place)[] firsts = new (ulong, uint, long, int)[due];
        for (int i = 0; i < due; i++)
        {
            // The shares of one record differ in their bins only; its source and its destination (sum_*) in their place only.
            AggregateEntry* entry = table[order[i]];
            firsts[i] = (entry->FirstDatagram, entry->FirstRecord, entry->Bin, i);
        }

        Array.Sort(firsts, order, 0, due);
        return order;
    }

    private void ResetPending()
    {
        _pending = null;
        _pendingValues = new ValueTable(int.MaxValue, long.MaxValue);
        PendingRecords = 0;
        PendingPackets = 0;
        PendingOctets = 0;
    }
}
