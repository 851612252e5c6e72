using Collector.Hosting;
using Xunit;

namespace Collector.Tests.Hosting;

public sealed class ServiceNotifierTests
{
    [Fact]
    public void Send_SocketWithAPath_TakesTheStates()
    {
        using var manager = new NotifySocket();
        using var notifier = new ServiceNotifier(manager.Variable);
        notifier.Ready();
        notifier.Status("two\nlines");
        notifier.Alive();
        notifier.Stopping();

        Assert.True(notifier.IsActive);
        Assert.Equal(["READY=1", "STATUS=two lines", "WATCHDOG=1", "STOPPING=1"], manager.Receive(4));
    }

    [Fact]
    public void Send_AbstractSocket_TakesTheStates()
    {
        using var manager = new NotifySocket(isAbstract: true);
        using var notifier = new ServiceNotifier(manager.Variable);
        notifier.Ready();

        Assert.StartsWith("@", manager.Variable, StringComparison.Ordinal);
        Assert.Equal(["READY=1"], manager.Receive(1));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("relative/path")]
    public void Send_NoManager_IsSilent(string? variable)
    {
        using var notifier = new ServiceNotifier(variable);
        notifier.Ready();
        Assert.False(notifier.IsActive);
    }

    [Fact]
    public void Send_ManagerThatIsGone_IsNoError()
    {
        string variable;
        using (var manager = new NotifySocket())
        {
            variable = manager.Variable;
        }

        using var notifier = new ServiceNotifier(variable);
        Exception? error = Record.Exception(notifier.Ready);
        Assert.Null(error);
    }
}
