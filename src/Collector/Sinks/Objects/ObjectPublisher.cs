using System.Threading.Channels;
using Collector.Configuration;
using Microsoft.Extensions.Logging;

namespace Collector.Sinks.Objects;

/// <summary>Takes objects from any thread and writes them on its own, so that a slow destination never holds a BGP session up.</summary>
/// <remarks>What does not fit in the backlog is dropped and counted: <c>offered = published + failed + dropped + queued</c>.</remarks>
public sealed class ObjectPublisher : IDisposable
{
    private static readonly TimeSpan IdleAfter = TimeSpan.FromMilliseconds(200), RoomInterval = TimeSpan.FromMilliseconds(20);

    private readonly Channel<ObjectBatch> _queue = Channel.CreateUnbounded<ObjectBatch>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ObjectSink _sink;
    private readonly ILogger _log;
    private readonly long _maxBytes;
    private readonly CancellationTokenSource _giveUp = new();
    private readonly Thread _thread;
    private long _bytes, _offered, _dropped;
    private volatile bool _reopen;

    private ObjectPublisher(string name, ObjectSink sink, long maxBytes, ILogger log)
    {
        Name = name;
        _sink = sink;
        _log = log;
        _maxBytes = maxBytes;
        _thread = new Thread(Run) { Name = name, IsBackground = true };
    }

    /// <summary>What is published, for messages and metrics.</summary>
    public string Name { get; }

    /// <summary>Objects offered since the start.</summary>
    public long Offered => Volatile.Read(ref _offered);

    /// <summary>Objects that the destination has taken.</summary>
    public long Published => _sink.Published;

    /// <summary>Objects that the destination did not take.</summary>
    public long Failed => _sink.Failed;

    /// <summary>Objects dropped because too much waited already.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>A publisher as configured; nothing is opened before <see cref="Start"/>.</summary>
    public static ObjectPublisher Create(string name, ObjectOutputOptions options, ILogger log, TimeProvider clock)
    {
        ObjectSink sink = options.Kafka is { } kafka ? new ObjectKafkaSink(name, kafka, log, clock) : new ObjectFileSink(name, options.LatestFile, log, clock);
        return new ObjectPublisher(name, sink, options.MaxBacklogBytes, log);
    }

    /// <summary>Opens the destination and starts the thread.</summary>
    /// <exception cref="Kafka.KafkaConfigurationException">librdkafka is missing or refuses a property.</exception>
    public void Start()
    {
        _sink.Start();
        _thread.Start();
    }

    /// <summary>Hands objects over; may be called by any thread.</summary>
    /// <returns>False when they were dropped.</returns>
    public bool Publish(ObjectBatch batch)
    {
        Interlocked.Add(ref _offered, batch.Count);
        if (Interlocked.Add(ref _bytes, batch.Bytes.Length) > _maxBytes || !_queue.Writer.TryWrite(batch))
        {
            Interlocked.Add(ref _bytes, -batch.Bytes.Length);
            Interlocked.Add(ref _dropped, batch.Count);
            return false;
        }

        return true;
    }

    /// <summary>Hands objects over once half of the backlog is free: for those who can wait, such as table dumps.</summary>
    /// <param name="batch">The objects.</param>
    /// <param name="stop">Ends the waiting; the objects are then dropped and counted if there is no room.</param>
    public void PublishWhenRoom(ObjectBatch batch, CancellationToken stop)
    {
        while (Interlocked.Read(ref _bytes) > _maxBytes / 2 && !stop.WaitHandle.WaitOne(RoomInterval))
        {
            // The thread of the publisher makes room.
        }

        Publish(batch);
    }

    /// <summary>Files are closed and opened anew, after what is queued now.</summary>
    public void Reopen() => _reopen = true;

    /// <summary>Writes what is queued and ends the thread.</summary>
    /// <param name="giveUp">What is not written when it is signalled is counted as failed.</param>
    public void Stop(CancellationToken giveUp)
    {
        if (!_queue.Writer.TryComplete() || !_thread.IsAlive)
        {
            return;
        }

        using CancellationTokenRegistration registration = giveUp.Register(_giveUp.Cancel);
        _thread.Join();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _giveUp.Cancel();
        Stop(CancellationToken.None);
        _sink.Dispose();
        _giveUp.Dispose();
    }

    private void Run()
    {
        ChannelReader<ObjectBatch> reader = _queue.Reader;
        bool lingering = false;
        while (true)
        {
            if (reader.TryRead(out ObjectBatch? batch))
            {
                Interlocked.Add(ref _bytes, -batch.Bytes.Length);
                Guard(() => _sink.Write(batch, _giveUp.Token));
                lingering = true;
                continue;
            }

            if (_reopen)
            {
                _reopen = false;
                Guard(_sink.Reopen);
            }

            if (lingering && !WaitToRead(reader, IdleAfter))
            {
                Guard(() => _sink.Idle(_giveUp.Token));
                lingering = false;
            }
            else if (!lingering && reader.Completion.IsCompleted)
            {
                return;
            }
            else if (!lingering)
            {
                _ = WaitToRead(reader, TimeSpan.FromSeconds(1));
            }
        }
    }

    // True when there is something to read within the time.
    private static bool WaitToRead(ChannelReader<ObjectBatch> reader, TimeSpan time)
    {
        ValueTask<bool> wait = reader.WaitToReadAsync();
        if (!wait.IsCompleted)
        {
            Task<bool> task = wait.AsTask();
            return task.Wait(time) && task.Result;
        }

        return wait.Result;
    }

    // The last line of defence of the thread: told, counted by the sink where it can, never the end of the collector.
    private void Guard(Action action)
    {
        try
        {
            action();
        }
#pragma warning disable CA1031 // Told, never swallowed.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Telemetry.Log.SinkFailed(_log, Name, exception);
        }
    }
}
