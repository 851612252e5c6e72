using Collector.Flows.Extras;

namespace Collector.Flows.Templates.Plans;

/// <summary>What steps need besides the record: set once per Set.</summary>
internal sealed class PlanContext(ValueTable values, TemplateTable templates)
{
    internal ValueTable Values { get; } = values;

    /// <summary>Counts sampled headers that cannot be read and holds the names of options records.</summary>
    internal ExportDomain? Domain { get; set; }

    /// <summary>Seconds of the header.</summary>
    internal uint ExportSeconds { get; set; }

    /// <summary>Uptime of the header in milliseconds, NetFlow v9 only.</summary>
    internal uint SysUpTime { get; set; }

    /// <summary>UDP port that the datagram came from.</summary>
    internal ushort SourcePort { get; set; }

    /// <summary>When it came, microseconds since the Unix epoch.</summary>
    internal long ArrivalTime { get; set; }

    /// <summary>What the template says of the piece of a packet in its records.</summary>
    internal SectionOperands? Section { get; set; }

    /// <summary>The template that a list in the datagram names; null when there is none.</summary>
    internal Template? FindTemplate(ushort id) => templates.Find(Domain!, id, SourcePort, ArrivalTime);

    /// <summary>Custom primitives that are read from frames.</summary>
    internal CustomField[] FrameFields { get; init; } = [];

    /// <summary>Where IE 70 to 79 lie in the record, in their order.</summary>
    internal int[] MplsLabels { get; set; } = [];

    /// <summary>How many of them there are.</summary>
    internal int MplsLabelCount { get; set; }
}
