using Collector.Configuration;
using Collector.Receiving;

namespace Collector.Pipeline;

/// <summary>The whole corridor in live operation: sockets, one thread per worker, merger, publishers.</summary>
/// <remarks>Made, started and stopped by one thread; counters may be read by any.</remarks>
public sealed class LiveCorridor : IDisposable
{
    private readonly CollectorOptions _options;
    private readonly IReadOnlyList<OutputBlueprint> _outputs;
    private readonly TimeProvider _time;
    private readonly Action<string, Exception> _sinkFailed;
    private readonly Action<int, Exception> _workerFailed;
    private readonly CancellationTokenSource _stop = new();
    private Thread[] _threads = [];
    private long[] _lastTurns = [];

    /// <summary>Takes the configuration; nothing is opened yet.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="outputs">The compiled outputs.</param>
    /// <param name="time">The clock.</param>
    /// <param name="sinkFailed">Told of an exception in a sink.</param>
    /// <param name="workerFailed">Told of an exception in a worker, which ends that worker: the process must stop.</param>
    public LiveCorridor(
        CollectorOptions options, IReadOnlyList<OutputBlueprint> outputs, TimeProvider time, Action<string, Exception> sinkFailed, Action<int, Exception> workerFailed)
    {
        _options = options;
        _outputs = outputs;
        _time = time;
        _sinkFailed = sinkFailed;
        _workerFailed = workerFailed;
    }

    /// <summary>The sockets; null before <see cref="Start"/>.</summary>
    public ReceiveSockets? Sockets { get; private set; }

    /// <summary>Workers, merger and publishers; null before <see cref="Start"/>.</summary>
    public PipelineParts? Parts { get; private set; }

    /// <summary>Opens the sinks, binds the sockets and starts all threads.</summary>
    /// <exception cref="ListenException">An address cannot be used.</exception>
    public void Start()
    {
        Parts = PipelineParts.Build(_options, _outputs, _options.Workers, _time.GetUtcNow().ToUnixTimeSeconds(), isReplay: false, _sinkFailed);
        Sockets = ReceiveSockets.Open(_options.Listen, _options.Workers, _options.ReceiveBufferBytes, _options.SharePort);
        foreach (OutputPublisher publisher in Parts.Publishers)
        {
            publisher.Start();
        }

        Parts.Collector.Start();
        _lastTurns = new long[_options.Workers];
        _threads = [.. Parts.Workers.Select((worker, i) => new Thread(() => Run(worker, i)) { Name = $"worker {i}", IsBackground = true })];
        foreach (Thread thread in _threads)
        {
            thread.Start();
        }
    }

    /// <summary>True when every worker has gone round its loop since the last call: then the watchdog may be fed.</summary>
    public bool HasTurned()
    {
        bool all = true;
        for (int i = 0; i < _lastTurns.Length; i++)
        {
            long turns = Parts!.Workers[i].Turns;
            all &= turns != _lastTurns[i];
            _lastTurns[i] = turns;
        }

        return all;
    }

    /// <summary>Files are closed and opened anew.</summary>
    public void Reopen()
    {
        foreach (OutputPublisher publisher in Parts?.Publishers ?? [])
        {
            publisher.Reopen();
        }
    }

    /// <summary>Drains the sockets, publishes every window and ends all threads.</summary>
    /// <param name="patience">How long an output may take to publish what is left before it must give up and count it.</param>
    public void Stop(TimeSpan patience)
    {
        _stop.Cancel();
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }

        Parts?.Collector.Stop();
        foreach (OutputPublisher publisher in Parts?.Publishers ?? [])
        {
            publisher.Stop(patience);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Sockets?.Dispose();
        Parts?.Dispose();
        _stop.Dispose();
    }

    private void Run(FlowWorker worker, int index)
    {
        try
        {
            worker.Run(Sockets!.ForWorker(index), _time, _stop.Token);
        }
#pragma warning disable CA1031 // The last line of defence of a thread: told, never swallowed.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _workerFailed(index, exception);
        }
    }
}
