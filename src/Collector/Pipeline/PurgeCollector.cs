using System.Collections.Concurrent;
using Collector.Aggregation;

namespace Collector.Pipeline;

/// <summary>The end of the one queue: gathers the workers' answers to each numbered purge, merges them and hands the rows to the publishers.</summary>
/// <remarks>One thread. A purge is merged when every worker has answered it, or a later one.</remarks>
public sealed class PurgeCollector : IDisposable
{
    private readonly BlockingCollection<TableHandOver> _queue = [];
    private readonly OutputState[] _outputs;
    private readonly bool _isReplay;
    private readonly Thread _thread;
    private long _maxMergeMicroseconds;

    /// <summary>Puts the collector together; <see cref="Start"/> starts it.</summary>
    /// <param name="workers">Number of workers that answer.</param>
    /// <param name="outputs">Merger and publisher of each output, in the order of the configuration.</param>
    /// <param name="isReplay">In a replay nothing is dropped for want of room.</param>
    public PurgeCollector(int workers, IReadOnlyList<(PurgeMerger Merger, OutputPublisher Publisher)> outputs, bool isReplay)
    {
        _outputs = [.. outputs.Select(o => new OutputState(o.Merger, o.Publisher, workers))];
        _isReplay = isReplay;
        _thread = new Thread(Run) { Name = "merger", IsBackground = true };
    }

    /// <summary>The longest merge so far, in microseconds.</summary>
    public long MaxMergeMicroseconds => Volatile.Read(ref _maxMergeMicroseconds);

    /// <summary>Starts the merging thread.</summary>
    public void Start() => _thread.Start();

    /// <summary>Takes an answer; called by the workers, never waits.</summary>
    public void Accept(TableHandOver answer) => _queue.Add(answer);

    /// <summary>Waits until everything that was accepted has been merged and handed on. Call it after the last answer of every worker.</summary>
    public void Stop()
    {
        _queue.CompleteAdding();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Where a start failed half way there was no stop, and the thread still waits at the queue.
        Stop();
        _queue.Dispose();
        foreach (OutputState output in _outputs)
        {
            output.Merger.Dispose();
        }
    }

    private void Run()
    {
        foreach (TableHandOver answer in _queue.GetConsumingEnumerable())
        {
            OutputState output = _outputs[answer.Output];
            if (answer.Early)
            {
                output.Publisher.Offer(output.Merger.Single(answer, _isReplay), _isReplay);
                continue;
            }

            output.Waiting.Add(answer);
            output.Answered[answer.Worker] = answer.Number;
            long complete = output.Answered.Min();
            if (complete > output.Complete)
            {
                output.Complete = complete;
                Merge(output);
            }
        }
    }

    private void Merge(OutputState output)
    {
        List<TableHandOver> due = [.. output.Waiting.Where(a => a.Number <= output.Complete).OrderBy(a => a.Worker)];
        output.Waiting.RemoveAll(a => a.Number <= output.Complete);
        long started = TimeProvider.System.GetTimestamp();
        Purge purge = output.Merger.Merge(due, due.Max(a => a.Commit), due.Max(a => a.Time), _isReplay);
        long took = (long)TimeProvider.System.GetElapsedTime(started).TotalMicroseconds;
        _maxMergeMicroseconds = Math.Max(_maxMergeMicroseconds, took);
        output.Publisher.Offer(purge, _isReplay);
    }

    private sealed class OutputState(PurgeMerger merger, OutputPublisher publisher, int workers)
    {
        public PurgeMerger Merger { get; } = merger;

        public OutputPublisher Publisher { get; } = publisher;

        public long[] Answered { get; } = new long[workers];

        public List<TableHandOver> Waiting { get; } = [];

        public long Complete { get; set; }
    }
}
