namespace Collector.Flows.NetFlow5;

/// <summary>NetFlow v5, as Cisco's "NetFlow Export Datagram Format" gives it.</summary>
internal static class NetFlow5Format
{
    internal const ushort Version = 5;

    internal static FixedFormat Format { get; } = new()
    {
        Version = Version,
        HeaderLength = 24,
        RecordLength = 48,
        MaxRecords = 30,
        TcpFlags = 37,
        HasRoutes = true,
        HasSequence = true,
        HasEngine = true,
    };
}
