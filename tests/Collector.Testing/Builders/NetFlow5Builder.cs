using Collector.Net;

namespace Collector.Testing.Builders;

/// <summary>Makes NetFlow v5 datagrams, and those of the related versions 1 and 7.</summary>
public sealed class NetFlow5Builder
{
    private readonly List<NetFlow5Record> _records = [];

    /// <summary>1, 5 or 7. Version 1 has no sequence, engine, AS numbers and masks, version 7 no engine and no sampling.</summary>
    public int Version { get; init; } = 5;

    /// <summary>What is written instead of the true number of records.</summary>
    public int? Count { get; init; }

    /// <summary>Milliseconds.</summary>
    public uint SysUpTime { get; init; } = 1_000_000;

    /// <summary>Seconds since the Unix epoch; 2023-11-14 22:13:20.</summary>
    public uint Seconds { get; init; } = 1_700_000_000;

    /// <summary>Nanoseconds of that second.</summary>
    public uint Nanoseconds { get; init; }

    /// <summary>flow_sequence.</summary>
    public uint Sequence { get; init; } = 1;

    /// <summary>engine_id.</summary>
    public int EngineId { get; init; }

    /// <summary>Mode in the upper two bits, interval in the others.</summary>
    public int Sampling { get; init; }

    /// <summary>Adds a record.</summary>
    public NetFlow5Builder Record(in NetFlow5Record record)
    {
        _records.Add(record);
        return this;
    }

    /// <summary>The datagram.</summary>
    public byte[] Build()
    {
        WireWriter writer = new WireWriter().U16(Version).U16(Count ?? _records.Count).U32(SysUpTime, Seconds, Nanoseconds);
        _ = Version switch
        {
            1 => writer,
            7 => writer.U32(Sequence, 0),
            _ => writer.U32(Sequence).U8(0).U8(EngineId).U16(Sampling),
        };
        foreach (NetFlow5Record r in _records)
        {
            writer.Address(r.Source).Address(r.Destination).Address(r.NextHop).U16(r.Input).U16(r.Output).U32(r.Packets, r.Octets, r.First, r.Last)
                .U16(r.SourcePort).U16(r.DestinationPort);
            _ = Version switch
            {
                1 => writer.U16(0).U8(r.Protocol).U8(r.Tos).U8(r.Flags).Bytes(new byte[7]),
                _ => writer.U8(0).U8(r.Flags).U8(r.Protocol).U8(r.Tos).U16(r.SourceAs).U16(r.DestinationAs).U8(r.SourceMask).U8(r.DestinationMask)
                    .U16(0).Bytes(new byte[Version == 7 ? 4 : 0]),
            };
        }

        return writer.ToArray();
    }
}

/// <summary>A flow record of NetFlow v5.</summary>
/// <param name="Source">srcaddr.</param>
/// <param name="Destination">dstaddr.</param>
/// <param name="Protocol">prot.</param>
/// <param name="SourcePort">srcport.</param>
/// <param name="DestinationPort">dstport.</param>
/// <param name="Packets">dPkts.</param>
/// <param name="Octets">dOctets.</param>
public readonly record struct NetFlow5Record(
    IpAddress Source, IpAddress Destination, int Protocol, int SourcePort, int DestinationPort, uint Packets = 1, uint Octets = 100)
{
    /// <summary>nexthop.</summary>
    public IpAddress NextHop { get; init; } = IpAddress.FromIPv4(0);

    /// <summary>input.</summary>
    public int Input { get; init; }

    /// <summary>output.</summary>
    public int Output { get; init; }

    /// <summary>First, uptime in milliseconds.</summary>
    public uint First { get; init; }

    /// <summary>Last, uptime in milliseconds.</summary>
    public uint Last { get; init; }

    /// <summary>tcp_flags.</summary>
    public int Flags { get; init; }

    /// <summary>tos.</summary>
    public int Tos { get; init; }

    /// <summary>src_as.</summary>
    public int SourceAs { get; init; }

    /// <summary>dst_as.</summary>
    public int DestinationAs { get; init; }

    /// <summary>src_mask.</summary>
    public int SourceMask { get; init; }

    /// <summary>dst_mask.</summary>
    public int DestinationMask { get; init; }
}
