using System.Collections.Concurrent;
using Collector.Flows;
using Collector.Pipeline;

namespace Collector.Replay;

/// <summary>One worker of a replay on a thread of its own, fed through a short queue of batches.</summary>
internal sealed class ReplayLane : IDisposable
{
    private const int QueuedBatches = 4;

    private readonly FlowWorker _worker;
    private readonly BlockingCollection<ReplayBatch> _filled = new(QueuedBatches);
    private readonly ConcurrentBag<ReplayBatch> _empty = [];
    private readonly Thread _thread;
    private ReplayBatch _current = new();
    private readonly ManualResetEventSlim _settled = new();
    private bool _hasMore;
    private Exception? _failure;

    public ReplayLane(FlowWorker worker, int index)
    {
        _worker = worker;
        _thread = new Thread(Run) { Name = $"replay {index}", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Takes a datagram; waits when the worker is too far behind.</summary>
    public void Add(in CapturedDatagram datagram, long clock)
    {
        if (!_current.HasRoomFor(datagram.Payload.Length))
        {
            Send();
        }

        _current.Add(datagram, clock);
        _hasMore = true;
    }

    /// <summary>Returns when the worker is done with all it was given, and holds no route.</summary>
    public void Settle()
    {
        if (!_hasMore)
        {
            return;
        }

        _hasMore = false;
        _settled.Reset();
        _current.Settles = true;
        Send();
        _settled.Wait();
    }

    /// <summary>Takes a marker.</summary>
    public void AddMarker(int output, long number, long commit, long clock)
    {
        if (!_current.HasRoomFor(0))
        {
            Send();
        }

        _current.AddMarker(output, number, commit, clock);
    }

    /// <summary>Sends what is waiting and ends the thread.</summary>
    /// <exception cref="InvalidOperationException">The worker failed: a bug of ours, never the capture's.</exception>
    public void Finish()
    {
        Send();
        _filled.CompleteAdding();
        _thread.Join();
        if (_failure is not null)
        {
            throw new InvalidOperationException("A replay worker failed.", _failure);
        }
    }

    public void Dispose()
    {
        _filled.Dispose();
        _settled.Dispose();
    }

    private void Send()
    {
        _filled.Add(_current);
        _current = _empty.TryTake(out ReplayBatch? reused) ? reused : new ReplayBatch();
    }

    private void Run()
    {
        foreach (ReplayBatch batch in _filled.GetConsumingEnumerable())
        {
            try
            {
                if (_failure is null)
                {
                    Process(batch);
                    if (batch.Settles)
                    {
                        _worker.Settle();
                    }
                }
            }
#pragma warning disable CA1031 // Told by Finish; until then the queue must go on being emptied.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                _failure = exception;
            }

            bool settles = batch.Settles;
            batch.Clear();
            _empty.Add(batch);
            if (settles)
            {
                _settled.Set();
            }
        }
    }

    private void Process(ReplayBatch batch)
    {
        foreach (ref readonly ReplayBatch.Item item in batch.Items)
        {
            if (item.Output >= 0)
            {
                _worker.Purge(item.Output, (long)item.Number, item.Commit, item.Clock);
                continue;
            }

            _worker.Tick(item.Clock, purge: false);
            _worker.Process(new Datagram
            {
                Payload = batch.PayloadOf(item),
                Source = item.Source,
                SourcePort = item.SourcePort,
                ArrivalTime = item.Time,
                Number = item.Number,
            });
        }
    }
}
