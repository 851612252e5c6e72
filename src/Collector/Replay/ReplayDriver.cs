using Collector.Aggregation;
using Collector.Flows;
using Collector.Pipeline;

namespace Collector.Replay;

/// <summary>
/// Plays a capture through the workers: it numbers the packets, owns the clock (the largest capture time so far) and sets the purges as markers
/// that all workers meet at the same packet. The same capture therefore gives the same rows for any number of workers.
/// </summary>
/// <remarks>One thread reads; with one worker it also decodes, with more each worker has a thread.</remarks>
public sealed class ReplayDriver : IDisposable
{
    private readonly CaptureReader _reader;
    private readonly IReadOnlyList<FlowWorker> _workers;
    private readonly IReadOnlyList<WindowClock> _clocks;
    private readonly Func<Net.IpAddress, int> _workerOf;
    private readonly ReplayLane[] _lanes;
    private long _nextDeadline = long.MinValue;

    /// <summary>Puts the driver together.</summary>
    /// <param name="reader">The captures.</param>
    /// <param name="workers">The workers.</param>
    /// <param name="clocks">A clock for each output, started like those of the workers: the reader's own.</param>
    /// <param name="workerOf">Names the worker of a source, as the kernel's steering would.</param>
    public ReplayDriver(CaptureReader reader, IReadOnlyList<FlowWorker> workers, IReadOnlyList<WindowClock> clocks, Func<Net.IpAddress, int> workerOf)
    {
        _reader = reader;
        _workers = workers;
        _clocks = clocks;
        _workerOf = workerOf;
        _lanes = workers.Count == 1 ? [] : [.. workers.Select((w, i) => new ReplayLane(w, i))];
    }

    /// <summary>Plays one datagram.</summary>
    public void Play(in CapturedDatagram datagram)
    {
        long clock = _reader.LatestTime;
        if (clock / 1_000_000 > _nextDeadline)
        {
            SetMarkers(clock);
        }

        if (_lanes.Length > 0)
        {
            _lanes[_workerOf(datagram.Source)].Add(datagram, clock);
            return;
        }

        FlowWorker worker = _workers[0];
        worker.Tick(clock, purge: false);
        worker.Process(new Datagram
        {
            Payload = datagram.Payload,
            Source = datagram.Source,
            SourcePort = datagram.SourcePort,
            ArrivalTime = datagram.Time,
            Number = datagram.Number,
        });
    }

    /// <summary>Returns when all workers are done with all datagrams played so far, so that routes may change.</summary>
    public void Settle()
    {
        foreach (ReplayLane lane in _lanes)
        {
            lane.Settle();
        }

        if (_lanes.Length == 0)
        {
            _workers[0].Settle();
        }
    }

    /// <summary>Ends the replay: everything that is left is handed over, at the capture time of the last packet.</summary>
    public void Finish()
    {
        foreach (ReplayLane lane in _lanes)
        {
            lane.Finish();
        }

        foreach (FlowWorker worker in _workers)
        {
            worker.Finish(_reader.LatestTime);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ReplayLane lane in _lanes)
        {
            lane.Dispose();
        }
    }

    private void SetMarkers(long clock)
    {
        long seconds = clock / 1_000_000;
        _nextDeadline = long.MaxValue;
        for (int output = 0; output < _clocks.Count; output++)
        {
            WindowClock window = _clocks[output];
            window.Advance(seconds);
            if (window.IsDue(seconds))
            {
                window.TakePurge(seconds, out long number, out long commit);
                Mark(output, number, commit, clock);
            }

            _nextDeadline = Math.Min(_nextDeadline, Math.Min(window.Deadline, window.NextRollover - 1));
        }
    }

    private void Mark(int output, long number, long commit, long clock)
    {
        foreach (ReplayLane lane in _lanes)
        {
            lane.AddMarker(output, number, commit, clock);
        }

        if (_lanes.Length == 0)
        {
            _workers[0].Purge(output, number, commit, clock);
        }
    }
}
