using Collector.Flows.NetFlow5;

namespace Collector.Flows.NetFlow1;

/// <summary>NetFlow v1: no sequence, no engine, no AS numbers, and the TCP flags behind the ToS. nfacctd 1.7.7 refuses it (pmacct-compat §8.1).</summary>
internal static class NetFlow1Format
{
    internal const ushort Version = 1;

    internal static FixedFormat Format { get; } = new()
    {
        Version = Version,
        HeaderLength = 16,
        RecordLength = 48,
        MaxRecords = 24,
        TcpFlags = 40,
        HasRoutes = false,
        HasSequence = false,
        HasEngine = false,
    };
}
