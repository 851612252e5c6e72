using System.Buffers;
using Collector.Configuration;
using Collector.Flows.SFlow;
using Collector.Net;
using Collector.Sinks;
using Microsoft.Extensions.Logging;

namespace Collector.SFlowCounters;

/// <summary>Takes the counters that the workers hand over and publishes each as it comes, as pmacct's sfacctd_counter_output does: to files, to Kafka.</summary>
/// <remarks>Live it has a thread of its own that looks ten times a second; a replay calls <see cref="Drain"/> after every datagram instead.</remarks>
public sealed class CounterPublisher : IDisposable
{
    /// <summary>Sub-agents known to have been told of; beyond, all are told of once more.</summary>
    private const int MaxAgents = 65_536;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly IReadOnlyList<CounterQueue> _queues;
    private readonly CounterObjectWriter _writer;
    private readonly CounterFiles? _files;
    private readonly CounterTopic? _topic;
    private readonly ArrayBufferWriter<byte> _object = new(4_096);
    private readonly HashSet<(IpAddress Agent, uint SubAgent)> _agents = [];
    private readonly ManualResetEventSlim _stop = new();
    private readonly CancellationTokenSource _giveUp = new();
    private readonly Action<Exception>? _failed;
    private readonly Thread _thread;
    private volatile bool _reopen;
    private long _sequence;
    private long _fileObjects;
    private long _fileLosses;

    /// <summary>Puts a publisher together; nothing is opened yet.</summary>
    /// <param name="options">Where objects go and how times are printed.</param>
    /// <param name="queues">One of each worker.</param>
    /// <param name="log">Where losses are told.</param>
    /// <param name="time">The clock.</param>
    /// <param name="failed">Told of an exception, which is a bug of ours.</param>
    public CounterPublisher(
        SFlowCounterOptions options, IReadOnlyList<CounterQueue> queues, ILogger log, TimeProvider time, Action<Exception>? failed = null)
    {
        _queues = queues;
        _failed = failed;
        _writer = new CounterObjectWriter(options.Text);
        _files = options.File is { } path ? new CounterFiles(path, new LossLog("sflow_counters", log, time)) : null;
        _topic = options.Kafka is { } kafka ? new CounterTopic(kafka, log, time) : null;
        _thread = new Thread(Run) { Name = "sflow counters", IsBackground = true };
    }

    /// <summary>Objects made so far, the one that tells of a sub-agent included.</summary>
    public long Objects => Volatile.Read(ref _sequence);

    /// <summary>Objects written to files.</summary>
    public long FileObjects => Volatile.Read(ref _fileObjects);

    /// <summary>Objects that could not be written to a file.</summary>
    public long FileLosses => Volatile.Read(ref _fileLosses);

    /// <summary>Objects that Kafka has taken.</summary>
    public long KafkaObjects => _topic?.Published ?? 0;

    /// <summary>Objects that Kafka did not take.</summary>
    public long KafkaLosses => _topic?.Lost ?? 0;

    /// <summary>Connects to Kafka, without the thread.</summary>
    /// <exception cref="Sinks.Kafka.KafkaConfigurationException">librdkafka is missing or refuses a property.</exception>
    public void Open() => _topic?.Start();

    /// <summary>Connects to Kafka and starts the thread.</summary>
    /// <exception cref="Sinks.Kafka.KafkaConfigurationException">librdkafka is missing or refuses a property.</exception>
    public void Start()
    {
        Open();
        _thread.Start();
    }

    /// <summary>SIGHUP: files are closed, and opened anew with the next object.</summary>
    public void Reopen() => _reopen = true;

    /// <summary>Publishes what waits in the queues. Called by one thread only.</summary>
    public void Drain()
    {
        if (_reopen)
        {
            _reopen = false;
            _files?.Reopen();
        }

        foreach (CounterQueue queue in _queues)
        {
            while (queue.TryTake(out CounterRecord record))
            {
                Publish(ref record);
            }
        }
    }

    /// <summary>Publishes what is left and ends; the workers must have ended before.</summary>
    /// <param name="giveUp">Signalled when what Kafka has not taken yet is to be given up and counted.</param>
    public void Stop(CancellationToken giveUp)
    {
        using CancellationTokenRegistration registration = giveUp.Register(_giveUp.Cancel);
        _stop.Set();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        Drain();
        _topic?.Drain(_giveUp.Token);
        _files?.Reopen();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _giveUp.Cancel();
        _stop.Set();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        _files?.Dispose();
        _topic?.Dispose();
        _stop.Dispose();
        _giveUp.Dispose();
    }

    private void Run()
    {
        try
        {
            while (!_stop.Wait(Interval))
            {
                Drain();
                _topic?.Serve();
            }
        }
#pragma warning disable CA1031 // Whatever it is: the process must hear of it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _failed?.Invoke(exception);
        }
    }

    private void Publish(ref CounterRecord record)
    {
        if (_agents.Count == MaxAgents)
        {
            _agents.Clear();
        }

        if (_agents.Add((record.Agent, record.SubAgent)))
        {
            _object.ResetWrittenCount();
            _writer.WriteInit(_sequence, record, _object);
            Send(record.Agent);
        }

        if (record.Format != CounterFormat.None)
        {
            _object.ResetWrittenCount();
            _writer.Write(_sequence, ref record, _object);
            Send(record.Agent);
        }
    }

    private void Send(IpAddress agent)
    {
        Volatile.Write(ref _sequence, _sequence + 1);
        _topic?.Send(agent, _object.WrittenSpan, _giveUp.Token);
        if (_files is null)
        {
            return;
        }

        _object.Write("\n"u8);
        if (_files.TryWrite(agent, _object.WrittenSpan))
        {
            Volatile.Write(ref _fileObjects, _fileObjects + 1);
        }
        else
        {
            Volatile.Write(ref _fileLosses, _fileLosses + 1);
        }
    }
}
