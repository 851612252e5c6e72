using Collector.Flows.NetFlow5;

namespace Collector.Flows.NetFlow7;

/// <summary>
/// NetFlow v7 of Catalyst 5000 switches: records of v5 with the address of the bypassed router behind them, no engine and no sampling word.
/// nfacctd 1.7.7 refuses it (pmacct-compat §8.1).
/// </summary>
internal static class NetFlow7Format
{
    internal const ushort Version = 7;

    internal static FixedFormat Format { get; } = new()
    {
        Version = Version,
        HeaderLength = 24,
        RecordLength = 52,
        MaxRecords = 27,
        TcpFlags = 37,
        HasRoutes = true,
        HasSequence = true,
        HasEngine = false,
    };
}
