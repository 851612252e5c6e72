using Xunit;

namespace Collector.Tests.Replay;

public class PcapFormatTests
{
    [Theory]
    [InlineData(false, false, 1_700_000_001_000_042)]
    [InlineData(true, false, 1_700_000_001_000_042)]
    [InlineData(false, true, 1_700_000_001_000_000)]
    [InlineData(true, true, 1_700_000_001_000_000)]
    public void EveryMagic_GivesTheSameDatagram(bool isBigEndian, bool isNanoseconds, long time)
    {
        byte[] file = new PcapBytes(isBigEndian, isNanoseconds).Add(PacketBytes.Frame([1, 2, 3]), 1_700_000_001, 42).ToArray();

        ReadResult result = CaptureFolder.Read(file);

        var expected = new ReadDatagram(1, time, PacketBytes.Exporter, 5000, PacketBytes.Here, 2055, "010203", false);
        Assert.Equal([expected], result.Datagrams);
        Assert.Empty(result.Warnings);
        Assert.Null(result.Failure);
    }

    [Fact]
    public void Nanoseconds_AreRoundedDown()
    {
        byte[] file = new PcapBytes(isNanoseconds: true).Add(PacketBytes.Frame([1]), 5, 999_999_999).ToArray();

        Assert.Equal(5_999_999, Assert.Single(CaptureFolder.Read(file).Datagrams).Time);
    }

    [Fact]
    public void HeaderOnly_IsAnEmptyCapture()
    {
        ReadResult result = CaptureFolder.Read(new PcapBytes().ToArray());

        Assert.Empty(result.Datagrams);
        Assert.Empty(result.Warnings);
        Assert.Null(result.Failure);
    }

    [Fact]
    public void LastPacketCut_IsOneWarningAndTheOthersCount()
    {
        byte[] whole = new PcapBytes().Add(PacketBytes.Frame([1])).Add(PacketBytes.Frame([2])).ToArray();
        int second = 24 + 16 + PacketBytes.Frame([1]).Length;
        for (int length = second + 1; length < whole.Length; length++)
        {
            ReadResult result = CaptureFolder.Read(whole[..length]);

            Assert.Equal(["01"], result.Payloads);
            Assert.Contains("ends in the middle of a packet", Assert.Single(result.Warnings));
            Assert.Contains("a.pcap", result.Warnings[0]);
            Assert.Equal(1, result.Counters.DamagedFiles);
            Assert.Null(result.Failure);
        }
    }

    [Fact]
    public void LyingPacketLength_IsOneWarning()
    {
        byte[] file = new PcapBytes().Add(PacketBytes.Frame([1])).AddRaw([0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 4, 0, 1, 0, 4, 0]).AddRaw(new byte[1000]).ToArray();

        ReadResult result = CaptureFolder.Read(file);

        Assert.Equal(["01"], result.Payloads);
        Assert.Contains("262145 bytes", Assert.Single(result.Warnings));
    }

    [Fact]
    public void LargestPacket_IsRead()
    {
        byte[] frame = new byte[262_144];
        PacketBytes.Frame(PacketBytes.Sequence(40_000)).CopyTo(frame, 0);
        var file = new PcapBytes();
        for (int i = 0; i < 9; i++)
        {
            file.Add(frame);
        }

        ReadResult result = CaptureFolder.Read(file.ToArray());

        Assert.Equal(Enumerable.Repeat(Convert.ToHexStringLower(PacketBytes.Sequence(40_000)), 9), result.Payloads);
    }

    [Fact]
    public void OtherVersion_IsNamed() =>
        Assert.Contains("pcap version 1 is not known", CaptureFolder.Read(new PcapBytes(major: 1).ToArray()).Failure);

    [Fact]
    public void FrameCheckSequenceBits_AreNoLinkType()
    {
        byte[] file = new PcapBytes(linkType: 0x5400_0001).Add([.. PacketBytes.Frame([1]), 0xFC, 0x50, 0xFC, 0x50]).ToArray();

        Assert.Equal(["01"], CaptureFolder.Read(file).Payloads);
    }
}
