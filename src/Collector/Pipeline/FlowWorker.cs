using Collector.Aggregation;
using Collector.Enrichment;
using Collector.Enrichment.Networks;
using Collector.Flows;
using Collector.Flows.Templates.Saved;
using Collector.Maps;
using Collector.Maps.PreTag;
using Collector.Receiving;

namespace Collector.Pipeline;

/// <summary>
/// The corridor: datagram, decoder, records, enricher, tables. It owns its decoder state, its tables and its counters; nothing here takes a lock,
/// waits, or allocates per datagram. What leaves it are full tables, through one queue.
/// </summary>
/// <remarks>All methods are called by the one thread that owns the worker: the receiving thread, or one of a replay.</remarks>
public sealed class FlowWorker : IDisposable
{
    private const long DropReadingInterval = 1_000_000;
    private const long DrainMicroseconds = 1_000_000;
    private const long SaveInterval = 1_000_000;
    private const int MaxRefusedSources = 1_024;

    private readonly int _index;
    private readonly DatagramDecoder _decoder;
    private readonly FlowEnricher _enricher;
    private readonly OutputTable[] _outputs;
    private readonly Action<TableHandOver> _handOver;
    private readonly Action<OutputTable> _flushEarly;
    private readonly MapFile<AddressList>? _allowed;
    private readonly Tagger? _tagger;
    private readonly NetworkStage? _networks;
    private readonly FlowBatch _batch;
    private long _nextEvent = long.MinValue;
    private long _now;
    private ulong _datagrams;
    private long _offered;
    private long _turns;
    private long _leftAtStop;

    /// <summary>Puts a worker together; nothing happens before the first call.</summary>
    /// <param name="index">Index of the worker, from 0.</param>
    /// <param name="decoder">Its decoder.</param>
    /// <param name="enricher">Its enricher.</param>
    /// <param name="outputs">Its tables, in the order of the configuration.</param>
    /// <param name="handOver">The queue to the merger.</param>
    /// <param name="maps">The maps that hold for all outputs; null for none.</param>
    public FlowWorker(
        int index, DatagramDecoder decoder, FlowEnricher enricher, OutputTable[] outputs, Action<TableHandOver> handOver, MapSet? maps = null)
        : this(index, decoder, enricher, outputs, handOver, maps, null)
    {
    }

    /// <summary>The same where networks are resolved behind the map that all outputs share.</summary>
    internal FlowWorker(
        int index, DatagramDecoder decoder, FlowEnricher enricher, OutputTable[] outputs, Action<TableHandOver> handOver, MapSet? maps, NetworkStage? networks)
    {
        _index = index;
        _decoder = decoder;
        _enricher = enricher;
        _batch = new FlowBatch(rowBytes: decoder.Options.ExtraRowBytes);
        _outputs = outputs;
        _handOver = handOver;
        _flushEarly = FlushEarly;
        _allowed = maps?.Allowed;
        _tagger = maps?.PreTag is { } map ? new Tagger(map, decoder.Values) : null;
        _networks = networks;
    }

    /// <summary>Datagrams processed.</summary>
    public ulong Datagrams => _datagrams;

    /// <summary>Records offered to each output.</summary>
    public long OfferedRecords => Volatile.Read(ref _offered);

    /// <summary>The worker's decoder, for its counters.</summary>
    public DatagramDecoder Decoder => _decoder;

    /// <summary>The worker's enricher, for its counters.</summary>
    public FlowEnricher Enricher => _enricher;

    /// <summary>The worker's tables, for their counters.</summary>
    public IReadOnlyList<OutputTable> Outputs => _outputs;

    /// <summary>Sources that the allow file keeps out, with the datagrams refused; a table of its own, so that they take no place of those let in.</summary>
    public SourceTable Refused { get; } = new(MaxRefusedSources);

    /// <summary>Counters of the sources let in, and of those kept out.</summary>
    public IEnumerable<SourceTable> SourceTables => [_decoder.Sources, Refused];

    /// <summary>Takes what changes of templates, samplers and names; null: nothing is saved. Set before <see cref="Run"/>.</summary>
    public Action<SavedDomain>? SaveState { get; set; }

    /// <summary>Turns of the receiving loop, for the watchdog: at least ten a second while the worker is alive.</summary>
    public long Turns => Volatile.Read(ref _turns);

    /// <summary>Datagrams that were still queued when the time to drain them at stop was over.</summary>
    public long LeftAtStop => Volatile.Read(ref _leftAtStop);

    /// <summary>The corridor, live: receives, decodes and aggregates until told to stop, then drains the sockets and hands everything over.</summary>
    /// <param name="sockets">The worker's own sockets.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Looked at after every batch, and every 100 ms.</param>
    public void Run(WorkerSockets sockets, TimeProvider time, CancellationToken stop)
    {
        using var datagrams = new DatagramBatch();
        long nextDropReading = 0, nextSave = 0;
        while (!stop.IsCancellationRequested)
        {
            int received = sockets.Receive(datagrams);
            long now = Now(time);
            Tick(now, purge: true);
            ProcessAll(datagrams, received, now);
            _enricher.Quiesce();
            if (now >= nextDropReading)
            {
                sockets.ReadKernelDrops();
                nextDropReading = now + DropReadingInterval;
            }

            if (SaveState is { } save && now >= nextSave)
            {
                _decoder.TakeChanged(save, all: false);
                nextSave = now + SaveInterval;
            }

            Volatile.Write(ref _turns, _turns + 1);
        }

        Drain(sockets, datagrams, time);
    }

    // What the kernel had taken before the signal is decoded for up to a second; what is left after that is counted.
    private void Drain(WorkerSockets sockets, DatagramBatch datagrams, TimeProvider time)
    {
        long now = Now(time);
        long deadline = now + DrainMicroseconds;
        for (int received; now < deadline && (received = sockets.ReceiveQueued(datagrams)) > 0; now = Now(time))
        {
            ProcessAll(datagrams, received, now);
        }

        Volatile.Write(ref _leftAtStop, sockets.Shut(datagrams));
        Finish(now);
    }

    private void ProcessAll(DatagramBatch datagrams, int received, long now)
    {
        for (int i = 0; i < received; i++)
        {
            ReceivedDatagram datagram = datagrams[i];
            Process(new Datagram
            {
                Payload = datagram.Payload,
                Source = datagram.Source,
                SourcePort = datagram.SourcePort,
                ArrivalTime = now,
                Number = _datagrams,
            });
        }

        Flush();
    }

    private static long Now(TimeProvider time) => time.GetUtcNow().Subtract(DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Looks at the clock: moves the windows, and in live operation answers the purges that are due.</summary>
    /// <param name="now">Microseconds since the Unix epoch; may step back, which changes nothing until it has caught up.</param>
    /// <param name="purge">False in a replay, where the reader says when (<see cref="Purge"/>).</param>
    public void Tick(long now, bool purge)
    {
        _now = now;
        long seconds = now / 1_000_000;
        if (seconds < _nextEvent)
        {
            return;
        }

        // Records before this moment belong to the bins of before.
        Flush();
        _nextEvent = long.MaxValue;
        foreach (OutputTable output in _outputs)
        {
            output.Clock.Advance(seconds);
            if (purge && output.Clock.IsDue(seconds))
            {
                output.Clock.TakePurge(seconds, out long number, out long commit);
                HandOver(output, number, commit, early: false);
            }

            _nextEvent = Math.Min(_nextEvent, Math.Min(output.Clock.NextRollover, purge ? output.Clock.Deadline + 1 : long.MaxValue));
        }
    }

    /// <summary>Decodes one datagram and adds its records; they may stay in the batch until <see cref="Flush"/>.</summary>
    public void Process(in Datagram datagram)
    {
        _datagrams++;
        if (_allowed?.Current is { } allowed && !allowed.Contains(datagram.Source))
        {
            Refuse(datagram);
            return;
        }

        _decoder.Begin(datagram);
        while (_decoder.Continue(datagram, _batch))
        {
            Flush();
        }
    }

    /// <summary>Brings all records read so far into the tables and lets go of all routes: what changes in the routes from now on is for later datagrams.</summary>
    public void Settle()
    {
        Flush();
        _enricher.Quiesce();
    }

    /// <summary>Enriches the records of the batch and adds them to the table of every output.</summary>
    public void Flush()
    {
        Span<FlowRecord> records = _batch.Records;
        if (records.IsEmpty)
        {
            return;
        }

        _enricher.Enrich(records);
        Span<FlowRecord> tagged = _tagger is null ? records : _tagger.Apply(records);
        _networks?.Enrich(tagged);
        foreach (OutputTable output in _outputs)
        {
            output.Add(tagged, _tagger?.Tags, tagged.Length - records.Length, _flushEarly);
        }

        Volatile.Write(ref _offered, _offered + records.Length);
        _batch.Clear();
        if (_decoder.Values.WantsRotation)
        {
            RotateValues();
        }
    }

    /// <summary>Answers a purge of one output whose number and commit the caller knows: the reader's in a replay.</summary>
    public void Purge(int output, long number, long commit, long time)
    {
        Flush();
        _now = time;
        HandOver(_outputs[output], number, commit, early: false);
    }

    /// <summary>Hands over everything; the worker must not be used afterwards.</summary>
    public void Finish(long now)
    {
        Flush();
        _decoder.Finish();
        _now = now;
        foreach (OutputTable output in _outputs)
        {
            HandOver(output, long.MaxValue, long.MaxValue, early: false);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _enricher.Dispose();
        foreach (OutputTable output in _outputs)
        {
            output.Dispose();
        }
    }

    private void Refuse(in Datagram datagram)
    {
        SourceCounters counters = Refused.Get(datagram.Source, 0, 0, false, default, datagram.ArrivalTime);
        counters.Datagrams++;
        counters.Octets += datagram.Payload.Length;
        counters.LastSeen = datagram.ArrivalTime;
        counters.Count(DecodeFault.NotAllowed);
    }

    // The values are more than half full: all tables go with them, so that every handle is resolved by the snapshot it was given out from.
    private void RotateValues()
    {
        foreach (OutputTable output in _outputs)
        {
            FlushEarly(output);
        }

        _decoder.Values.Rotate();
    }

    private void FlushEarly(OutputTable output) => HandOver(output, 0, long.MaxValue, early: true);

    private void HandOver(OutputTable output, long number, long commit, bool early)
    {
        (AggregationTable table, ValueSnapshot values) = output.Take(early);
        _handOver(new TableHandOver
        {
            Output = output.Index,
            Worker = _index,
            Number = number,
            Commit = commit,
            Time = _now,
            Early = early,
            Table = table,
            Values = values,
        });
    }
}
