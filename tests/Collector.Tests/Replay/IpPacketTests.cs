using Xunit;

namespace Collector.Tests.Replay;

public class IpPacketTests
{
    private static ReadResult Raw(params byte[][] packets)
    {
        var file = new PcapBytes(linkType: 101);
        foreach (byte[] packet in packets)
        {
            file.Add(packet);
        }

        return CaptureFolder.Read(file.ToArray());
    }

    [Theory]
    [InlineData(4)]
    [InlineData(40)]
    public void IPv4Options_ArePassedOver(int options) =>
        Assert.Equal(["0102"], Raw(PacketBytes.IPv4(PacketBytes.Udp([1, 2]), options: options)).Payloads);

    public static TheoryData<string, byte[]> ExtensionChains()
    {
        byte[] udp = PacketBytes.Udp([9]);
        byte[] authentication = [17, 4, .. new byte[22], .. udp];
        return new()
        {
            { "hop-by-hop", PacketBytes.IPv6(PacketBytes.Extension(17, udp), 0) },
            { "routing of 24 bytes", PacketBytes.IPv6(PacketBytes.Extension(17, udp, 2), 43) },
            { "destination options", PacketBytes.IPv6(PacketBytes.Extension(17, udp), 60) },
            { "authentication", PacketBytes.IPv6(authentication, 51) },
            { "mobility", PacketBytes.IPv6(PacketBytes.Extension(17, udp), 135) },
            { "four in a row", PacketBytes.IPv6(PacketBytes.Extension(60, PacketBytes.Extension(43, PacketBytes.Extension(51, authentication), 1)), 0) },
            { "fragment header around the whole", PacketBytes.IPv6(PacketBytes.Fragment6(17, udp, 0, false), 44) },
            { "destination options after a fragment header", PacketBytes.IPv6(PacketBytes.Fragment6(60, PacketBytes.Extension(17, udp), 0, false), 44) },
        };
    }

    [Theory]
    [MemberData(nameof(ExtensionChains))]
    public void IPv6ExtensionHeaders_ArePassedOver(string name, byte[] packet)
    {
        ReadResult result = Raw(packet);

        Assert.True(result.Payloads.SequenceEqual(["09"]), name);
        Assert.Equal(PacketBytes.Exporter6, result.Datagrams[0].Source);
        Assert.Equal(PacketBytes.Here6, result.Datagrams[0].Destination);
    }

    public static TheoryData<string, byte[]> NoUdp() => new()
    {
        { "TCP", PacketBytes.IPv4(new byte[20], 6) },
        { "IPv6 TCP", PacketBytes.IPv6(new byte[20], 6) },
        { "IPv6 no next header", PacketBytes.IPv6(new byte[8], 59) },
        { "IPv6 TCP after options", PacketBytes.IPv6(PacketBytes.Extension(6, new byte[20]), 60) },
        { "fragment of TCP", PacketBytes.IPv4(new byte[24], 6, more: true) },
        { "IPv6 fragment of TCP", PacketBytes.IPv6(PacketBytes.Fragment6(6, new byte[24], 0, true), 44) },
        { "IPv6 ESP", PacketBytes.IPv6(new byte[40], 50) },
    };

    [Theory]
    [MemberData(nameof(NoUdp))]
    public void OtherProtocols_AreCountedAsNotUdp(string name, byte[] packet)
    {
        ReadResult result = Raw(packet);

        Assert.True(result.Counters.NotUdp == 1, name);
        Assert.Equal(0, result.Counters.Fragments);
    }

    public static TheoryData<string, byte[]> BadHeaders()
    {
        byte[] udp = PacketBytes.Udp([1, 2, 3, 4]);
        byte[] shortHeader = PacketBytes.IPv4(udp);
        shortHeader[0] = 0x44;
        byte[] longHeader = PacketBytes.IPv4([]);
        longHeader[0] = 0x4F;
        return new()
        {
            { "header length below 20", shortHeader },
            { "header length beyond the packet", longHeader },
            { "total length below the header", PacketBytes.IPv4(udp, totalLength: 19) },
            { "total length cuts the UDP header", PacketBytes.IPv4(udp, totalLength: 27) },
            { "UDP length below 8", PacketBytes.IPv4(PacketBytes.Udp([1], 7)) },
            { "UDP length beyond a whole packet", PacketBytes.IPv4(PacketBytes.Udp([1], 10)) },
            { "UDP length beyond the total length", PacketBytes.IPv4(udp, totalLength: 30) },
            { "IPv6 UDP length beyond the packet", PacketBytes.IPv6(PacketBytes.Udp([1], 10)) },
            { "IPv6 extension beyond the packet", PacketBytes.IPv6(PacketBytes.Extension(17, [], 0), 0, 7) },
            { "IPv6 extension longer than the packet", PacketBytes.IPv6([17, 200, 0, 0, 0, 0, 0, 0], 60) },
            { "IPv6 fragment header cut", PacketBytes.IPv6(new byte[7], 44) },
            { "fragment of no bytes", PacketBytes.IPv4([], more: true) },
            { "fragment of 9 bytes", PacketBytes.IPv4(new byte[9], more: true) },
            { "fragment beyond 65,535", PacketBytes.IPv4(new byte[16], offset: 65_528) },
        };
    }

    [Theory]
    [MemberData(nameof(BadHeaders))]
    public void HeadersThatContradictThemselves_AreCountedAsBad(string name, byte[] packet)
    {
        ReadResult result = Raw(packet);

        Assert.True(result.Counters.Bad == 1, name);
        Assert.Empty(result.Datagrams);
    }

    [Fact]
    public void PayloadCutBySnapLength_IsMarkedAndCounted()
    {
        byte[] packet4 = PacketBytes.IPv4(PacketBytes.Udp(PacketBytes.Sequence(50)));
        byte[] packet6 = PacketBytes.IPv6(PacketBytes.Udp(PacketBytes.Sequence(50)));

        ReadResult result = Raw(packet4[..^1], packet6[..58], packet4, packet4[..28]);

        Assert.Equal([true, true, false, true], result.Datagrams.Select(d => d.IsTruncated));
        Assert.Equal([49, 10, 50, 0], result.Datagrams.Select(d => d.Payload.Length / 2));
        Assert.Equal((3, 4, 109), (result.Counters.Truncated, result.Counters.Datagrams, result.Counters.Octets));
    }

    [Fact]
    public void UdpLengthBelowThePacket_EndsThePayload() =>
        Assert.Equal(["0102"], Raw(PacketBytes.IPv4(PacketBytes.Udp([1, 2, 3, 4], 10))).Payloads);

    [Fact]
    public void LengthsOfZero_StandForTheWholePacket() => Assert.Equal(
        ["0102", "03", "04"],
        Raw(
            PacketBytes.IPv4(PacketBytes.Udp([1, 2]), totalLength: 0),
            PacketBytes.IPv6(PacketBytes.Udp([3]), length: 0),
            PacketBytes.IPv4(PacketBytes.Udp([4], length: 0))).Payloads);

    [Fact]
    public void LargestDatagram_IsRead() => Assert.Equal(
        Convert.ToHexStringLower(PacketBytes.Sequence(65_507)),
        Assert.Single(Raw(PacketBytes.IPv4(PacketBytes.Udp(PacketBytes.Sequence(65_507)))).Payloads));
}
