using Collector.Net;
using Collector.Replay;
using Xunit;

namespace Collector.Tests.Replay;

public class FragmentTableTests
{
    private static readonly byte[] Payload = PacketBytes.Sequence(3000);

    private static ReadResult Read(IEnumerable<byte[]> frames) => Read(frames.Select(f => (f, 1_700_000_000u)));

    private static ReadResult Read(IEnumerable<(byte[] Frame, uint Seconds)> frames)
    {
        var file = new PcapBytes();
        foreach ((byte[] frame, uint seconds) in frames)
        {
            file.Add(frame, seconds);
        }

        return CaptureFolder.Read(file.ToArray());
    }

    public static TheoryData<bool, int[]> Orders()
    {
        var data = new TheoryData<bool, int[]>();
        foreach (bool isIPv6 in (bool[])[false, true])
        {
            data.Add(isIPv6, [0, 1, 2]);
            data.Add(isIPv6, [0, 2, 1]);
            data.Add(isIPv6, [1, 0, 2]);
            data.Add(isIPv6, [1, 2, 0]);
            data.Add(isIPv6, [2, 0, 1]);
            data.Add(isIPv6, [2, 1, 0]);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void EveryOrder_GivesOneDatagramAtThePacketThatCompletesIt(bool isIPv6, int[] order)
    {
        List<byte[]> frames = isIPv6 ? PacketBytes.Fragments6(PacketBytes.Udp(Payload), 1232) : PacketBytes.Fragments4(PacketBytes.Udp(Payload), 1480);

        ReadResult result = Read(order.Select((i, n) => (frames[i], 100u + (uint)n)));

        ReadDatagram datagram = Assert.Single(result.Datagrams);
        Assert.Equal(
            new ReadDatagram(
                3, 102_000_000, isIPv6 ? PacketBytes.Exporter6 : PacketBytes.Exporter, 5000, isIPv6 ? PacketBytes.Here6 : PacketBytes.Here, 2055,
                Convert.ToHexStringLower(Payload), false),
            datagram);
        Assert.Equal((3, 1, 1, 0), (result.Counters.Fragments, result.Counters.Reassembled, result.Counters.Datagrams, result.Counters.ReassembliesPending));
    }

    [Fact]
    public void LargestDatagram_IsReassembled()
    {
        byte[] payload = PacketBytes.Sequence(65_507);

        Assert.Equal([Convert.ToHexStringLower(payload)], Read(PacketBytes.Fragments4(PacketBytes.Udp(payload), 1480)).Payloads);
        Assert.Equal([Convert.ToHexStringLower(payload)], Read(PacketBytes.Fragments6(PacketBytes.Udp(payload), 1232)).Payloads);
    }

    [Fact]
    public void DestinationOptionsInTheFragmentedPart_ArePassedOver()
    {
        byte[] whole = PacketBytes.Extension(17, PacketBytes.Udp(Payload), 3);

        Assert.Equal([Convert.ToHexStringLower(Payload)], Read(PacketBytes.Fragments6(whole, 1232, nextHeader: 60)).Payloads);
    }

    [Fact]
    public void InterleavedDatagrams_AreKeptApartBySourceAndId()
    {
        List<byte[]> a = PacketBytes.Fragments4(PacketBytes.Udp(PacketBytes.Sequence(2000, 1)), 1000, id: 7);
        List<byte[]> b = PacketBytes.Fragments4(PacketBytes.Udp(PacketBytes.Sequence(2000, 2)), 1000, id: 8);
        List<byte[]> c = PacketBytes.Fragments4(PacketBytes.Udp(PacketBytes.Sequence(2000, 3)), 1000, id: 7, source: IpAddress.Parse("192.0.2.8"));

        ReadResult result = Read([a[0], b[0], c[0], c[1], a[1], b[1], c[2], b[2], a[2]]);

        Assert.Equal([3, 2, 1], result.Datagrams.Select(d => Enumerable.Range(1, 3).Single(s => d.Payload == Convert.ToHexStringLower(PacketBytes.Sequence(2000, s)))));
    }

    [Fact]
    public void EveryPacketTwice_GivesEachDatagramOnce()
    {
        List<byte[]> frames = PacketBytes.Fragments4(PacketBytes.Udp(Payload), 1480);

        ReadResult result = Read(frames.SelectMany(f => (byte[][])[f, f]));

        Assert.Single(result.Datagrams);
        Assert.Equal((2, 1), (result.Counters.FragmentsDuplicate, result.Counters.ReassembliesPending));
    }

    [Fact]
    public void PartialOverlap_SpoilsTheDatagram()
    {
        byte[] udp = PacketBytes.Udp(Payload);
        List<byte[]> frames = PacketBytes.Fragments4(udp, 1480);
        byte[] overlap = PacketBytes.Ethernet(PacketBytes.IPv4(udp.AsSpan(1472, 16), offset: 1472, more: true));

        ReadResult result = Read([frames[0], overlap, frames[1], frames[2]]);

        Assert.Empty(result.Datagrams);
        Assert.Equal((1, 1), (result.Counters.ReassemblyOverlap, result.Counters.ReassembliesPending));
    }

    [Fact]
    public void MissingFragments_AreWaitedForThirtySecondsOfCaptureTime()
    {
        List<byte[]> frames = PacketBytes.Fragments4(PacketBytes.Udp(Payload), 1480);

        ReadResult inTime = Read([(frames[0], 100), (frames[1], 110), (frames[2], 130)]);
        ReadResult late = Read([(frames[0], 100), (frames[1], 110), (frames[2], 131)]);

        Assert.Single(inTime.Datagrams);
        Assert.Empty(late.Datagrams);
        Assert.Equal((1, 1), (late.Counters.ReassemblyTimeout, late.Counters.ReassembliesPending));
    }

    [Fact]
    public void BeyondTheLimit_TheOldestIsGivenUp()
    {
        var first = Enumerable.Range(0, 257).Select(i => PacketBytes.Fragments4(PacketBytes.Udp([1, 2, 3, 4, 5, 6, 7, 8]), 8, id: i)).ToList();

        ReadResult result = Read([.. first.Select(f => f[0]), .. first.Select(f => f[1])]);

        // 256 stay; the last fragment of the one given up begins a reassembly anew and drives out the next oldest, and so on.
        Assert.Equal(result.Counters.ReassembliesBegun, result.Counters.Reassembled + result.Counters.ReassemblyEvicted + result.Counters.ReassembliesPending);
        Assert.True(result.Counters.ReassemblyEvicted > 0);
        Assert.True(result.Counters.ReassembliesPending <= FragmentTable.DefaultLimit);
    }

    [Fact]
    public void GivenUpReassembly_MakesRoomForOthers()
    {
        var counters = new CaptureCounters();
        var table = new FragmentTable(counters, limit: 2);
        bool Add(int id, int part)
        {
            byte[] udp = PacketBytes.Udp([1, 2, 3, 4, 5, 6, 7, 8]);
            IpPacket.Read(PacketBytes.IPv4(udp.AsSpan(part * 8, 8), id: id, offset: part * 8, more: part == 0), out IpPacket packet);
            return table.TryAdd(in packet, 0, out _);
        }

        Assert.False(Add(1, 0));
        Assert.False(Add(2, 0));
        Assert.False(Add(3, 0));
        Assert.Equal((1, 2), (counters.ReassemblyEvicted, counters.ReassembliesPending));
        Assert.True(Add(2, 1));
        Assert.True(Add(3, 1));
        Assert.False(Add(1, 1));
        Assert.True(Add(1, 0));
        Assert.Equal((1, 0), (counters.ReassemblyEvicted, counters.ReassembliesPending));
    }

    [Fact]
    public void FragmentCutBySnapLength_IsCountedAndOfNoUse()
    {
        List<byte[]> frames = PacketBytes.Fragments4(PacketBytes.Udp(Payload), 1480);

        ReadResult result = Read([frames[0][..100], frames[1], frames[2]]);

        Assert.Empty(result.Datagrams);
        Assert.Equal((1, 1), (result.Counters.FragmentsTruncated, result.Counters.ReassembliesPending));
    }

    [Fact]
    public void WholeThatIsNoUdp_IsCountedAsBad()
    {
        // A UDP length beyond the whole, and TCP after the options.
        List<byte[]> lying = PacketBytes.Fragments4(PacketBytes.Udp(Payload, 4000), 1480);
        List<byte[]> tcp = PacketBytes.Fragments6(PacketBytes.Extension(6, new byte[100]), 48, nextHeader: 60);

        ReadResult result = Read([.. lying, .. tcp]);

        Assert.Empty(result.Datagrams);
        Assert.Equal((2, 0), (result.Counters.ReassemblyBad, result.Counters.Reassembled));
    }

    [Fact]
    public void FragmentsInTwoFiles_ComeTogether()
    {
        List<byte[]> frames = PacketBytes.Fragments4(PacketBytes.Udp(Payload), 1480);
        using var folder = new CaptureFolder();
        string first = folder.Write("1.pcap", new PcapBytes().Add(frames[0]).Add(frames[1]).ToArray());
        string second = folder.Write("2.pcapng", new PcapngBytes().Section(true).Interface().Packet(frames[2]).ToArray());

        ReadDatagram datagram = Assert.Single(CaptureFolder.ReadFiles(first, second).Datagrams);

        Assert.Equal((3ul, Convert.ToHexStringLower(Payload)), (datagram.Number, datagram.Payload));
    }
}
