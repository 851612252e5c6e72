using Collector.Net;

namespace Collector.LoadGenerator.Formats;

/// <summary>What one source remembers from datagram to datagram.</summary>
internal sealed class ExporterState(int index, IpAddress address)
{
    internal int Index { get; } = index;

    internal IpAddress Address { get; } = address;

    /// <summary>v5 and IPFIX: records sent before; v9 and sFlow: datagrams sent before.</summary>
    internal uint Sequence { get; set; }

    /// <summary>sFlow: samples taken, and packets they were taken from.</summary>
    internal uint SampleSequence { get; set; }

    internal uint SamplePool { get; set; }

    internal bool Announced { get; set; }

    internal int DatagramsSinceAnnouncement { get; set; }

    internal long AnnouncedAt { get; set; }
}

/// <summary>The exporters' clock at one export.</summary>
/// <param name="Microseconds">Since the Unix epoch.</param>
/// <param name="Uptime">Milliseconds since the exporters started.</param>
internal readonly record struct ExportClock(long Microseconds, uint Uptime)
{
    internal uint Seconds => (uint)(Microseconds / 1_000_000);

    internal long Milliseconds => Microseconds / 1_000;
}
