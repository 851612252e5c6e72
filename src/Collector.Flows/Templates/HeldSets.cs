using System.Buffers;

namespace Collector.Flows.Templates;

/// <summary>Data Sets of one domain that came before their template, in wire order: a short buffer, limited in bytes, number and age.</summary>
internal sealed class HeldSets(DecoderOptions options, HeldBudget budget, SourceCounters counters)
{
    private const int FirstCapacity = 4_096;
    private const int MaxSets = 256;

    private readonly List<HeldSet> _sets = [];
    private byte[] _bytes = [];
    private int _used;

    /// <summary>Sets that wait.</summary>
    internal int Count { get; private set; }

    /// <summary>Keeps a copy of a Set; false when there is no room for it.</summary>
    internal bool TryAdd(in HeldSet set, ReadOnlySpan<byte> content)
    {
        Expire(set.ArrivalTime);
        // A Set without a record has nothing to wait for; the budget counts octets, so such Sets would take memory beside it (quirk F10).
        if (content.IsEmpty || _sets.Count >= MaxSets || !TryMakeRoom(content.Length))
        {
            return false;
        }

        content.CopyTo(_bytes.AsSpan(_used));
        _sets.Add(set with { Offset = _used, Length = content.Length });
        _used += content.Length;
        Count++;
        counters.HeldSets++;
        return true;
    }

    /// <summary>True when a Set waits for a template.</summary>
    internal bool WaitsFor(ushort templateId)
    {
        foreach (HeldSet set in _sets)
        {
            if (set.TemplateId == templateId && !set.IsTaken)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The first Set from <paramref name="index"/> on that still waits; null when there is none.</summary>
    internal HeldSet? Next(ref int index)
    {
        for (; index < _sets.Count; index++)
        {
            if (!_sets[index].IsTaken)
            {
                return _sets[index];
            }
        }

        return null;
    }

    /// <summary>The content of a Set that was not trimmed yet.</summary>
    internal ReadOnlySpan<byte> ContentOf(in HeldSet set) => _bytes.AsSpan(set.Offset, set.Length);

    /// <summary>Notes that a Set was decoded.</summary>
    internal void Take(int index)
    {
        _sets[index] = _sets[index] with { IsTaken = true };
        Count--;
        counters.ReplayedSets++;
    }

    /// <summary>Gives up what has waited too long.</summary>
    internal void Expire(long now)
    {
        long oldest = now - (options.HoldSeconds * 1_000_000L);
        for (int i = 0; i < _sets.Count && (_sets[i].IsTaken || _sets[i].ArrivalTime < oldest); i++)
        {
            GiveUp(i);
        }

        Trim();
    }

    /// <summary>Gives up everything.</summary>
    internal void GiveUpAll()
    {
        for (int i = 0; i < _sets.Count; i++)
        {
            GiveUp(i);
        }

        Trim();
    }

    /// <summary>Forgets what was decoded or given up at the beginning, and gives the memory back when nothing waits.</summary>
    internal void Trim()
    {
        int done = 0;
        while (done < _sets.Count && _sets[done].IsTaken)
        {
            done++;
        }

        _sets.RemoveRange(0, done);
        if (_sets.Count == 0 && _bytes.Length > 0)
        {
            budget.Release(_bytes.Length);
            ArrayPool<byte>.Shared.Return(_bytes);
            (_bytes, _used) = ([], 0);
            _sets.Capacity = 0;
        }
    }

    private void GiveUp(int index)
    {
        if (!_sets[index].IsTaken)
        {
            _sets[index] = _sets[index] with { IsTaken = true };
            Count--;
            counters.Count(DecodeFault.MissingTemplate);
        }
    }

    private bool TryMakeRoom(int length)
    {
        if (_used + length <= _bytes.Length)
        {
            return true;
        }

        Compact();
        int needed = _used + length;
        if (needed <= _bytes.Length)
        {
            return true;
        }

        if (needed > options.MaxHeldBytesPerDomain)
        {
            return false;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Min(Math.Max(needed, Math.Max(_bytes.Length * 2, FirstCapacity)), options.MaxHeldBytesPerDomain));
        if (!budget.TryTake(larger.Length - _bytes.Length))
        {
            ArrayPool<byte>.Shared.Return(larger);
            return false;
        }

        _bytes.AsSpan(0, _used).CopyTo(larger);
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = larger;
        return true;
    }

    private void Compact()
    {
        _sets.RemoveAll(s => s.IsTaken);
        _used = 0;
        for (int i = 0; i < _sets.Count; i++)
        {
            HeldSet set = _sets[i];
            _bytes.AsSpan(set.Offset, set.Length).CopyTo(_bytes.AsSpan(_used));
            _sets[i] = set with { Offset = _used };
            _used += set.Length;
        }
    }
}

/// <summary>One Set that waits for its template.</summary>
internal readonly record struct HeldSet
{
    internal required ushort TemplateId { get; init; }

    internal required ushort Port { get; init; }

    /// <summary>The header of its message.</summary>
    internal required ExportHeader Header { get; init; }

    /// <summary>When its message was exported, as the clock of the exporter was read.</summary>
    internal required uint ExportSeconds { get; init; }

    /// <summary>Running number of its message within the decoder.</summary>
    internal required ulong Message { get; init; }

    internal required long ArrivalTime { get; init; }

    internal int Offset { get; init; }

    internal int Length { get; init; }

    internal bool IsTaken { get; init; }
}

/// <summary>Bytes that all domains of one worker may hold.</summary>
internal sealed class HeldBudget(long limit)
{
    internal long Used { get; private set; }

    internal bool TryTake(long bytes)
    {
        if (Used + bytes > limit)
        {
            return false;
        }

        Used += bytes;
        return true;
    }

    internal void Release(long bytes) => Used -= bytes;
}
