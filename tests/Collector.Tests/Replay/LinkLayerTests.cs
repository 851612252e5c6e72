using Xunit;

namespace Collector.Tests.Replay;

public class LinkLayerTests
{
    private static readonly byte[] Packet4 = PacketBytes.IPv4(PacketBytes.Udp([4]));
    private static readonly byte[] Packet6 = PacketBytes.IPv6(PacketBytes.Udp([6]));

    public static TheoryData<string, int, byte[], string> Frames() => new()
    {
        { "Ethernet", 1, PacketBytes.Ethernet(Packet4), "04" },
        { "Ethernet IPv6", 1, PacketBytes.Ethernet(Packet6, 0x86DD), "06" },
        { "Ethernet, short frame padded", 1, [.. PacketBytes.Ethernet(Packet4), .. new byte[17]], "04" },
        { "802.1Q", 1, PacketBytes.Ethernet(Packet4, 0x0800, 0x8100), "04" },
        { "802.1ad over 802.1Q", 1, PacketBytes.Ethernet(Packet6, 0x86DD, 0x88A8, 0x8100), "06" },
        { "four tags", 1, PacketBytes.Ethernet(Packet4, 0x0800, 0x9100, 0x9200, 0x88A8, 0x8100), "04" },
        { "raw 101", 101, Packet4, "04" },
        { "raw 101 IPv6", 101, Packet6, "06" },
        { "raw 12", 12, Packet4, "04" },
        { "raw 14", 14, Packet6, "06" },
        { "IPv4", 228, Packet4, "04" },
        { "IPv6", 229, Packet6, "06" },
        { "SLL", 113, [0, 0, 3, 4, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, 8, 0, .. Packet4], "04" },
        { "SLL IPv6", 113, [0, 4, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x86, 0xDD, .. Packet6], "06" },
        { "SLL with a tag", 113, [0, 0, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, 0x81, 0, 0, 100, 8, 0, .. Packet4], "04" },
        { "SLL2", 276, [8, 0, 0, 0, 0, 0, 0, 1, 3, 4, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, .. Packet4], "04" },
        { "SLL2 IPv6", 276, [0x86, 0xDD, 0, 0, 0, 0, 0, 1, 3, 4, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, .. Packet6], "06" },
        { "SLL2 with a tag", 276, [0x81, 0, 0, 0, 0, 0, 0, 1, 3, 4, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, 0, 100, 8, 0, .. Packet4], "04" },
        { "NULL little-endian", 0, [2, 0, 0, 0, .. Packet4], "04" },
        { "NULL big-endian", 0, [0, 0, 0, 2, .. Packet4], "04" },
        { "NULL IPv6 of FreeBSD", 0, [28, 0, 0, 0, .. Packet6], "06" },
        { "NULL IPv6 of macOS", 0, [30, 0, 0, 0, .. Packet6], "06" },
        { "LOOP", 108, [0, 0, 0, 2, .. Packet4], "04" },
        { "LOOP IPv6 of OpenBSD", 108, [0, 0, 0, 24, .. Packet6], "06" },
    };

    [Theory]
    [MemberData(nameof(Frames))]
    public void EveryLinkType_GivesThePayload(string name, int linkType, byte[] frame, string payload)
    {
        ReadResult result = CaptureFolder.Read(new PcapBytes(linkType: linkType).Add(frame).ToArray());

        Assert.True(result.Payloads.SequenceEqual([payload]), name);
    }

    [Theory]
    [MemberData(nameof(Frames))]
    public void EveryFrameCutInItsHeaders_IsBadAndNothingElse(string name, int linkType, byte[] frame, string payload)
    {
        // Up to the last byte of the UDP header; what the padding case has beyond its payload is cut too.
        int headers = frame.AsSpan().IndexOf((byte[])(payload == "04" ? Packet4 : Packet6)) + (payload == "04" ? 28 : 48);
        for (int length = 0; length < headers; length++)
        {
            ReadResult result = CaptureFolder.Read(new PcapBytes(linkType: linkType).Add(frame.AsSpan(0, length)).ToArray());

            Assert.True(result.Counters.Bad == 1, $"{name} cut to {length}: {result.Counters.Bad}");
            Assert.Empty(result.Datagrams);
        }
    }

    [Theory]
    [InlineData(1, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 6, 0, 1, 8, 0 })]
    [InlineData(113, new byte[] { 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 8, 6, 0, 1 })]
    [InlineData(0, new byte[] { 7, 0, 0, 0, 0x45 })]
    [InlineData(101, new byte[] { 0x55 })]
    public void OtherProtocols_AreCountedAsNotIp(int linkType, byte[] frame)
    {
        ReadResult result = CaptureFolder.Read(new PcapBytes(linkType: linkType).Add(frame).ToArray());

        Assert.Equal((1, 0), (result.Counters.NotIp, result.Counters.Bad));
    }

    [Fact]
    public void VersionThatContradictsTheEtherType_IsBad()
    {
        ReadResult result = CaptureFolder.Read(new PcapBytes().Add(PacketBytes.Ethernet(Packet6)).Add(PacketBytes.Ethernet(Packet4, 0x86DD)).ToArray());

        Assert.Equal(2, result.Counters.Bad);
    }

    [Fact]
    public void UnknownLinkType_IsCountedAndOneWarningPerFile()
    {
        ReadResult result = CaptureFolder.Read(new PcapBytes(linkType: 127).Add(Packet4).Add(Packet4).ToArray());

        Assert.Equal(2, result.Counters.UnknownLinkType);
        Assert.Contains("link type 127", Assert.Single(result.Warnings));
    }
}
