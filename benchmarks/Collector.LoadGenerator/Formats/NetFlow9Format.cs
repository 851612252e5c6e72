using static System.Buffers.Binary.BinaryPrimitives;

namespace Collector.LoadGenerator.Formats;

/// <summary>NetFlow v9 (RFC 3954): 26 records of 18 fields in 1,404 bytes; the sequence number counts datagrams.</summary>
internal sealed class NetFlow9Format(int datagramBytes, uint sampling, bool withIPv6) : DatagramFormat
{
    private const int HeaderLength = 20;
    private const int FlowSetHeaderLength = 4;
    private const ushort IPv4Template = 256;
    private const ushort IPv6Template = 257;
    private const ushort SamplingTemplate = 258;

    private readonly int _lengthIPv4 = FieldWriter.RecordLength(false, false);
    private readonly int _lengthIPv6 = FieldWriter.RecordLength(true, false);

    internal override int Records(bool isIPv6) => (datagramBytes - HeaderLength - FlowSetHeaderLength) / RecordLength(isIPv6);

    internal override int Length(ExporterState exporter, bool isIPv6) => Padded(HeaderLength + FlowSetHeaderLength + (Records(isIPv6) * RecordLength(isIPv6)));

    internal override void Write(Span<byte> datagram, ReadOnlySpan<LoadFlow> flows, ExporterState exporter, bool isIPv6)
    {
        datagram.Clear();
        WriteHeader(datagram, flows.Length, exporter);
        Span<byte> set = datagram[HeaderLength..];
        WriteUInt16BigEndian(set, isIPv6 ? IPv6Template : IPv4Template);
        WriteUInt16BigEndian(set[2..], (ushort)set.Length);
        int length = RecordLength(isIPv6);
        for (int i = 0; i < flows.Length; i++)
        {
            FieldWriter.WriteRecord(set.Slice(FlowSetHeaderLength + (i * length), length), flows[i], isIPv6, isIpfix: false);
        }
    }

    internal override void Stamp(Span<byte> datagram, ReadOnlySpan<FlowTimes> times, ExporterState exporter, in ExportClock clock, bool isIPv6)
    {
        StampHeader(datagram, exporter, clock);
        int length = RecordLength(isIPv6);
        Span<byte> rest = datagram[(HeaderLength + FlowSetHeaderLength + length - 8)..];
        for (int i = 0; i < times.Length; i++)
        {
            Span<byte> two = rest.Slice(i * length, 8);
            WriteUInt32BigEndian(two, clock.Uptime - (uint)times[i].Start);
            WriteUInt32BigEndian(two[4..], clock.Uptime - (uint)times[i].End);
        }
    }

    internal override int Announce(Span<byte> datagram, ExporterState exporter, in ExportClock clock)
    {
        datagram.Clear();
        int records = 0;
        int at = HeaderLength + FlowSetHeaderLength;
        at = WriteTemplate(datagram, at, IPv4Template, isIPv6: false, ref records);
        if (withIPv6)
        {
            at = WriteTemplate(datagram, at, IPv6Template, isIPv6: true, ref records);
        }

        EndFlowSet(datagram, HeaderLength, 0, at);
        if (sampling > 1)
        {
            at = WriteSampling(datagram, Padded(at), ref records);
        }

        WriteHeader(datagram, records, exporter);
        StampHeader(datagram, exporter, clock);
        return at;
    }

    private static int WriteTemplate(Span<byte> datagram, int at, ushort id, bool isIPv6, ref int records)
    {
        (ushort, ushort)[] fields = FieldWriter.Template(isIPv6, isIpfix: false);
        WriteUInt16BigEndian(datagram[at..], id);
        WriteUInt16BigEndian(datagram[(at + 2)..], (ushort)fields.Length);
        records++;
        return at + 4 + FieldWriter.WriteFields(datagram[(at + 4)..], fields);
    }

    /// <summary>An options template with scope System, SAMPLING_INTERVAL and SAMPLING_ALGORITHM (deterministic), and its one record.</summary>
    private int WriteSampling(Span<byte> datagram, int start, ref int records)
    {
        int at = start + FlowSetHeaderLength;
        WriteUInt16BigEndian(datagram[at..], SamplingTemplate);
        WriteUInt16BigEndian(datagram[(at + 2)..], 4);
        WriteUInt16BigEndian(datagram[(at + 4)..], 8);
        at += 6 + FieldWriter.WriteFields(datagram[(at + 6)..], [(1, 4), (34, 4), (35, 1)]);
        at = EndFlowSet(datagram, start, 1, at);

        start = at;
        at += FlowSetHeaderLength + 4;
        WriteUInt32BigEndian(datagram[at..], sampling);
        datagram[at + 4] = 1;
        records += 2;
        return EndFlowSet(datagram, start, SamplingTemplate, at + 5);
    }

    private static int EndFlowSet(Span<byte> datagram, int start, ushort id, int end)
    {
        WriteUInt16BigEndian(datagram[start..], id);
        WriteUInt16BigEndian(datagram[(start + 2)..], (ushort)(Padded(end) - start));
        return Padded(end);
    }

    private static void WriteHeader(Span<byte> datagram, int records, ExporterState exporter)
    {
        WriteUInt16BigEndian(datagram, 9);
        WriteUInt16BigEndian(datagram[2..], (ushort)records);
        WriteUInt32BigEndian(datagram[16..], (uint)exporter.Index);
    }

    private static void StampHeader(Span<byte> datagram, ExporterState exporter, in ExportClock clock)
    {
        WriteUInt32BigEndian(datagram[4..], clock.Uptime);
        WriteUInt32BigEndian(datagram[8..], clock.Seconds);
        WriteUInt32BigEndian(datagram[12..], exporter.Sequence++);
    }

    private int RecordLength(bool isIPv6) => isIPv6 ? _lengthIPv6 : _lengthIPv4;

    /// <summary>A FlowSet ends on a 32-bit boundary (RFC 3954 §5.3), and the header is one of whole words.</summary>
    private static int Padded(int length) => (length + 3) & ~3;
}
