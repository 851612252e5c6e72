namespace Collector.Flows.Templates.Options;

/// <summary>Sampling intervals by sampler id (pmacct-compat §8.3), of a domain or of a whole exporter.</summary>
internal sealed class SamplerTable(OptionsBudget budget)
{
    internal const int MaxSamplers = 4_096;

    private Dictionary<uint, uint>? _intervals;
    private uint _newestId;

    /// <summary>The interval of the id that came last to be known (one that is only told again is not); 0 when there is none.</summary>
    internal uint Newest { get; private set; }

    internal int Count => _intervals?.Count ?? 0;

    /// <summary>Grows with every change.</summary>
    internal uint Revision { get; private set; }

    /// <summary>All samplers with their intervals.</summary>
    internal IEnumerable<KeyValuePair<uint, uint>> All => _intervals ?? [];

    /// <summary>Keeps one in <paramref name="interval"/> packets for a sampler id; 0 is no interval and changes nothing.</summary>
    /// <returns>False when the table is full.</returns>
    internal bool Set(uint id, uint interval)
    {
        if (interval == 0)
        {
            return true;
        }

        _intervals ??= [];
        bool isNew = !_intervals.TryGetValue(id, out uint before);
        if (isNew && (_intervals.Count >= MaxSamplers || !budget.TryTake()))
        {
            return false;
        }

        Revision += before == interval ? 0u : 1u;
        _intervals[id] = interval;
        _newestId = isNew ? id : _newestId;
        Newest = id == _newestId ? interval : Newest;
        return true;
    }

    /// <summary>The interval of a sampler; 0 unknown.</summary>
    internal uint this[uint id] => _intervals is not null && _intervals.TryGetValue(id, out uint interval) ? interval : 0;
}
