using System.Collections.Concurrent;
using System.Diagnostics;
using Collector.Aggregation;
using Collector.Sinks;
using Collector.Sinks.Triggers;
using Collector.Telemetry;

namespace Collector.Pipeline;

/// <summary>The publishing side of one output: a bounded queue of purges, a thread, a sink.</summary>
/// <remarks>Beyond the bounds the newest purge is dropped whole and counted: a slow destination is never felt by the workers (DESIGN §4).</remarks>
public sealed class OutputPublisher : IDisposable
{
    private static readonly TimeSpan EndOfThread = TimeSpan.FromSeconds(10);

    private readonly IFlowSink _sink;
    private readonly int _maxPurges;
    private readonly long _maxBytes;
    private readonly BlockingCollection<(Purge Purge, PublishResult Sums)> _queue = [];
    private readonly CancellationTokenSource _giveUp = new();
    private readonly Thread _thread;
    private readonly Action<Exception> _failed;
    private long _queuedBytes;
    private long _queuedPurges;
    private long _queuedRecords;
    private long _queuedRows;
    private long _queuedPackets;
    private long _queuedOctets;
    private volatile bool _reopen;
    private PublishResult _published;
    private PublishResult _backlog;

    /// <summary>Puts a publisher together; <see cref="Start"/> starts it.</summary>
    /// <param name="name">Name of the output.</param>
    /// <param name="sink">Where the rows go; the publisher disposes of it.</param>
    /// <param name="maxPurges">Purges that may wait.</param>
    /// <param name="maxBytes">Bytes that waiting purges may hold.</param>
    /// <param name="failed">Told of an exception in a sink, which is a bug of ours: the purge is counted as lost and publishing goes on.</param>
    public OutputPublisher(string name, IFlowSink sink, int maxPurges, long maxBytes, Action<Exception> failed)
    {
        Name = name;
        _sink = sink;
        _maxPurges = maxPurges;
        _maxBytes = maxBytes;
        _failed = failed;
        _thread = new Thread(Run) { Name = $"output {name}", IsBackground = true };
    }

    /// <summary>Name of the output.</summary>
    public string Name { get; }

    /// <summary>Started after each purge on time that has rows; null for none.</summary>
    public PurgeTrigger? Trigger { get; init; }

    /// <summary>The trigger is started after empty purges too: a file has been written all the same, and for Kafka pmacct starts it at every refresh.</summary>
    public bool TriggersWhenEmpty { get; init; }

    /// <summary>Tells of purges in pmacct's words; null: nobody is told. Set before <see cref="Start"/>.</summary>
    public PmacctPurgeLog? PurgeLog { get; set; }

    /// <summary>Totals of all purges published; written by the publishing thread.</summary>
    public PublishResult Published => _published;

    /// <summary>Dropped because too many purges were waiting; written by the merging thread.</summary>
    public PublishResult Backlog => _backlog;

    /// <summary>Purges that wait or are being published.</summary>
    public long QueuedPurges => Volatile.Read(ref _queuedPurges);

    /// <summary>Sums of the purges that wait or are being published, in the Published fields.</summary>
    public PublishResult Queued => new()
    {
        PublishedRows = Volatile.Read(ref _queuedRows),
        PublishedRecords = Volatile.Read(ref _queuedRecords),
        PublishedPackets = Volatile.Read(ref _queuedPackets),
        PublishedOctets = Volatile.Read(ref _queuedOctets),
    };

    /// <summary>Opens the sink and starts the thread.</summary>
    public void Start()
    {
        _sink.Start();
        _thread.Start();
    }

    /// <summary>Hands a purge to the publishing thread, or drops and counts it.</summary>
    /// <param name="purge">The purge, now owned by the publisher.</param>
    /// <param name="inline">True in a replay: published before the method returns, so that nothing is dropped and outputs keep their order.</param>
    public void Offer(Purge purge, bool inline)
    {
        PublishResult sums = SumOf(purge);
        if (inline)
        {
            Publish(purge, sums);
            return;
        }

        if (QueuedPurges >= _maxPurges || (QueuedPurges > 0 && Volatile.Read(ref _queuedBytes) + purge.Bytes > _maxBytes))
        {
            Add(ref _backlog, default, sums);
            PurgeLog?.Dropped();
            purge.Dispose();
            return;
        }

        Count(sums, purge.Bytes, 1);
        _queue.Add((purge, sums));
    }

    /// <summary>Files are closed and opened anew before the next purge.</summary>
    public void Reopen() => _reopen = true;

    /// <summary>Publishes what waits and stops.</summary>
    /// <param name="giveUp">Signalled when the sink must give up what it has not delivered, and count it.</param>
    public void Stop(CancellationToken giveUp)
    {
        _queue.CompleteAdding();
        using CancellationTokenRegistration registration = giveUp.Register(_giveUp.Cancel);
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        Trigger?.WaitAtStop(_giveUp.Token);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Without Stop before, as when the start fails half way: what waits is given up.
        _giveUp.Cancel();
        _queue.CompleteAdding();
        if (_thread.IsAlive)
        {
            _thread.Join(EndOfThread);
        }

        _sink.Dispose();
        _queue.Dispose();
        _giveUp.Dispose();
    }

    private void Run()
    {
        foreach ((Purge purge, PublishResult sums) in _queue.GetConsumingEnumerable())
        {
            if (_reopen)
            {
                _reopen = false;
                _sink.Reopen();
            }

            long bytes = purge.Bytes;
            Publish(purge, sums);
            Count(sums, bytes, -1);
        }
    }

    private void Count(PublishResult sums, long bytes, int sign)
    {
        Interlocked.Add(ref _queuedBytes, sign * bytes);
        Interlocked.Add(ref _queuedRows, sign * sums.PublishedRows);
        Interlocked.Add(ref _queuedRecords, sign * sums.PublishedRecords);
        Interlocked.Add(ref _queuedPackets, sign * sums.PublishedPackets);
        Interlocked.Add(ref _queuedOctets, sign * sums.PublishedOctets);
        Interlocked.Add(ref _queuedPurges, sign);
    }

    private void Publish(Purge purge, PublishResult sums)
    {
        long begun = Stopwatch.GetTimestamp();
        PublishResult result = default;
        PurgeLog?.Start();
        try
        {
            result = _sink.Publish(purge, _giveUp.Token);
            Add(ref _published, result, default);
            if (!purge.IsEarly && (purge.Count > 0 || purge.HasDropped || TriggersWhenEmpty))
            {
                Trigger?.Start();
            }
        }
#pragma warning disable CA1031 // Whatever a sink throws, the next purge must still be published.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Add(ref _published, default, sums);
            _failed(exception);
        }

        PurgeLog?.End(result.PublishedRows, sums.PublishedRows, Stopwatch.GetElapsedTime(begun));
        purge.Dispose();
    }

    // `lost` carries its sums in the Published fields, as SumOf gives them.
    private static void Add(ref PublishResult total, PublishResult result, PublishResult lost)
    {
        total.PublishedRows += result.PublishedRows;
        total.PublishedRecords += result.PublishedRecords;
        total.PublishedPackets += result.PublishedPackets;
        total.PublishedOctets += result.PublishedOctets;
        total.LostRows += result.LostRows + lost.PublishedRows;
        total.LostRecords += result.LostRecords + lost.PublishedRecords;
        total.LostPackets += result.LostPackets + lost.PublishedPackets;
        total.LostOctets += result.LostOctets + lost.PublishedOctets;
    }

    private static PublishResult SumOf(Purge purge)
    {
        PublishResult sum = default;
        for (int i = 0; i < purge.Count; i++)
        {
            ref readonly AggregateEntry entry = ref purge[i].Entry;
            sum.PublishedRows++;
            sum.PublishedRecords += entry.Records;
            sum.PublishedPackets += (long)entry.Packets;
            sum.PublishedOctets += (long)entry.Octets;
        }

        return sum;
    }
}
