namespace Collector.Flows.Templates.Plans;

/// <summary>What else a template says of the piece of a packet in its records; lengths below 0 mark what it does not say.</summary>
internal sealed class SectionOperands
{
    /// <summary>Number of the elements: dataLinkFrameType (408), sectionOffset (409), sectionExportedOctets (410).</summary>
    internal const int Count = 3;

    internal const int FrameType = 0, SectionOffset = 1, ExportedOctets = 2;

    /// <summary>Where they lie in a record on the wire.</summary>
    internal int[] Offsets { get; } = new int[Count];

    /// <summary>Bytes that each takes.</summary>
    internal int[] Lengths { get; } = [-1, -1, -1];

    /// <summary>Indexes of the fields; -1 for none.</summary>
    internal int[] Fields { get; } = [-1, -1, -1];
}
