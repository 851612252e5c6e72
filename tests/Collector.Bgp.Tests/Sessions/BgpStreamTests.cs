using Collector.Bgp.Messages;
using Collector.Bgp.Rib;
using Collector.Bgp.Sessions;
using Collector.Net;
using Collector.Testing;
using Collector.Testing.Builders;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Collector.Bgp.Tests.Sessions;

/// <summary>Whole sessions as bytes, into a real table.</summary>
public sealed class BgpStreamTests : IDisposable
{
    private static readonly DateTimeOffset Time = DateTimeOffset.UnixEpoch;

    private static readonly byte[] Open = ScriptedPeer.OpenOf(ScriptedPeer.Usual + "4508 00010103 00020103");

    private static readonly byte[] Updates =
    [
        .. new UpdateBuilder().Mandatory("192.0.2.1", 65001, 65002).Attribute(0xC0, 8, Convert.FromHexString("FDE900C8")).Announce("1@10.0.0.0/8", "2@10.0.0.0/8", "1@10.1.0.0/16").Message(),
        .. new UpdateBuilder().Origin(0).AsPath(65001).MpReach(2, 1, new byte[16], UpdateBuilder.Prefixes("7@2001:db8::/32")).Message(),
        .. new UpdateBuilder().Withdraw("2@10.0.0.0/8").Message(),
    ];

    private readonly RouteTable _table = new(new RouteTableOptions(), TimeProvider.System);
    private readonly BgpSpeaker _speaker;

    public BgpStreamTests() => _speaker = new BgpSpeaker(new SpeakerOptions { TakesAll = true }, _table, new SpeakerRig.Recorder(), TimeProvider.System);

    public void Dispose() => _table.Dispose();

    private BgpStream Stream() => _speaker.OpenStream(IpAddress.Parse("10.0.0.2"), 40000)!;

    private List<string> Routes()
    {
        var routes = new List<string>();
        lock (_table.WriterLock)
        {
            RouteEntry[] entries = new RouteEntry[64];
            foreach (BgpPeer peer in _speaker.Peers.Where(p => p.Rib is not null))
            {
                RouteCursor cursor = default;
                peer.Rib!.Read(ref cursor, entries, out int count);
                routes.AddRange(entries.Take(count).Select(e => $"{e.Nlri.PathId}@{e.Nlri}"));
            }
        }

        return routes;
    }

    [Fact]
    public void AStream_GivesTheSameRoutesHoweverItComes()
    {
        string[] expected = ["1@10.0.0.0/8", "1@10.1.0.0/16", "7@2001:db8::/32"];
        byte[] bytes = [.. Open, .. UpdateBuilder.Message(4), .. Updates];
        foreach (int size in new[] { bytes.Length, 1, 7, 100 })
        {
            BgpStream stream = Stream();
            foreach (byte[] chunk in bytes.Chunk(size))
            {
                stream.FromPeer(chunk, Time);
            }

            Assert.Equal(expected, Routes());
            stream.End("the test is over");
            Assert.Empty(Routes());
        }
    }

    [Fact]
    public void TheCollectorsOpen_SaysHowUpdatesAreRead()
    {
        BgpStream stream = Stream();
        stream.FromPeer(Open, Time);

        // It did not agree to ADD-PATH.
        stream.FromCollector(ScriptedPeer.OpenOf(ScriptedPeer.Usual), Time);
        stream.FromPeer(new UpdateBuilder().Mandatory("192.0.2.1", 65001).Announce("10.0.0.0/8").Message(), Time);
        Assert.Equal(["0@10.0.0.0/8"], Routes());
        stream.FromCollector(UpdateBuilder.Message(3, 6, 2), Time);
        Assert.True(stream.IsOver);
        Assert.Empty(Routes());
    }

    [Fact]
    public void EveryBitOfAStream_Flipped_GivesNoRouteThatIsNone()
    {
        for (int bit = 0; bit < Updates.Length * 8; bit++)
        {
            byte[] flipped = [.. Updates];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            BgpStream stream = Stream();
            stream.FromPeer(Open, Time);
            stream.FromPeer(flipped, Time);
            Assert.All(Routes(), r => Assert.True(byte.Parse(r.Split('/')[1]) <= (r.Contains(':') ? 128 : 32), r));
            stream.End("the test is over");
            Assert.Empty(Routes());
        }
    }

    [Fact]
    public void AnyBytes_EndTheStream_OrWaitForMore() => Prop.ForAll<byte[], bool>((bytes, afterOpen) =>
    {
        BgpStream stream = Stream();
        stream.FromPeer(afterOpen ? Open : [], Time);
        stream.FromPeer(bytes, Time);
        stream.FromCollector(bytes, Time);
        stream.End("the test is over");
        Assert.Empty(Routes());
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void AnUpdate_AllocatesNothingOnceItsBuffersHaveGrown()
    {
        BgpStream stream = new BgpSpeaker(new SpeakerOptions { TakesAll = true }, _table, new Silent(), TimeProvider.System).OpenStream(IpAddress.Parse("10.0.0.3"), 1)!;
        stream.FromPeer(Open, Time);
        byte[] withdraw = new UpdateBuilder().Withdraw("1@10.1.0.0/16").Message();
        stream.FromPeer(Updates, Time);
        Assert.Equal(0, Allocation.OfSteadyState(() =>
        {
            for (int i = 0; i < 200; i++)
            {
                stream.FromPeer(Updates, Time);
                stream.FromPeer(withdraw, Time);
            }
        }));
    }

    private sealed class Silent : BgpObserver
    {
    }
}
