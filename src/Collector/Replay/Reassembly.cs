namespace Collector.Replay;

/// <summary>The bytes of one fragmented datagram, as far as they have come; reused for the next.</summary>
internal sealed class Reassembly
{
    /// <summary>Largest payload of an IP packet, in bytes.</summary>
    public const int MaxLength = 65_535;

    /// <summary>Most separate runs of bytes: in order there is one, with every second fragment missing from 64 KB at 1,280 bytes there are 26.</summary>
    private const int MaxRuns = 64;

    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(MaxLength);
    private readonly int[] _starts = new int[MaxRuns];
    private readonly int[] _ends = new int[MaxRuns];
    private int _runs;
    private int _total;

    /// <summary>What adding a fragment did.</summary>
    internal enum Outcome
    {
        /// <summary>Taken, more is missing.</summary>
        Taken,

        /// <summary>All of it was there already.</summary>
        Duplicate,

        /// <summary>The datagram is whole.</summary>
        Complete,

        /// <summary>It overlaps other bytes in part, or contradicts the known end.</summary>
        Overlap,

        /// <summary>There would be too many separate runs.</summary>
        TooManyRuns,
    }

    /// <summary>Capture time of the first fragment, microseconds.</summary>
    public long Begun { get; private set; }

    /// <summary>Protocol of the whole, as the fragment with offset 0 says (RFC 8200 §4.5).</summary>
    public byte Protocol { get; private set; }

    /// <summary>The one begun before, among those open; kept by <see cref="FragmentTable"/>.</summary>
    public Reassembly? Older { get; set; }

    /// <summary>The one begun after, among those open; kept by <see cref="FragmentTable"/>.</summary>
    public Reassembly? Newer { get; set; }

    /// <summary>Whose datagram it is.</summary>
    public FragmentKey Key { get; private set; }

    /// <summary>The whole payload, once complete.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _total);

    /// <summary>Starts anew.</summary>
    public void Begin(FragmentKey key, long time)
    {
        Key = key;
        Begun = time;
        Protocol = 0;
        _runs = 0;
        _total = -1;
    }

    /// <summary>Puts a fragment in its place, by the rules of Linux: what is wholly known already is a duplicate, any other overlap spoils the datagram.</summary>
    /// <param name="offset">0 to 65,528.</param>
    /// <param name="bytes">At least one byte; offset and length together at most <see cref="MaxLength"/>.</param>
    /// <param name="isLast">True when no more bytes follow.</param>
    /// <param name="protocol">What the fragment says the whole is.</param>
    public Outcome Add(int offset, ReadOnlySpan<byte> bytes, bool isLast, byte protocol)
    {
        int end = offset + bytes.Length;
        if (isLast ? (_total >= 0 && end != _total) || (_runs > 0 && _ends[_runs - 1] > end) : _total >= 0 && end > _total)
        {
            return Outcome.Overlap;
        }

        // The first run that ends at or beyond the offset: the only one that can hold the fragment or be extended by it.
        int run = 0;
        while (run < _runs && _ends[run] < offset)
        {
            run++;
        }

        if (run < _runs && _starts[run] <= offset && end <= _ends[run])
        {
            _total = isLast ? end : _total;
            return IsComplete ? Outcome.Complete : Outcome.Duplicate;
        }

        bool extends = run < _runs && _ends[run] == offset;
        int next = extends ? run + 1 : run;
        if (next < _runs && _starts[next] < end)
        {
            return Outcome.Overlap;
        }

        if (!Merge(run, extends, next < _runs && _starts[next] == end, offset, end))
        {
            return Outcome.TooManyRuns;
        }

        bytes.CopyTo(_bytes.AsSpan(offset));
        _total = isLast ? end : _total;
        Protocol = offset == 0 ? protocol : Protocol;
        return IsComplete ? Outcome.Complete : Outcome.Taken;
    }

    private bool IsComplete => _runs == 1 && _starts[0] == 0 && _ends[0] == _total;

    private bool Merge(int run, bool extends, bool touchesNext, int offset, int end)
    {
        if (extends && touchesNext)
        {
            _ends[run] = _ends[run + 1];
            Move(run + 2, run + 1);
        }
        else if (extends)
        {
            _ends[run] = end;
        }
        else if (touchesNext)
        {
            _starts[run] = offset;
        }
        else if (_runs == MaxRuns)
        {
            return false;
        }
        else
        {
            Move(run, run + 1);
            _starts[run] = offset;
            _ends[run] = end;
        }

        return true;
    }

    private void Move(int from, int to)
    {
        _starts.AsSpan(from, _runs - from).CopyTo(_starts.AsSpan(to));
        _ends.AsSpan(from, _runs - from).CopyTo(_ends.AsSpan(to));
        _runs += to - from;
    }
}
