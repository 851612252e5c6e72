using static System.Buffers.Binary.BinaryPrimitives;

namespace Collector.LoadGenerator.Formats;

/// <summary>IPFIX (RFC 7011): 20 records of 18 information elements; the sequence number counts data records, those of options too.</summary>
internal sealed class IpfixFormat(int datagramBytes, uint sampling, bool withIPv6) : DatagramFormat
{
    private const int HeaderLength = 16;
    private const int SetHeaderLength = 4;
    private const ushort IPv4Template = 256;
    private const ushort IPv6Template = 257;
    private const ushort SamplingTemplate = 258;

    private readonly int _lengthIPv4 = FieldWriter.RecordLength(false, true);
    private readonly int _lengthIPv6 = FieldWriter.RecordLength(true, true);

    internal override int Records(bool isIPv6) => (datagramBytes - HeaderLength - SetHeaderLength) / RecordLength(isIPv6);

    internal override int Length(ExporterState exporter, bool isIPv6) => HeaderLength + SetHeaderLength + (Records(isIPv6) * RecordLength(isIPv6));

    internal override void Write(Span<byte> datagram, ReadOnlySpan<LoadFlow> flows, ExporterState exporter, bool isIPv6)
    {
        WriteHeader(datagram, datagram.Length, exporter);
        Span<byte> set = datagram[HeaderLength..];
        WriteUInt16BigEndian(set, isIPv6 ? IPv6Template : IPv4Template);
        WriteUInt16BigEndian(set[2..], (ushort)set.Length);
        int length = RecordLength(isIPv6);
        for (int i = 0; i < flows.Length; i++)
        {
            FieldWriter.WriteRecord(set.Slice(SetHeaderLength + (i * length), length), flows[i], isIPv6, isIpfix: true);
        }
    }

    internal override void Stamp(Span<byte> datagram, ReadOnlySpan<FlowTimes> times, ExporterState exporter, in ExportClock clock, bool isIPv6)
    {
        StampHeader(datagram, exporter, clock, times.Length);
        int length = RecordLength(isIPv6);
        Span<byte> rest = datagram[(HeaderLength + SetHeaderLength + length - 16)..];
        for (int i = 0; i < times.Length; i++)
        {
            Span<byte> two = rest.Slice(i * length, 16);
            WriteInt64BigEndian(two, clock.Milliseconds - times[i].Start);
            WriteInt64BigEndian(two[8..], clock.Milliseconds - times[i].End);
        }
    }

    internal override int Announce(Span<byte> datagram, ExporterState exporter, in ExportClock clock)
    {
        int at = WriteTemplate(datagram, HeaderLength + SetHeaderLength, IPv4Template, isIPv6: false);
        if (withIPv6)
        {
            at = WriteTemplate(datagram, at, IPv6Template, isIPv6: true);
        }

        EndSet(datagram, HeaderLength, 2, at);
        if (sampling > 1)
        {
            at = WriteSampling(datagram, at, exporter);
        }

        WriteHeader(datagram, at, exporter);
        StampHeader(datagram, exporter, clock, sampling > 1 ? 1 : 0);
        return at;
    }

    private static int WriteTemplate(Span<byte> datagram, int at, ushort id, bool isIPv6)
    {
        (ushort, ushort)[] fields = FieldWriter.Template(isIPv6, isIpfix: true);
        WriteUInt16BigEndian(datagram[at..], id);
        WriteUInt16BigEndian(datagram[(at + 2)..], (ushort)fields.Length);
        return at + 4 + FieldWriter.WriteFields(datagram[(at + 4)..], fields);
    }

    /// <summary>An options template with scope observationDomainId, samplingInterval and samplingAlgorithm (deterministic), and its one record.</summary>
    private int WriteSampling(Span<byte> datagram, int start, ExporterState exporter)
    {
        int at = start + SetHeaderLength;
        WriteUInt16BigEndian(datagram[at..], SamplingTemplate);
        WriteUInt16BigEndian(datagram[(at + 2)..], 3);
        WriteUInt16BigEndian(datagram[(at + 4)..], 1);
        at += 6 + FieldWriter.WriteFields(datagram[(at + 6)..], [(149, 4), (34, 4), (35, 1)]);
        EndSet(datagram, start, 3, at);

        start = at;
        at += SetHeaderLength;
        WriteUInt32BigEndian(datagram[at..], (uint)exporter.Index);
        WriteUInt32BigEndian(datagram[(at + 4)..], sampling);
        datagram[at + 8] = 1;
        EndSet(datagram, start, SamplingTemplate, at + 9);
        return at + 9;
    }

    private static void EndSet(Span<byte> datagram, int start, ushort id, int end)
    {
        WriteUInt16BigEndian(datagram[start..], id);
        WriteUInt16BigEndian(datagram[(start + 2)..], (ushort)(end - start));
    }

    private static void WriteHeader(Span<byte> datagram, int length, ExporterState exporter)
    {
        WriteUInt16BigEndian(datagram, 10);
        WriteUInt16BigEndian(datagram[2..], (ushort)length);
        WriteUInt32BigEndian(datagram[12..], (uint)exporter.Index);
    }

    private static void StampHeader(Span<byte> datagram, ExporterState exporter, in ExportClock clock, int records)
    {
        WriteUInt32BigEndian(datagram[4..], clock.Seconds);
        WriteUInt32BigEndian(datagram[8..], exporter.Sequence);
        exporter.Sequence += (uint)records;
    }

    private int RecordLength(bool isIPv6) => isIPv6 ? _lengthIPv6 : _lengthIPv4;
}
