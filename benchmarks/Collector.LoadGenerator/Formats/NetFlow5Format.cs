using static System.Buffers.Binary.BinaryPrimitives;

namespace Collector.LoadGenerator.Formats;

/// <summary>NetFlow v5: a 24-byte header, 30 records of 48 bytes, flow_sequence counts records.</summary>
internal sealed class NetFlow5Format(uint sampling) : DatagramFormat
{
    private const int HeaderLength = 24;
    private const int RecordLength = 48;
    private const int RecordCount = 30;

    internal override bool CarriesIPv6 => false;

    internal override int Records(bool isIPv6) => RecordCount;

    internal override int Length(ExporterState exporter, bool isIPv6) => HeaderLength + (RecordCount * RecordLength);

    internal override void Write(Span<byte> datagram, ReadOnlySpan<LoadFlow> flows, ExporterState exporter, bool isIPv6)
    {
        datagram.Clear();
        WriteUInt16BigEndian(datagram, 5);
        WriteUInt16BigEndian(datagram[2..], (ushort)flows.Length);
        datagram[21] = (byte)exporter.Index;
        // Mode 01: one packet in N, by count.
        WriteUInt16BigEndian(datagram[22..], sampling > 1 ? (ushort)(0x4000 | sampling) : (ushort)0);
        for (int i = 0; i < flows.Length; i++)
        {
            ref readonly LoadFlow flow = ref flows[i];
            Span<byte> record = datagram.Slice(HeaderLength + (i * RecordLength), RecordLength);
            WriteUInt32BigEndian(record, flow.Key.Source.ToIPv4());
            WriteUInt32BigEndian(record[4..], flow.Key.Destination.ToIPv4());
            WriteUInt32BigEndian(record[8..], NextHop.IPv4(flow.Key));
            WriteUInt16BigEndian(record[12..], flow.Key.Input);
            WriteUInt16BigEndian(record[14..], flow.Key.Output);
            WriteUInt32BigEndian(record[16..], flow.Packets);
            WriteUInt32BigEndian(record[20..], flow.Octets);
            WriteUInt16BigEndian(record[32..], flow.Key.SourcePort);
            WriteUInt16BigEndian(record[34..], flow.Key.DestinationPort);
            record[37] = flow.Key.TcpFlags;
            record[38] = flow.Key.Protocol;
            record[39] = flow.Key.TypeOfService;
            WriteUInt16BigEndian(record[40..], flow.Key.SourceAs);
            WriteUInt16BigEndian(record[42..], flow.Key.DestinationAs);
            record[44] = flow.Key.MaskLength;
            record[45] = flow.Key.MaskLength;
        }
    }

    internal override void Stamp(Span<byte> datagram, ReadOnlySpan<FlowTimes> times, ExporterState exporter, in ExportClock clock, bool isIPv6)
    {
        WriteUInt32BigEndian(datagram[4..], clock.Uptime);
        WriteUInt32BigEndian(datagram[8..], clock.Seconds);
        WriteUInt32BigEndian(datagram[12..], (uint)(clock.Microseconds % 1_000_000) * 1_000);
        WriteUInt32BigEndian(datagram[16..], exporter.Sequence);
        exporter.Sequence += (uint)times.Length;
        for (int i = 0; i < times.Length; i++)
        {
            Span<byte> record = datagram.Slice(HeaderLength + (i * RecordLength), RecordLength);
            WriteUInt32BigEndian(record[24..], clock.Uptime - (uint)times[i].Start);
            WriteUInt32BigEndian(record[28..], clock.Uptime - (uint)times[i].End);
        }
    }
}
