namespace Collector.Flows.Sequences;

/// <summary>The sequences of one source and domain: normally one, one per UDP port where two exporters share an address (NAT) and a domain.</summary>
/// <remarks>
/// Ports of one exporter may share a sequence, as when templates come from one and data from another. A port that is new joins the stream that it
/// continues, and gets one of its own when it continues none; that is no loss.
/// </remarks>
internal sealed class SequenceStreams(SequenceUnit unit, bool mayCountOther, SequenceCounters counters)
{
    private const int MaxPorts = 8;

    // How far ahead of a stream the first number of a new port may be for both to be one.
    private const int JoinDatagrams = 64, JoinRecords = 2_048;

    private readonly int _joinDistance = unit == SequenceUnit.Records ? JoinRecords : JoinDatagrams;
    private Entry[] _ports = [];
    private int _last = -1;
    private uint _clock;

    /// <summary>Takes the next datagram of a port.</summary>
    internal void Observe(ushort port, in SequencePoint point)
    {
        int index = _last >= 0 && _ports[_last].Port == port ? _last : Find(port, point);
        _last = index;
        ref Entry entry = ref _ports[index];
        entry.LastUsed = ++_clock;
        if (_ports.Length > 1 && !entry.Tracker.Fits(point) && IsShared(entry.Tracker, index))
        {
            entry.Tracker = new SequenceTracker(unit, mayCountOther, counters);
        }

        entry.Tracker.Observe(point);
    }

    /// <summary>Nothing more will come.</summary>
    internal void End()
    {
        foreach (Entry entry in _ports)
        {
            entry.Tracker.End();
        }
    }

    private int Find(ushort port, in SequencePoint point)
    {
        for (int i = 0; i < _ports.Length; i++)
        {
            if (_ports[i].Port == port)
            {
                return i;
            }
        }

        SequenceTracker? joined = null;
        foreach (Entry entry in _ports)
        {
            int ahead = entry.Tracker.Ahead(point.Sequence);
            if (ahead >= 0 && ahead <= _joinDistance)
            {
                joined = entry.Tracker;
                break;
            }
        }

        int index = MakeRoom(out SequenceTracker? free);
        _ports[index] = new Entry { Port = port, Tracker = joined ?? free ?? new SequenceTracker(unit, mayCountOther, counters) };
        return index;
    }

    private int MakeRoom(out SequenceTracker? free)
    {
        free = null;
        if (_ports.Length < MaxPorts)
        {
            Array.Resize(ref _ports, _ports.Length + 1);
            return _ports.Length - 1;
        }

        int oldest = 0;
        for (int i = 1; i < _ports.Length; i++)
        {
            oldest = _clock - _ports[i].LastUsed > _clock - _ports[oldest].LastUsed ? i : oldest;
        }

        if (!IsShared(_ports[oldest].Tracker, oldest))
        {
            free = _ports[oldest].Tracker;
            free.End();
        }

        return oldest;
    }

    private bool IsShared(SequenceTracker tracker, int except)
    {
        for (int i = 0; i < _ports.Length; i++)
        {
            if (i != except && ReferenceEquals(_ports[i].Tracker, tracker))
            {
                return true;
            }
        }

        return false;
    }

    private struct Entry
    {
        public ushort Port;
        public uint LastUsed;
        public SequenceTracker Tracker;
    }
}
