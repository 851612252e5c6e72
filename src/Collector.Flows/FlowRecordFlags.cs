namespace Collector.Flows;

/// <summary>What a decoder knows about a record besides its values.</summary>
[Flags]
public enum FlowRecordFlags : ushort
{
    /// <summary>Nothing special.</summary>
    None = 0,

    /// <summary>The exporter gave the source network itself (IE 44, 170), the enricher does not mask the host.</summary>
    SourceNetworkGiven = 1,

    /// <summary>The exporter gave the destination network itself (IE 45, 169).</summary>
    DestinationNetworkGiven = 2,

    /// <summary>The record comes from sFlow: it is always binned by arrival.</summary>
    SFlow = 4,

    /// <summary>The template carries a tag (IE 1 of PEN 43874), even 0: no map overrides it.</summary>
    TagGiven = 8,

    /// <summary>The template carries a tag2 (IE 2 of PEN 43874).</summary>
    Tag2Given = 16,

    /// <summary>The template carries a label (IE 3 of PEN 43874), even an empty one.</summary>
    LabelGiven = 32,

    /// <summary>The template carries the direction (IE 61): of a record without it maps take 0, of one with another value than 0 and 1 neither.</summary>
    DirectionGiven = 64,

    /// <summary>The template carries a source MAC address, even of zeros: without one no map finds it.</summary>
    SourceMacGiven = 128,

    /// <summary>The template carries a destination MAC address.</summary>
    DestinationMacGiven = 256,

    /// <summary>For maps the source's AS numbers are 0 besides what they are: 1.7.7 compares those of routes too, and there is no route.</summary>
    SourceAsAlsoZero = 512,

    /// <summary>The same for the destination's.</summary>
    DestinationAsAlsoZero = 1024,
}
