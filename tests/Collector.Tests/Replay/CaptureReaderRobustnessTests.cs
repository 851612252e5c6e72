using Collector.Replay;
using Collector.Testing;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Collector.Tests.Replay;

/// <summary>Files that nobody meant to be read: no exception, bounded memory, and counters that close.</summary>
public class CaptureReaderRobustnessTests
{
    private static readonly byte[][] Begins =
    [
        [],
        new PcapBytes().ToArray(),
        new PcapBytes(isBigEndian: true, linkType: 101).ToArray(),
        new PcapngBytes().Section().Interface().ToArray(),
        new PcapngBytes().Section(isBigEndian: true).Interface(113).ToArray(),
    ];

    [Fact]
    public void AnyBytes_AreRefusedOrCounted()
    {
        Gen<byte[]> files =
            from begin in Gen.Elements(Begins)
            from rest in ArbMap.Default.GeneratorFor<byte[]>()
            select (byte[])[.. begin, .. rest];
        Prop.ForAll(files.ToArbitrary(), file => Check(file)).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(400));
    }

    [Fact]
    public void AnyFrames_AreRefusedOrCounted()
    {
        // Real headers with any bytes changed get much further than noise.
        List<byte[]> seeds =
        [
            PacketBytes.Frame(PacketBytes.Sequence(30)),
            PacketBytes.Ethernet(PacketBytes.IPv6(PacketBytes.Extension(43, PacketBytes.Extension(17, PacketBytes.Udp([1, 2, 3])), 1), 0), 0x86DD, 0x88A8, 0x8100),
            .. PacketBytes.Fragments4(PacketBytes.Udp(PacketBytes.Sequence(64)), 24),
            .. PacketBytes.Fragments6(PacketBytes.Extension(17, PacketBytes.Udp(PacketBytes.Sequence(64))), 24, nextHeader: 60),
        ];
        Gen<byte[]> frame =
            from seed in Gen.Elements(seeds.ToArray())
            from changes in Gen.ListOf(Gen.Choose(0, seed.Length - 1).Zip(Gen.Choose(0, 255)))
            from length in Gen.Frequency((3, Gen.Constant(seed.Length)), (1, Gen.Choose(0, seed.Length)))
            select Change(seed, [.. changes.Take(3)])[..length];
        Gen<byte[]> files =
            from frames in Gen.ListOf(frame)
            from seconds in Gen.ListOf(Gen.Choose(0, 100))
            select frames.Select((f, i) => (f, i)).Aggregate(new PcapBytes(), (p, f) => p.Add(f.f, (uint)(f.i + seconds.ElementAtOrDefault(f.i)))).ToArray();

        Prop.ForAll(files.ToArbitrary(), file => Check(file)).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithEndSize(60));
    }

    [SharedCapturesFact]
    public void RealCapturesCutAnywhere_GiveTheirBeginning()
    {
        byte[][] captures = RealCaptures();
        Gen<(byte[], int)> cuts =
            from capture in Gen.Elements(captures)
            from length in Gen.Choose(0, capture.Length)
            select (capture, length);
        Prop.ForAll(cuts.ToArbitrary(), c =>
        {
            ReadResult whole = CaptureFolder.Read(c.Item1);
            ReadResult cut = Check(c.Item1[..c.Item2]);
            Assert.Equal(whole.Datagrams.Take(cut.Datagrams.Count), cut.Datagrams);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [SharedCapturesFact]
    public void RealCapturesWithBitsFlipped_AreRefusedOrCounted()
    {
        byte[][] captures = RealCaptures();
        Gen<byte[]> files =
            from capture in Gen.Elements(captures)
            from changes in Gen.NonEmptyListOf(Gen.Choose(0, capture.Length - 1).Zip(Gen.Choose(0, 255)))
            select Change(capture, [.. changes]);
        Prop.ForAll(files.ToArbitrary(), file => Check(file)).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void HostileLengths_ReserveNoMemory()
    {
        byte[] block = new PcapngBytes().Section().Interface().Block(0xBAD, [], length: 0xFFFF_FFF0).ToArray();
        CaptureFolder.Read(block);
        long before = GC.GetAllocatedBytesForCurrentThread();
        CaptureFolder.Read(block);

        // One window, and what the test itself takes.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, CaptureSource.WindowSize + 100_000);
    }

    private static byte[][] RealCaptures() =>
        [.. Directory.EnumerateFiles(RepositoryPaths.SharedCaptures, "*.pcap", SearchOption.AllDirectories).Order().Select(File.ReadAllBytes).Where(b => b.Length < 20_000)];

    private static byte[] Change(byte[] bytes, IReadOnlyList<(int At, int Value)> changes)
    {
        byte[] changed = [.. bytes];
        foreach ((int at, int value) in changes)
        {
            changed[at] = (byte)value;
        }

        return changed;
    }

    private static ReadResult Check(byte[] file)
    {
        ReadResult result = CaptureFolder.Read(file);
        CaptureCounters c = result.Counters;
        Assert.Equal(c.Packets, c.Datagrams - c.Reassembled + c.Fragments + c.NotIp + c.NotUdp + c.Bad + c.UnknownLinkType);
        Assert.Equal(
            c.ReassembliesBegun, c.Reassembled + c.ReassemblyBad + c.ReassemblyOverlap + c.ReassemblyTimeout + c.ReassemblyEvicted + c.ReassembliesPending);
        Assert.Equal((ulong)c.Packets, result.Number);
        Assert.Equal(c.Datagrams, result.Datagrams.Count);
        Assert.Equal(c.Octets, result.Datagrams.Sum(d => d.Payload.Length / 2));
        Assert.Equal(c.Truncated, result.Datagrams.Count(d => d.IsTruncated));
        Assert.All(result.Datagrams, d => Assert.InRange(d.Time, 0, result.LatestTime));
        return result;
    }
}
