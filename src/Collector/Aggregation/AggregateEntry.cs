using System.Runtime.InteropServices;

namespace Collector.Aggregation;

/// <summary>What one key of a table sums; the bytes of the key follow it in memory, right behind <see cref="Bin"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct AggregateEntry
{
    /// <summary>Sum of packets, after renormalisation.</summary>
    public ulong Packets;

    /// <summary>Sum of octets, after renormalisation.</summary>
    public ulong Octets;

    /// <summary>Sum of flows.</summary>
    public ulong Flows;

    /// <summary>Number of the datagram that made the entry; with <see cref="FirstRecord"/> the order of first insertion.</summary>
    public ulong FirstDatagram;

    /// <summary>Index of the record in that datagram.</summary>
    public uint FirstRecord;

    /// <summary>Records summed: the ledger's unit.</summary>
    public uint Records;

    /// <summary>Low half of the hash of bin and key, so that growing and merging need not hash again.</summary>
    public uint Hash;

    /// <summary>TCP flags, or-ed.</summary>
    public byte TcpFlags;

    /// <summary>TCP flags of inner packets, or-ed.</summary>
    public byte TunnelTcpFlags;

    /// <summary>Families of the flows, or-ed: the number of one, and that of IPv6 (<see cref="Flows.FlowFamily"/>) where both are summed.</summary>
    public byte Families;

    /// <summary>Start of the bin, seconds since the Unix epoch; 0 without history. Compared together with the key.</summary>
    public long Bin;
}
