using Xunit;

namespace Collector.Tests.Replay;

public class PcapngFormatTests
{
    private static readonly byte[] One = PacketBytes.Frame([1]);
    private static readonly byte[] Two = PacketBytes.Frame([2]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EitherByteOrder_GivesTheSameDatagram(bool isBigEndian)
    {
        byte[] file = new PcapngBytes().Section(isBigEndian).Interface().Packet(One, 1_700_000_000_000_042).ToArray();

        ReadResult result = CaptureFolder.Read(file);

        Assert.Equal([new ReadDatagram(1, 1_700_000_000_000_042, PacketBytes.Exporter, 5000, PacketBytes.Here, 2055, "01", false)], result.Datagrams);
        Assert.Empty(result.Warnings);
    }

    [Theory]
    [InlineData(6, 0, 1_700_000_000_123_456, 1_700_000_000_123_456)]
    [InlineData(9, 0, 1_700_000_000_123_456_789, 1_700_000_000_123_456)]
    [InlineData(3, 0, 1_700_000_000_123, 1_700_000_000_123_000)]
    [InlineData(0, 0, 1_700_000_000, 1_700_000_000_000_000)]
    [InlineData(6, 1_700_000_000, 42, 1_700_000_000_000_042)]
    [InlineData(6, -1_700_000_000, 1_700_000_000_000_042, 42)]
    [InlineData(0x80 | 10, 0, (1_700_000_000L << 10) | 512, 1_700_000_000_500_000)]
    [InlineData(0x80 | 20, 0, (1_700_000_000L << 20) | 1, 1_700_000_000_000_000)]
    public void ResolutionAndOffset_GiveMicroseconds(byte resolution, long offset, long stamp, long expected)
    {
        byte[] file = new PcapngBytes().Section(true).Interface(resolution: resolution, offset: offset).Packet(One, (ulong)stamp).ToArray();

        Assert.Equal(expected, Assert.Single(CaptureFolder.Read(file).Datagrams).Time);
    }

    [Fact]
    public void SeveralInterfacesAndSections_EachKeepTheirOwnMeaning()
    {
        byte[] file = new PcapngBytes()
            .Section().Interface(1).Interface(101, resolution: 9)
            .Packet(One, 1_000_000, 0).Packet(PacketBytes.IPv4(PacketBytes.Udp([2])), 2_000_000_000, 1)
            .Section(isBigEndian: true).Interface(101, resolution: 3)
            .Packet(PacketBytes.IPv4(PacketBytes.Udp([3])), 3_000, 0)
            .ToArray();

        ReadResult result = CaptureFolder.Read(file);

        Assert.Equal(["01", "02", "03"], result.Payloads);
        Assert.Equal([1_000_000, 2_000_000, 3_000_000], result.Datagrams.Select(d => d.Time));
    }

    [Fact]
    public void UnknownBlocksAndOptions_ArePassedOver()
    {
        byte[] file = new PcapngBytes()
            .Section().Block(5, new byte[60]).Interface().Block(0x0BAD, new byte[3_000_000])
            .Packet(One, withOptions: true).Block(4, []).Packet(Two).Block(0x8000_0001, new byte[8])
            .ToArray();

        ReadResult result = CaptureFolder.Read(file);

        Assert.Equal(["01", "02"], result.Payloads);
        Assert.Empty(result.Warnings);
        Assert.Equal(2ul, result.Number);
    }

    [Fact]
    public void SimplePacket_HasTheTimeOfTheOneBefore()
    {
        byte[] file = new PcapngBytes().Section().Interface(snapLength: 100).SimplePacket(One).Packet(Two, 77).SimplePacket(One).ToArray();

        ReadResult result = CaptureFolder.Read(file);

        Assert.Equal([0, 77, 77], result.Datagrams.Select(d => d.Time));
        Assert.Equal(["01", "02", "01"], result.Payloads);
    }

    [Fact]
    public void SimplePacketCutBySnapLength_IsTruncated()
    {
        byte[] frame = PacketBytes.Frame(PacketBytes.Sequence(100));
        byte[] file = new PcapngBytes().Section().Interface(snapLength: 62).SimplePacket(frame.AsSpan(0, 62), frame.Length).ToArray();

        ReadDatagram datagram = Assert.Single(CaptureFolder.Read(file).Datagrams);

        Assert.True(datagram.IsTruncated);
        Assert.Equal(Convert.ToHexStringLower(PacketBytes.Sequence(20)), datagram.Payload);
    }

    [Fact]
    public void ObsoletePacketBlock_IsRead()
    {
        byte[] file = new PcapngBytes().Section().Interface(101).Interface().ObsoletePacket(One, 99, 1).ToArray();

        ReadDatagram datagram = Assert.Single(CaptureFolder.Read(file).Datagrams);

        Assert.Equal((99, "01"), (datagram.Time, datagram.Payload));
    }

    public static TheoryData<string, byte[], string> Damages() => new()
    {
        { "length below 12", Start().Block(9, [], length: 8).ToArray(), "block of 8 bytes" },
        { "length no multiple of four", Start().Block(9, [0, 0, 0], length: 15).ToArray(), "block of 15 bytes" },
        { "lengths differ", Start().Block(9, [], trailer: 16).ToArray(), "two lengths" },
        { "packet of no interface", Start().Packet(Two, number: 1).ToArray(), "interface 1" },
        { "packet longer than its block", Start().Packet(Two, captured: 48).ToArray(), "48 bytes" },
        { "packet of 4 GiB", Start().Packet(Two, captured: uint.MaxValue).ToArray(), "4294967295 bytes" },
        { "short packet block", Start().Block(6, new byte[16]).ToArray(), "too short" },
        { "short interface block", Start().Block(1, new byte[4]).ToArray(), "too short" },
        { "short simple block", Start().Block(3, []).ToArray(), "too short" },
        { "block beyond the end", Start().Block(9, new byte[8], length: 0xFFFF_FFF0).ToArray(), "middle of a block" },
        { "section without magic", Start().Block(0x0A0D0D0A, new byte[16]).ToArray(), "section header" },
        { "section of another version", Start().Section(major: 2).ToArray(), "version 2" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void Damage_IsOneWarningAndWhatCameBeforeCounts(string name, byte[] file, string sentence)
    {
        ReadResult result = CaptureFolder.Read(file);

        Assert.True(result.Payloads.SequenceEqual(["01"]), name);
        Assert.Contains(sentence, Assert.Single(result.Warnings));
        Assert.Equal(1, result.Counters.DamagedFiles);
    }

    [Fact]
    public void SimplePacketBeforeAnyInterface_IsDamage() =>
        Assert.Contains("before any interface", Assert.Single(CaptureFolder.Read(new PcapngBytes().Section().SimplePacket(One).ToArray()).Warnings));

    [Fact]
    public void InterfaceWithoutEnd_EndsWithItsBlock()
    {
        // Options that run into the end of the block, with a length that points beyond it.
        byte[] file = new PcapngBytes().Section().Block(1, [1, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0xFF, 0xFF, 3, 0, 0, 0]).Packet(One, 55).ToArray();

        Assert.Equal(55, Assert.Single(CaptureFolder.Read(file).Datagrams).Time);
    }

    [Fact]
    public void MoreInterfacesThanTheLimit_IsDamage()
    {
        PcapngBytes file = new PcapngBytes().Section();
        for (int i = 0; i <= 65_536; i++)
        {
            file.Block(1, new byte[8]);
        }

        Assert.Contains("65536 interfaces", Assert.Single(CaptureFolder.Read(file.ToArray()).Warnings));
    }

    private static PcapngBytes Start() => new PcapngBytes().Section().Interface().Packet(One);
}
