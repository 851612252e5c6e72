using System.IO.Compression;
using System.Runtime.CompilerServices;
using Collector.Replay;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Replay;

public class CaptureReaderTests
{
    private static readonly byte[] Arp = PacketBytes.Ethernet(new byte[28], 0x0806);

    // The tests pack before the reader unpacks, and its setting must come before either.
    static CaptureReaderTests() => RuntimeHelpers.RunClassConstructor(typeof(CaptureSource).TypeHandle);

    [Fact]
    public void SeveralFiles_AreOneNumberingAndOneClock()
    {
        using var folder = new CaptureFolder();
        string a = folder.Write("a.pcap", new PcapBytes().Add(Arp, 10).Add(PacketBytes.Frame([1]), 50).Add(Arp, 60).ToArray());
        string b = folder.Write("b.pcapng", new PcapngBytes().Section().Interface().Packet(PacketBytes.Frame([2]), 40_000_000).ToArray());

        ReadResult result = CaptureFolder.ReadFiles(a, b, a);

        Assert.Equal([2, 4, 6], result.Datagrams.Select(d => (int)d.Number));
        Assert.Equal([50_000_000, 40_000_000, 50_000_000], result.Datagrams.Select(d => d.Time));
        Assert.Equal((7ul, 60_000_000), (result.Number, result.LatestTime));
        Assert.Equal((7, 4, 3), (result.Counters.Packets, result.Counters.NotIp, result.Counters.Datagrams));
    }

    [Fact]
    public void Gzip_IsReadLikeThePlainFile()
    {
        byte[] plain = new PcapBytes().Add(PacketBytes.Frame([1])).Add(PacketBytes.Frame(PacketBytes.Sequence(60_000))).ToArray();

        ReadResult result = CaptureFolder.Read(Gzip(plain));

        Assert.Equal(CaptureFolder.Read(plain).Datagrams, result.Datagrams);
        Assert.Equal(2, result.Datagrams.Count);
        Assert.Null(result.Failure);
    }

    [Fact]
    public void DamagedGzip_IsOneWarningAndTheNextFileIsRead()
    {
        using var folder = new CaptureFolder();
        var plain = new PcapBytes();
        for (int i = 0; i < 100; i++)
        {
            byte[] payload = new byte[30_000];
            new Random(i).NextBytes(payload);
            plain.Add(PacketBytes.Frame(payload));
        }

        byte[] zipped = Gzip(plain.ToArray());
        byte[] flipped = [.. zipped];
        flipped.AsSpan(zipped.Length / 2, 40).Fill(0xFF);
        string good = folder.Write("good.pcap", new PcapBytes().Add(PacketBytes.Frame([7])).ToArray());

        foreach (byte[] damaged in (byte[][])[zipped[..(zipped.Length / 2)], zipped[..^1], flipped])
        {
            ReadResult result = CaptureFolder.ReadFiles(folder.Write("bad.pcap.gz", damaged), good);

            Assert.Contains("bad.pcap.gz: ", Assert.Single(result.Warnings));
            Assert.True(result.Datagrams.Count > 20);
            Assert.Equal("07", result.Payloads.Last());
            Assert.Null(result.Failure);
        }
    }

    [Fact]
    public void CutGzipHeader_IsAFailureWithThePath() => Assert.Contains("a.pcap: ", CaptureFolder.Read([0x1F, 0x8B, 8]).Failure);

    public static TheoryData<byte[], string> NoCaptures() => new()
    {
        { [], "the file is empty" },
        { [0xD4, 0xC3], "too short" },
        { "GET / HTTP/1.1"u8.ToArray(), "neither pcap nor pcapng" },
        { new byte[100], "neither pcap nor pcapng" },
        { [0x28, 0xB5, 0x2F, 0xFD, 0], "zstd -d" },
        { [0xFD, 0x37, 0x7A, 0x58, 0x5A], "xz -d" },
        { "BZh91AY"u8.ToArray(), "bzip2 -d" },
        { "snoop\0\0\0"u8.ToArray(), "editcap" },
        { [0x0C, 0xA5, 2, 0, 0], "nfcapd" },
        { new PcapBytes().ToArray()[..23], "ends within its header" },
    };

    [Theory]
    [MemberData(nameof(NoCaptures))]
    public void FileThatIsNoCapture_IsOneSentenceWithThePath(byte[] bytes, string sentence)
    {
        ReadResult result = CaptureFolder.Read(bytes);

        Assert.Contains(sentence, result.Failure);
        Assert.Matches(@"^/.*/a\.pcap: .*\.$", result.Failure);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void SectionHeaderAlone_IsNoFailureOfTheWholeReplay()
    {
        ReadResult result = CaptureFolder.Read([0x0A, 0x0D, 0x0D, 0x0A, 28, 0, 0, 0]);

        Assert.Null(result.Failure);
        Assert.Single(result.Warnings);
    }

    [Fact]
    public void Check_NamesEveryWrongFileAtOnce()
    {
        using var folder = new CaptureFolder();
        string good = folder.Write("good.pcap", new PcapBytes().ToArray());
        string text = folder.Write("notes.txt", "not a capture"u8.ToArray());
        string missing = Path.Combine(folder.Path, "missing.pcap");

        IReadOnlyList<string> faults = CaptureReader.Check([good, missing, text, folder.Path]);

        Assert.Equal(
            [$"{missing}: there is no such file.", $"{text}: this is neither pcap nor pcapng.", $"{folder.Path}: this is a folder; name the capture files in it."],
            faults);
    }

    [Fact]
    public void MissingFileInBetween_EndsTheReplayThere()
    {
        using var folder = new CaptureFolder();
        string good = folder.Write("good.pcap", new PcapBytes().Add(PacketBytes.Frame([1])).ToArray());

        ReadResult result = CaptureFolder.ReadFiles(good, Path.Combine(folder.Path, "gone.pcap"), good);

        Assert.Equal(["01"], result.Payloads);
        Assert.EndsWith("gone.pcap: there is no such file.", result.Failure);
    }

    [Fact]
    public void BytesRead_ReachTheTotal()
    {
        using var folder = new CaptureFolder();
        byte[] plain = new PcapBytes().Add(PacketBytes.Frame(PacketBytes.Sequence(5000))).ToArray();
        string a = folder.Write("a.pcap", plain);
        string b = folder.Write("b.pcap.gz", Gzip(plain));
        using var reader = new CaptureReader([a, b], _ => { });
        while (reader.TryRead(out _))
        {
        }

        Assert.Equal(new FileInfo(a).Length + new FileInfo(b).Length, reader.TotalBytes);
        Assert.Equal(reader.TotalBytes, reader.BytesRead);
    }

    [Fact]
    public void ReadAfterTheEnd_StaysAtTheEnd()
    {
        using var folder = new CaptureFolder();
        using var reader = new CaptureReader([folder.Write("a.pcap", new PcapBytes().Add(PacketBytes.Frame([1])).ToArray())], _ => { });

        Assert.True(reader.TryRead(out _));
        Assert.False(reader.TryRead(out _));
        Assert.False(reader.TryRead(out _));
        Assert.Equal(1ul, reader.Number);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SteadyState_AllocatesNothing(bool isPcapng)
    {
        List<byte[]> frames = [Arp, PacketBytes.Frame(PacketBytes.Sequence(1400)), .. PacketBytes.Fragments4(PacketBytes.Udp(PacketBytes.Sequence(4000)), 1480)];
        var pcap = new PcapBytes();
        PcapngBytes pcapng = new PcapngBytes().Section().Interface(resolution: 9);
        for (int i = 0; i < 4000; i++)
        {
            foreach (byte[] frame in frames)
            {
                pcap.Add(frame);
                pcapng.Packet(frame);
            }
        }

        using var folder = new CaptureFolder();
        string file = folder.Write("a", isPcapng ? pcapng.ToArray() : pcap.ToArray());
        using var reader = new CaptureReader([file, file], _ => { });
        Read(reader, 8010);
        int rounds = 0;

        long allocated = Allocation.OfSteadyState(
            () =>
            {
                Read(reader, 1980);
                rounds++;
            },
            rounds: 4);

        Assert.Equal(0, allocated);
        Assert.InRange(rounds, 1, 4);

        static void Read(CaptureReader reader, int datagrams)
        {
            for (int i = 0; i < datagrams; i++)
            {
                Assert.True(reader.TryRead(out _));
            }
        }
    }

    [Fact]
    public async Task NamedPipe_IsRead()
    {
        using var folder = new CaptureFolder();
        string pipe = Path.Combine(folder.Path, "pipe");
        using (System.Diagnostics.Process made = System.Diagnostics.Process.Start("mkfifo", pipe))
        {
            await made.WaitForExitAsync();
        }

        var writer = Task.Run(() =>
        {
            using var stream = new FileStream(pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            stream.Write(Gzip(new PcapBytes().Add(PacketBytes.Frame([1])).Add(PacketBytes.Frame(PacketBytes.Sequence(60_000))).ToArray()));
        });

        Assert.Empty(CaptureReader.Check([pipe]));
        ReadResult result = CaptureFolder.ReadFiles(pipe);
        await writer;

        Assert.Equal(2, result.Datagrams.Count);
        Assert.Null(result.Failure);
    }

    private static byte[] Gzip(byte[] plain)
    {
        var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest))
        {
            gzip.Write(plain);
        }

        return zipped.ToArray();
    }
}
