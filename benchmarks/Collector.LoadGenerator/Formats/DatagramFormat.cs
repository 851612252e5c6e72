namespace Collector.LoadGenerator.Formats;

/// <summary>How one protocol writes a datagram once, and what of it changes each time that it is sent again.</summary>
internal abstract class DatagramFormat
{
    /// <summary>True when IPv6 flows can be carried.</summary>
    internal virtual bool CarriesIPv6 => true;

    /// <summary>Records in one datagram of one address family.</summary>
    internal abstract int Records(bool isIPv6);

    /// <summary>Length in bytes of a datagram with <see cref="Records"/> records.</summary>
    internal abstract int Length(ExporterState exporter, bool isIPv6);

    /// <summary>Draws packets and octets of a record.</summary>
    internal virtual (uint Packets, uint Octets) DrawVolume(SeededRandom random)
    {
        uint packets = 1 + (uint)random.Next(40);
        return (packets, packets * (40 + (uint)random.Next(1_461)));
    }

    /// <summary>Writes everything but sequence numbers and times.</summary>
    internal abstract void Write(Span<byte> datagram, ReadOnlySpan<LoadFlow> flows, ExporterState exporter, bool isIPv6);

    /// <summary>Sets sequence numbers and times, and moves the exporter's state on.</summary>
    internal abstract void Stamp(Span<byte> datagram, ReadOnlySpan<FlowTimes> times, ExporterState exporter, in ExportClock clock, bool isIPv6);

    /// <summary>Writes a datagram of templates and options, and moves the exporter's state on.</summary>
    /// <returns>Its length; 0 when the protocol has none.</returns>
    internal virtual int Announce(Span<byte> datagram, ExporterState exporter, in ExportClock clock) => 0;
}
