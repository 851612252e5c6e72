using Collector.Bgp.Messages;
using Collector.Bgp.Sessions;
using Xunit;

namespace Collector.Bgp.Tests.Sessions;

public class SessionMachineTests
{
    private static readonly OpenMessage Open = new() { As = 65001, HoldSeconds = 90, RouterId = 1 };

    private static SessionMachine Established(int hold = 180, int peerHold = 90)
    {
        var machine = new SessionMachine(hold, mayOpenFirst: true);
        machine.OnConnected(0, openFirst: false);
        machine.OnOpen(Open with { HoldSeconds = (ushort)peerHold }, 0);
        machine.OnKeepAlive(0);
        Assert.Equal(SessionState.Established, machine.State);
        return machine;
    }

    [Fact]
    public void Passive_AnswersTheOpenOfThePeer()
    {
        var machine = new SessionMachine(180, mayOpenFirst: false);
        Assert.Equal(SessionActions.None, machine.OnConnected(0, openFirst: false).Actions);
        Assert.Equal(SessionState.Active, machine.State);
        Assert.Equal(SessionActions.SendOpen | SessionActions.SendKeepAlive, machine.OnOpen(Open, 5).Actions);
        Assert.Equal((SessionState.OpenConfirm, 90), (machine.State, machine.HoldSeconds));
        Assert.Equal(SessionActions.Established, machine.OnKeepAlive(6).Actions);
    }

    [Fact]
    public void Active_OpensFirst()
    {
        var machine = new SessionMachine(180, mayOpenFirst: true);
        Assert.Equal(SessionActions.SendOpen, machine.OnConnected(0, openFirst: true).Actions);
        Assert.Equal(SessionState.OpenSent, machine.State);
        Assert.Equal(SessionActions.SendKeepAlive, machine.OnOpen(Open, 5).Actions);
        Assert.Equal(SessionState.OpenConfirm, machine.State);
    }

    [Fact]
    public void DelayOpen_EndsByOurOpenOrByTheConnection()
    {
        var knows = new SessionMachine(180, mayOpenFirst: true);
        knows.OnConnected(0, openFirst: false);
        Assert.Equal(SessionActions.None, knows.OnTime(SessionMachine.DelayOpenMilliseconds - 1).Actions);
        Assert.Equal(SessionActions.SendOpen, knows.OnTime(SessionMachine.DelayOpenMilliseconds).Actions);
        var not = new SessionMachine(180, mayOpenFirst: false);
        not.OnConnected(0, openFirst: false);
        Assert.Equal(SessionActions.Close, not.OnTime(SessionMachine.DelayOpenMilliseconds).Actions);
        Assert.Equal(SessionState.Idle, not.State);
    }

    [Theory]
    [InlineData(180, 90, 90)]
    [InlineData(30, 90, 30)]
    [InlineData(180, 0, 0)]
    [InlineData(0, 90, 0)]
    public void HoldTime_IsTheSmaller(int ours, int theirs, int expected) => Assert.Equal(expected, Established(ours, theirs).HoldSeconds);

    [Fact]
    public void KeepAlives_AreSentEachThirdOfTheHoldTime()
    {
        SessionMachine machine = Established();
        Assert.Equal(30_000, machine.Deadline);
        Assert.Equal(SessionActions.None, machine.OnTime(29_999).Actions);
        Assert.Equal(SessionActions.SendKeepAlive, machine.OnTime(30_000).Actions);
        Assert.Equal(60_000, machine.Deadline);
    }

    [Fact]
    public void HoldTime_RunsOutUnlessThePeerIsHeard()
    {
        SessionMachine machine = Established();
        machine.OnTime(30_000);
        machine.OnRoutes(40_000);
        machine.OnTime(60_000);
        machine.OnTime(90_000);
        machine.OnTime(120_000);
        Assert.Equal(130_000, machine.Deadline);
        SessionStep step = machine.OnTime(130_000);
        Assert.Equal(SessionActions.SendNotification | SessionActions.Close, step.Actions);
        Assert.Equal((4, 0), (step.Notification.Code, step.Notification.Subcode));
        Assert.Equal(long.MaxValue, machine.Deadline);
    }

    [Fact]
    public void NoHoldTime_NeedsNoKeepAlives() => Assert.Equal(long.MaxValue, Established(180, 0).Deadline);

    [Fact]
    public void UnexpectedMessages_AreFaultsOfTheStateTheyMeet()
    {
        var machine = new SessionMachine(180, mayOpenFirst: true);
        machine.OnConnected(0, openFirst: true);
        Assert.Equal((5, 1), Codes(machine.OnRoutes(0)));
        machine = new SessionMachine(180, mayOpenFirst: true);
        machine.OnConnected(0, openFirst: true);
        machine.OnOpen(Open, 0);
        Assert.Equal((5, 2), Codes(machine.OnRoutes(0)));
        Assert.Equal((5, 3), Codes(Established().OnOpen(Open, 0)));
        static (int, int) Codes(SessionStep step) => (step.Notification.Code, step.Notification.Subcode);
    }

    [Fact]
    public void TheEnd_IsTheEnd()
    {
        SessionMachine machine = Established();
        SessionStep step = machine.OnNotification(new NotificationMessage(6, 2));
        Assert.Equal(SessionActions.Close, step.Actions);
        Assert.Contains("Cease/Administrative Shutdown (6/2)", step.Reason, StringComparison.Ordinal);
        Assert.Equal(default, machine.OnDisconnected("again"));
        Assert.Equal(default, machine.OnFault(new NotificationMessage(6, 2)));
        Assert.Equal(default, machine.OnTime(long.MaxValue - 1));
    }
}
