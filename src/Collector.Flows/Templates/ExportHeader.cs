namespace Collector.Flows.Templates;

/// <summary>What NetFlow v9 and IPFIX message headers have in common, and the uptime of NetFlow v9.</summary>
internal readonly struct ExportHeader
{
    /// <summary>9 or 10.</summary>
    internal required ushort Version { get; init; }

    /// <summary>Source id or observation domain id.</summary>
    internal required uint Domain { get; init; }

    internal required uint Sequence { get; init; }

    /// <summary>Seconds since the Unix epoch.</summary>
    internal required uint ExportSeconds { get; init; }

    /// <summary>Milliseconds; 0 in IPFIX.</summary>
    internal uint SysUpTime { get; init; }

    /// <summary>Where the first Set starts.</summary>
    internal required int Length { get; init; }

    /// <summary>Where the message ends, as far as the datagram reaches.</summary>
    internal required int End { get; init; }

    /// <summary>What is wrong with the header although the message can be decoded.</summary>
    internal DecodeFault Fault { get; init; }
}
