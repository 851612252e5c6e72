namespace Collector.Flows.Templates.Options;

/// <summary>How many samplers, names and route distinguishers one worker keeps for all its sources, so that many sources cannot exhaust memory.</summary>
internal sealed class OptionsBudget(int limit = OptionsBudget.DefaultLimit)
{
    internal const int DefaultLimit = 1 << 20;

    internal int Used { get; private set; }

    /// <summary>Takes room for one more entry; false when there is none.</summary>
    internal bool TryTake()
    {
        if (Used >= limit)
        {
            return false;
        }

        Used++;
        return true;
    }

    /// <summary>Gives entries back.</summary>
    internal void Release(int entries) => Used -= entries;
}
