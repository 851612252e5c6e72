using System.Buffers.Binary;
using Collector.Flows.Sequences;
using Collector.Net;

namespace Collector.Flows.NetFlow5;

/// <summary>Decodes NetFlow v1, v5 and v7 datagrams: a header and a few records of one length. One per worker; keeps its place between calls.</summary>
internal sealed class FixedFormatDecoder(DecoderOptions options, SourceTable sources)
{
    private const byte Icmp = 1, Tcp = 6, Udp = 17, IcmpV6 = 58;
    private const long MicrosecondsPerSecond = 1_000_000;

    private FixedFormat _format = NetFlow5Format.Format;
    private FlowRecord _prototype;
    private SourceCounters _counters = sources.Other;
    private uint _seconds;
    private uint _sysUpTime;
    private int _position;
    private int _end;

    internal void Begin(in Datagram datagram, FixedFormat format)
    {
        ReadOnlySpan<byte> header = datagram.Payload;
        bool isWhole = header.Length >= format.HeaderLength;
        _format = format;
        _counters = sources.Get(datagram.Source, format.Version, isWhole && format.HasEngine ? header[21] : 0u, false, default, datagram.ArrivalTime);
        _counters.Datagrams++;
        _counters.Octets += header.Length;
        _counters.LastSeen = datagram.ArrivalTime;
        (_position, _end) = (0, 0);
        if (!isWhole)
        {
            _counters.Count(DecodeFault.ShortDatagram);
            return;
        }

        _sysUpTime = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        _seconds = ExportClock.Read(BinaryPrimitives.ReadUInt32BigEndian(header[8..]), datagram.ArrivalTime, _counters, options);
        _position = format.HeaderLength;
        int count = RecordCount(BinaryPrimitives.ReadUInt16BigEndian(header[2..]), (header.Length - format.HeaderLength) / format.RecordLength);
        _end = _position + (format.RecordLength * count);
        SetPrototype(header, datagram);
        _counters.DecodedDatagrams++;
        _counters.DecodedOctets += header.Length;
        _counters.EngineType = format.HasEngine ? header[20] : (byte)0;
        ObserveSequence(datagram, count);
    }

    internal bool Continue(in Datagram datagram, FlowBatch batch)
    {
        FixedFormat format = _format;
        int first = batch.Count;
        while (_position < _end && !batch.IsFull)
        {
            ref FlowRecord record = ref batch.Add(in _prototype);
            Read(datagram.Payload.Slice(_position, format.RecordLength), format, ref record);
            record.RecordNumber = (uint)((_position - format.HeaderLength) / format.RecordLength);
            _position += format.RecordLength;
            _counters.Records++;
        }

        RecordChecks.Run(batch.Records[first..], _counters, options, sampledAlike: true);
        return _position < _end;
    }

    // NetFlow v1 has no sequence numbers; those of v5 and v7 count flows.
    private void ObserveSequence(in Datagram datagram, int count)
    {
        if (_format.Version == 1)
        {
            return;
        }

        _counters.Observe(datagram.SourcePort, new SequencePoint
        {
            Sequence = _prototype.ExportSequence,
            Records = (uint)count,
            IsComplete = true,
            Stamp = _sysUpTime,
            HasUptime = true,
            ArrivalTime = datagram.ArrivalTime,
        });
    }

    // A count that cannot be gives way to the bytes that are present.
    private int RecordCount(int declared, int present)
    {
        if (declared > 0 && declared <= _format.MaxRecords && declared <= present)
        {
            return declared;
        }

        _counters.Count(DecodeFault.BadCount);
        return present;
    }

    private void SetPrototype(ReadOnlySpan<byte> header, in Datagram datagram)
    {
        // pmacct 1.7.7 prints whole seconds, later ones the fraction. Nanoseconds, of which an absurd number must not move the time by more than a second.
        uint nanoseconds = options.Pmacct17 ? 0 : Math.Min(BinaryPrimitives.ReadUInt32BigEndian(header[12..]), 999_999_999);

        // The upper two bits are the sampling mode, unless the device writes a longer interval over them (quirk S1).
        uint mask = options.NetFlow5WideSampling ? 0xFFFFu : 0x3FFFu;
        uint interval = _format.HasEngine ? BinaryPrimitives.ReadUInt16BigEndian(header[22..]) & mask : 0;
        _prototype = new FlowRecord
        {
            Flows = 1,
            Family = FlowFamily.IPv4,
            EtherType = 0x0800,
            SamplingDirection = (byte)'u',
            SamplingInterval = interval,
            RenormalizationFactor = interval,
            ExporterAddress = datagram.Source,
            ExportSequence = _format.HasSequence ? BinaryPrimitives.ReadUInt32BigEndian(header[16..]) : 0,
            ExportSystemId = _format.HasEngine ? header[21] : 0u,
            EngineType = _format.HasEngine ? header[20] : (byte)0,
            ExportVersion = _format.Version,
            ExportTime = (_seconds * MicrosecondsPerSecond) + (nanoseconds / 1_000),
            ArrivalTime = datagram.ArrivalTime,
            DatagramNumber = datagram.Number,
        };
    }

    private void Read(ReadOnlySpan<byte> bytes, FixedFormat format, ref FlowRecord record)
    {
        record.SourceAddress = IpAddress.ReadIPv4(bytes);
        record.DestinationAddress = IpAddress.ReadIPv4(bytes[4..]);
        record.IpNextHop = IpAddress.ReadIPv4(bytes[8..]);
        // pmacct up to 1.7.9 prints no peer_ip_dst for version 5 (the only one of the three that it reads), whatever the configuration says (pmacct-compat §11.1).
        if (options.UseIpNextHop && !options.Pmacct17)
        {
            record.NextHop = IpAddress.ReadIPv4(bytes[8..]);
            record.NextHopFamily = FlowFamily.IPv4;
        }

        record.IngressInterface = BinaryPrimitives.ReadUInt16BigEndian(bytes[12..]);
        record.EgressInterface = BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        record.Packets = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
        record.Octets = BinaryPrimitives.ReadUInt32BigEndian(bytes[20..]);
        uint first = BinaryPrimitives.ReadUInt32BigEndian(bytes[24..]), last = BinaryPrimitives.ReadUInt32BigEndian(bytes[28..]);
        record.StartTime = Time(first);
        record.EndTime = Time(last);
        record.BinTime = options.BinByExportTime ? record.ExportTime / MicrosecondsPerSecond * MicrosecondsPerSecond : BinTime(first);
        record.BinEndTime = options.BinByExportTime ? 0 : BinTime(last);
        byte protocol = bytes[38];
        record.Protocol = protocol;

        // pmacct-compat §8.5: routers fill ports and flags of other protocols with what is no port and no flag.
        record.SourcePort = protocol is Tcp or Udp ? BinaryPrimitives.ReadUInt16BigEndian(bytes[32..]) : (ushort)0;
        record.DestinationPort = protocol is Tcp or Udp or Icmp or IcmpV6 ? BinaryPrimitives.ReadUInt16BigEndian(bytes[34..]) : (ushort)0;
        record.TcpFlags = protocol == Tcp ? bytes[format.TcpFlags] : (byte)0;
        record.Tos = bytes[39];
        if (format.HasRoutes)
        {
            ReadRoutes(bytes, ref record);
        }
    }

    private void ReadRoutes(ReadOnlySpan<byte> bytes, ref FlowRecord record)
    {
        if (options.AsFromExport)
        {
            uint source = BinaryPrimitives.ReadUInt16BigEndian(bytes[40..]), destination = BinaryPrimitives.ReadUInt16BigEndian(bytes[42..]);
            (record.SourceAs, record.PeerSourceAs) = options.PeerAs ? (0u, source) : (source, 0u);
            (record.DestinationAs, record.PeerDestinationAs) = options.PeerAs ? (0u, destination) : (destination, 0u);
        }

        record.SourceMask = bytes[44];
        record.DestinationMask = bytes[45];
    }

    // Whole seconds of the signed difference: pmacct's unsigned one puts a flow that starts just after the header's uptime 49.7 days back.
    private long Time(uint uptime) => Math.Max(0, _seconds - ((int)(_sysUpTime - uptime) / 1_000)) * MicrosecondsPerSecond;

    // pmacct-compat §2.3: bins divide both uptimes on their own; across a wrap of the uptime that would be 49.7 days off.
    private long BinTime(uint uptime)
    {
        int difference = (int)(_sysUpTime - uptime);
        bool isWrapped = difference < 0 != _sysUpTime < uptime;
        long ago = options.UptimesInSeconds ? difference
            : isWrapped ? difference / 1_000
            : (_sysUpTime / 1_000L) - (uptime / 1_000);
        return Math.Max(0, _seconds - ago) * MicrosecondsPerSecond;
    }
}
