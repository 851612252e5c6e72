using Collector.Bgp.Rib;
using Collector.Enrichment.Routes;
using Collector.Net;
using Xunit;

namespace Collector.Tests.Enrichment.Routes;

public sealed class PeerSelectionTests : IDisposable
{
    private readonly RouteRig _rig = new();
    private readonly PeerSelection _selection = new(disableRouterIdCheck: false);

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Choose_RouterIdOrSessionAddress_TheFirstByIndex()
    {
        _rig.Peer("192.0.2.1", "10.0.0.1");
        _rig.Peer("10.0.0.1", "10.0.0.2");
        Assert.Equal((0, PeerMatch.RouterId), Of(_selection, "10.0.0.1"));
        Assert.Equal((0, PeerMatch.SessionAddress), Of(_selection, "192.0.2.1"));
        Assert.Equal((1, PeerMatch.RouterId), Of(_selection, "10.0.0.2"));
        Assert.Equal((-1, PeerMatch.None), Of(_selection, "10.0.0.3"));
    }

    [Fact]
    public void Choose_RouterIdCheckDisabled_OnlyTheSessionAddress()
    {
        _rig.Peer("192.0.2.1", "10.0.0.1");
        _rig.Peer("10.0.0.1", "10.0.0.2");
        PeerSelection selection = new(disableRouterIdCheck: true);
        Assert.Equal((1, PeerMatch.SessionAddress), Of(selection, "10.0.0.1"));
        Assert.Equal((-1, PeerMatch.None), Of(selection, "10.0.0.2"));
    }

    [Fact]
    public void Choose_PortOfTheMap_MustBeTheSessions()
    {
        _rig.Peer("192.0.2.1", "10.0.0.1", port: 1000);
        _rig.Peer("192.0.2.1", "10.0.0.2", port: 2000);
        Assert.Equal(1, _selection.Choose(_rig.Routes.Peers, IpAddress.Parse("192.0.2.1"), 2000).Index);
        Assert.Equal(0, _selection.Choose(_rig.Routes.Peers, IpAddress.Parse("192.0.2.1")).Index);
        Assert.Equal(-1, _selection.Choose(_rig.Routes.Peers, IpAddress.Parse("192.0.2.1"), 3000).Index);
    }

    [Fact]
    public void Choose_PeersComeAndGo_IsNotKeptBeyondThat()
    {
        Assert.Equal(-1, Of(_selection, "192.0.2.1").Index);
        AdjRibIn peer = _rig.Peer("192.0.2.1");
        Assert.Equal(0, Of(_selection, "192.0.2.1").Index);
        lock (_rig.Routes.WriterLock)
        {
            peer.SetState(PeerState.Down);
        }

        PeerChoice down = _selection.Choose(_rig.Routes.Peers, IpAddress.Parse("192.0.2.1"));
        Assert.Equal((-1, true, PeerMatch.RouterId), (down.Index, down.IsDown, down.Match));
        lock (_rig.Routes.WriterLock)
        {
            peer.SetState(PeerState.Stale);
        }

        Assert.Equal(0, Of(_selection, "192.0.2.1").Index);
    }

    [Fact]
    public void Choose_APeerThatIsDown_GivesWayToOneWithRoutes()
    {
        AdjRibIn first = _rig.Peer("192.0.2.1", "10.0.0.1");
        _rig.Peer("192.0.2.1", "10.0.0.1");
        lock (_rig.Routes.WriterLock)
        {
            first.SetState(PeerState.Down);
        }

        Assert.Equal(1, Of(_selection, "192.0.2.1").Index);
    }

    private (int Index, PeerMatch Match) Of(PeerSelection selection, string address)
    {
        PeerChoice choice = selection.Choose(_rig.Routes.Peers, IpAddress.Parse(address));
        return (choice.Index, choice.Match);
    }
}
