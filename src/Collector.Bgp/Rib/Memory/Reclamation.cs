namespace Collector.Bgp.Rib.Memory;

/// <summary>
/// Keeps what the writer has unlinked until every reader has passed a quiescent point: then nobody can hold it any more, and it is used again.
/// </summary>
/// <remarks>
/// Each retired thing carries the number of the epoch that begins after it was unlinked. A reader that has seen this epoch saw the unlinking too.
/// All methods but <see cref="ReaderEpoch.See"/> are called under the writer lock.
/// </remarks>
internal sealed class Reclamation
{
    private const int RetirementsPerEpoch = 128;

    private readonly Queue<Retired> _retired = new();
    private readonly List<ReaderEpoch> _readers = [];
    private long _epoch = 1;
    private int _sinceAdvance;
    private long _waiting;

    private readonly record struct Retired(long Epoch, Action<uint> Free, uint Handle);

    public long Epoch => Volatile.Read(ref _epoch);

    /// <summary>Things that wait for readers.</summary>
    public long Waiting => Volatile.Read(ref _waiting);

    public ReaderEpoch AddReader()
    {
        var reader = new ReaderEpoch(this);
        _readers.Add(reader);
        return reader;
    }

    public void RemoveReader(ReaderEpoch reader) => _readers.Remove(reader);

    /// <summary>Takes something that no new lookup can reach.</summary>
    /// <param name="free">What to do when nobody holds it any more; made once, not per call.</param>
    /// <param name="handle">Which one.</param>
    public void Retire(Action<uint> free, uint handle)
    {
        _retired.Enqueue(new Retired(_epoch + 1, free, handle));
        Volatile.Write(ref _waiting, _retired.Count);
        if (++_sinceAdvance >= RetirementsPerEpoch)
        {
            Advance();
        }
    }

    /// <summary>Begins a new epoch and frees what all readers have left behind.</summary>
    public void Advance()
    {
        _sinceAdvance = 0;
        Volatile.Write(ref _epoch, _epoch + 1);
        long oldest = _epoch;
        foreach (ReaderEpoch reader in _readers)
        {
            oldest = Math.Min(oldest, reader.Seen);
        }

        while (_retired.TryPeek(out Retired first) && first.Epoch <= oldest)
        {
            _retired.Dequeue();
            first.Free(first.Handle);
        }

        Volatile.Write(ref _waiting, _retired.Count);
        if (_retired.Count == 0 && _retired.Capacity > 4096)
        {
            _retired.TrimExcess();
        }
    }

    /// <summary>Frees everything without waiting: the table is being disposed.</summary>
    public void FreeAll()
    {
        while (_retired.TryDequeue(out Retired first))
        {
            first.Free(first.Handle);
        }
    }
}

/// <summary>The newest epoch of which one reader holds nothing older.</summary>
internal sealed class ReaderEpoch(Reclamation owner)
{
#pragma warning disable CS0169, IDE0051 // Keeps the number of one thread off the cache lines of others.
    private readonly long _before0, _before1, _before2, _before3, _before4, _before5, _before6;
    private long _seen = owner.Epoch;
    private readonly long _after0, _after1, _after2, _after3, _after4, _after5, _after6;
#pragma warning restore CS0169, IDE0051

    public long Seen => Volatile.Read(ref _seen);

    /// <summary>Called by the reader's thread, which uses nothing afterwards that it read before.</summary>
    // The store is a release: what was read before is read. The load is an acquire: whoever sees the new epoch sees what was unlinked before it.
    public void See() => Volatile.Write(ref _seen, owner.Epoch);
}
