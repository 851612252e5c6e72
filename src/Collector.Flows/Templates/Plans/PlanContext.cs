namespace Collector.Flows.Templates.Plans;

/// <summary>What steps need besides the record: set once per Set.</summary>
internal sealed class PlanContext(ValueTable values)
{
    internal ValueTable Values { get; } = values;

    /// <summary>Counts sampled headers that cannot be read and holds the names of options records.</summary>
    internal ExportDomain? Domain { get; set; }

    /// <summary>Seconds of the header.</summary>
    internal uint ExportSeconds { get; set; }

    /// <summary>Uptime of the header in milliseconds, NetFlow v9 only.</summary>
    internal uint SysUpTime { get; set; }

    /// <summary>Where IE 70 to 79 lie in the record, in their order.</summary>
    internal int[] MplsLabels { get; set; } = [];

    /// <summary>How many of them there are.</summary>
    internal int MplsLabelCount { get; set; }
}
