using System.Runtime.InteropServices;
using Collector.Enrichment.Networks;
using Collector.Flows;
using Collector.Maps.PreTag;

namespace Collector.Aggregation;

/// <summary>One output as one worker sees it: the clock of its windows, the table of the current refresh interval, and what entered.</summary>
/// <remarks>Owned by one worker; counters may be read by others.</remarks>
public sealed class OutputTable : IDisposable
{
    private readonly AggregatePlan _plan;
    private readonly TableMemory _memory;
    private readonly ValueTable _values;
    private readonly FlowRecord[] _pair = new FlowRecord[2];
    private readonly int _capacity;
    private readonly OutputGate? _gate;
    private readonly ProRating? _proRating;
    private AggregationTable _table;
    private long _records;
    private ulong _packets;
    private ulong _octets;
    private long _duplicated;

    /// <summary>Makes an empty table.</summary>
    /// <param name="index">Position of the output in the configuration.</param>
    /// <param name="plan">How it aggregates.</param>
    /// <param name="clock">Its windows; a clock of its own for each worker.</param>
    /// <param name="memory">Where tables take memory from.</param>
    /// <param name="values">Resolves the handles in its keys; owned by the same worker.</param>
    /// <param name="capacity">Entries beyond which the table must be flushed early.</param>
    /// <param name="maps">What the output asks of records before they enter; null: all enter as they are.</param>
    internal OutputTable(int index, AggregatePlan plan, WindowClock clock, TableMemory memory, ValueTable values, int capacity, OutputMaps? maps)
        : this(index, plan, clock, memory, values, capacity) => _gate = maps is null ? null : new OutputGate(maps, values);

    /// <summary>Resolves networks for this output alone, behind its map and filters; null: it is done for all.</summary>
    internal NetworkStage? Networks { get; init; }

    /// <summary>True for the output that is the last to see records: it may change them.</summary>
    internal bool IsLast { get; init; }

    /// <summary>Makes an empty table that all records enter.</summary>
    /// <param name="index">Position of the output in the configuration.</param>
    /// <param name="plan">How it aggregates.</param>
    /// <param name="clock">Its windows; a clock of its own for each worker.</param>
    /// <param name="memory">Where tables take memory from.</param>
    /// <param name="values">Resolves the handles in its keys; owned by the same worker.</param>
    /// <param name="capacity">Entries beyond which the table must be flushed early.</param>
    public OutputTable(int index, AggregatePlan plan, WindowClock clock, TableMemory memory, ValueTable values, int capacity)
    {
        Index = index;
        _plan = plan;
        Clock = clock;
        _memory = memory;
        _values = values;
        _capacity = capacity;
        _proRating = plan.ProRates ? new ProRating() : null;
        _table = new AggregationTable(plan, memory);
    }

    /// <summary>Position of the output in the configuration.</summary>
    public int Index { get; }

    /// <summary>The windows of the output.</summary>
    public WindowClock Clock { get; }

    /// <summary>Keys in the current table.</summary>
    public int Keys => _table.Count;

    /// <summary>Records that entered since start.</summary>
    public long EnteredRecords => _records + _table.EnteredRecords;

    /// <summary>Packets that entered since start.</summary>
    public ulong EnteredPackets => _packets + _table.EnteredPackets;

    /// <summary>Octets that entered since start.</summary>
    public ulong EnteredOctets => _octets + _table.EnteredOctets;

    /// <summary>Records in the current table, not handed over yet; with <see cref="OpenPackets"/> and <see cref="OpenOctets"/> a part of what entered.</summary>
    public long OpenRecords => _table.EnteredRecords;

    /// <summary>Packets in the current table.</summary>
    public ulong OpenPackets => _table.EnteredPackets;

    /// <summary>Octets in the current table.</summary>
    public ulong OpenOctets => _table.EnteredOctets;

    /// <summary>Records that entered once more by rule: by destination (sum_*), made by a map (return), in the second and further bins of a flow (pro-rating).</summary>
    public long DuplicatedRecords => _duplicated + (_gate?.DuplicatedRecords ?? 0);

    /// <summary>Flows over so many bins that they were not divided (<see cref="ProRating.MaxBins"/>).</summary>
    public long LongFlows => _proRating?.LongFlows ?? 0;

    /// <summary>Records that the output's filters kept out.</summary>
    public long FilteredRecords => _gate?.FilteredRecords ?? 0;

    /// <summary>Packets of <see cref="FilteredRecords"/>.</summary>
    public ulong FilteredPackets => _gate?.FilteredPackets ?? 0;

    /// <summary>Octets of <see cref="FilteredRecords"/>.</summary>
    public ulong FilteredOctets => _gate?.FilteredOctets ?? 0;

    /// <summary>Tables that had to be handed over before their time because they, the memory or the table of values were full.</summary>
    public long EarlyFlushes { get; private set; }

    /// <summary>Records that did not enter because the memory limit was met.</summary>
    public long LostRecords { get; private set; }

    /// <summary>Packets of <see cref="LostRecords"/>.</summary>
    public ulong LostPackets { get; private set; }

    /// <summary>Octets of <see cref="LostRecords"/>.</summary>
    public ulong LostOctets { get; private set; }

    /// <summary>Adds records; when the table is full <paramref name="flush"/> takes it and the rest goes into the next one.</summary>
    public void Add(Span<FlowRecord> records, Action<OutputTable> flush) => Add(records, null, 0, flush);

    /// <summary>The same for records that a map shared by all outputs has tagged.</summary>
    /// <param name="records">The records.</param>
    /// <param name="tags">What the map gave them; null without one.</param>
    /// <param name="returned">How many of them the map made in addition (return).</param>
    /// <param name="flush">Takes a full table.</param>
    internal void Add(Span<FlowRecord> records, RecordTags? tags, int returned, Action<OutputTable> flush)
    {
        _duplicated += returned;
        records = _gate is null ? records : _gate.Pass(records, tags);
        if (Networks is not null)
        {
            if (IsLast)
            {
                Networks.Enrich(records);
            }
            else
            {
                records = Networks.EnrichCopies(records);
            }
        }

        if (_plan.Sum == SumKind.None)
        {
            AddAll(records, flush);
            return;
        }

        foreach (ref FlowRecord record in records)
        {
            _pair[0] = record;
            _pair[1] = record;
            BySource(ref _pair[1], _plan.Sum);

            // Two rows of one record keep their order in a replay whichever worker merges them.
            _pair[0].RecordNumber = record.RecordNumber * 2;
            _pair[1].RecordNumber = (record.RecordNumber * 2) + 1;
            _duplicated++;
            AddAll(_pair, flush);
        }
    }

    /// <summary>Takes the table away, full or not, and starts an empty one.</summary>
    /// <param name="early">True when no purge asks for it: the table, the memory or the values are full.</param>
    /// <returns>The table and the values of its handles; the receiver disposes of it.</returns>
    public (AggregationTable Table, ValueSnapshot Values) Take(bool early)
    {
        EarlyFlushes += early ? 1 : 0;
        AggregationTable full = _table;
        _records += full.EnteredRecords;
        _packets += full.EnteredPackets;
        _octets += full.EnteredOctets;
        _table = new AggregationTable(_plan, _memory);
        return (full, _values.Snapshot);
    }

    /// <inheritdoc/>
    public void Dispose() => _table.Dispose();

    // Records that are not divided enter in runs, between the shares of the others.
    private void AddAll(Span<FlowRecord> records, Action<OutputTable> flush)
    {
        if (_proRating is null)
        {
            Enter(records, flush);
            return;
        }

        int entered = 0;
        for (int i = 0; i < records.Length; i++)
        {
            if (!_proRating.Begin(in records[i], Clock))
            {
                continue;
            }

            Enter(records[entered..i], flush);
            entered = i + 1;
            _duplicated--;
            for (Span<FlowRecord> shares = _proRating.Next(); !shares.IsEmpty; shares = _proRating.Next())
            {
                _duplicated += shares.Length;
                Enter(shares, flush);
            }
        }

        Enter(records[entered..], flush);
    }

    private void Enter(Span<FlowRecord> records, Action<OutputTable> flush)
    {
        int done = _table.Add(records, Clock, _capacity);
        while (done < records.Length)
        {
            int added = 0;
            if (_table.Count > 0)
            {
                flush(this);
                added = _table.Add(records[done..], Clock, _capacity);
            }

            if (added == 0)
            {
                // All memory is held by purges that wait for their outputs: what comes now has no place.
                Lose(records[done..]);
                return;
            }

            done += added;
        }
    }

    private void Lose(ReadOnlySpan<FlowRecord> records)
    {
        foreach (ref readonly FlowRecord record in records)
        {
            LostRecords++;
            LostPackets += record.Packets;
            LostOctets += record.Octets;
        }
    }

    // The second entry of a sum_* output: the destination in the place of the source.
    private static void BySource(ref FlowRecord record, SumKind sum)
    {
        (FlowField source, FlowField destination) = sum.Fields();
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<FlowRecord>(ref record));
        bytes.Slice(FlowRecordLayout.OffsetOf(destination), FlowRecordLayout.SizeOf(destination)).CopyTo(bytes[FlowRecordLayout.OffsetOf(source)..]);
    }
}
