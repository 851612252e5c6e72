using Collector.Net;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Collector.LoadGenerator.Formats;

/// <summary>sFlow v5: flow samples, each with a sampled Ethernet header, extended_switch, extended_router and extended_gateway.</summary>
internal sealed class SFlowFormat(int datagramBytes, uint sampling) : DatagramFormat
{
    private const int SampleHeaderLength = 40;
    private const int FrameOffset = 24;
    private const int FrameCheckSequence = 4;
    private const uint TransitAs = 64_496;

    internal override int Records(bool isIPv6) => (datagramBytes - HeaderLength(isAgentIPv6: true)) / SampleLength(isIPv6);

    internal override int Length(ExporterState exporter, bool isIPv6) =>
        HeaderLength(!exporter.Address.IsIPv4) + (Records(isIPv6) * SampleLength(isIPv6));

    internal override (uint Packets, uint Octets) DrawVolume(SeededRandom random) => (1, 100 + (uint)random.Next(1_419));

    internal override void Write(Span<byte> datagram, ReadOnlySpan<LoadFlow> flows, ExporterState exporter, bool isIPv6)
    {
        datagram.Clear();
        WriteUInt32BigEndian(datagram, 5);
        int at = WriteAddress(datagram[4..], exporter.Address) + 4;
        // The sub-agent id stays 0; sequence number and uptime are stamped.
        WriteUInt32BigEndian(datagram[(at + 12)..], (uint)flows.Length);
        at += 16;
        foreach (ref readonly LoadFlow flow in flows)
        {
            WriteSample(datagram.Slice(at, SampleLength(isIPv6)), flow, isIPv6);
            at += SampleLength(isIPv6);
        }
    }

    internal override void Stamp(Span<byte> datagram, ReadOnlySpan<FlowTimes> times, ExporterState exporter, in ExportClock clock, bool isIPv6)
    {
        int header = HeaderLength(!exporter.Address.IsIPv4);
        WriteUInt32BigEndian(datagram[(header - 12)..], ++exporter.Sequence);
        WriteUInt32BigEndian(datagram[(header - 8)..], clock.Uptime);
        for (int i = 0; i < times.Length; i++)
        {
            Span<byte> sample = datagram.Slice(header + (i * SampleLength(isIPv6)), SampleHeaderLength);
            WriteUInt32BigEndian(sample[8..], ++exporter.SampleSequence);
            WriteUInt32BigEndian(sample[20..], exporter.SamplePool += sampling);
        }
    }

    private static int HeaderLength(bool isAgentIPv6) => isAgentIPv6 ? 40 : 28;

    private static int FrameLength(bool isIPv6) => isIPv6 ? 80 : 64;

    private static int AddressLength(bool isIPv6) => isIPv6 ? 20 : 8;

    private static int SampleLength(bool isIPv6) =>
        SampleHeaderLength + FrameOffset + FrameLength(isIPv6) + 24 + (16 + AddressLength(isIPv6)) + (52 + AddressLength(isIPv6));

    private void WriteSample(Span<byte> sample, in LoadFlow flow, bool isIPv6)
    {
        FlowKey key = flow.Key;
        WriteUInt32BigEndian(sample, 1);
        WriteUInt32BigEndian(sample[4..], (uint)(sample.Length - 8));
        // The data source is ifIndex 1, whatever the flow's interfaces: one counter per agent.
        WriteUInt32BigEndian(sample[12..], 1);
        WriteUInt32BigEndian(sample[16..], sampling);
        WriteUInt32BigEndian(sample[28..], key.Input);
        WriteUInt32BigEndian(sample[32..], key.Output);
        WriteUInt32BigEndian(sample[36..], 4);

        int frame = FrameLength(isIPv6);
        Span<byte> record = BeginRecord(ref sample, SampleHeaderLength, format: 1, 16 + frame);
        WriteUInt32BigEndian(record, 1);
        WriteUInt32BigEndian(record[4..], flow.Octets);
        WriteUInt32BigEndian(record[8..], FrameCheckSequence);
        WriteUInt32BigEndian(record[12..], (uint)frame);
        SampledFrame.Write(record.Slice(16, frame), key, (int)flow.Octets - FrameCheckSequence, isIPv6);

        record = BeginRecord(ref sample, 0, format: 1001, 16);
        WriteUInt32BigEndian(record, 100);
        WriteUInt32BigEndian(record[8..], 200);

        IpAddress nextHop = isIPv6 ? NextHop.IPv6(key) : IpAddress.FromIPv4(NextHop.IPv4(key));
        record = BeginRecord(ref sample, 0, format: 1002, AddressLength(isIPv6) + 8);
        int at = WriteAddress(record, nextHop);
        WriteUInt32BigEndian(record[at..], key.MaskLength);
        WriteUInt32BigEndian(record[(at + 4)..], key.MaskLength);

        record = BeginRecord(ref sample, 0, format: 1003, AddressLength(isIPv6) + 44);
        at = WriteAddress(record, nextHop);
        // Router's own AS, source AS, source peer AS; one AS_SEQUENCE of two; one community; local preference.
        ReadOnlySpan<uint> gateway = [64_500, key.SourceAs, TransitAs, 1, 2, 2, TransitAs, key.DestinationAs, 1, (TransitAs << 16) | 1, 100];
        foreach (uint word in gateway)
        {
            WriteUInt32BigEndian(record[at..], word);
            at += 4;
        }
    }

    private static Span<byte> BeginRecord(ref Span<byte> sample, int at, uint format, int length)
    {
        WriteUInt32BigEndian(sample[at..], format);
        WriteUInt32BigEndian(sample[(at + 4)..], (uint)length);
        Span<byte> record = sample.Slice(at + 8, length);
        sample = sample[(at + 8 + length)..];
        return record;
    }

    private static int WriteAddress(Span<byte> target, IpAddress address)
    {
        WriteUInt32BigEndian(target, address.IsIPv4 ? 1u : 2u);
        if (address.IsIPv4)
        {
            WriteUInt32BigEndian(target[4..], address.ToIPv4());
            return 8;
        }

        address.WriteTo(target[4..]);
        return 20;
    }
}
