using Collector.Configuration;
using Xunit;

namespace Collector.Tests.Pipeline;

public sealed class MemoryLimitTests
{
    [Fact]
    public void PurgesThatWaitHoldAllMemory_RecordsAreRefusedAndCounted_AndTheWorkerGoesOn()
    {
        const int Datagrams = 4_000;
        using var rig = new PipelineRig(
            workers: 1, new OutputOptions { Name = "hosts" }, new CollectorOptions { MemoryLimitBytes = 4 << 20 });
        rig.Sink.Hold();
        for (int i = 0; i < Datagrams; i++)
        {
            rig.ThirtyFlows(0, i * 30);
        }

        long refused = rig.Ledger.Output("hosts", "refused for want of room", "records");
        Assert.InRange(refused, 1, (Datagrams * 30) - 1);
        Assert.Equal(Datagrams * 30, refused + rig.Ledger.Output("hosts", "entered", "records"));

        Assert.Equal(refused * 100, rig.Ledger.Output("hosts", "refused for want of room", "octets"));
        rig.Sink.Release();
        Assert.True(SpinWait.SpinUntil(() => rig.Publisher.QueuedPurges == 0, TimeSpan.FromSeconds(10)));
        rig.ThirtyFlows(0, 0);
        rig.Finish(1);
        Assert.Equal(refused, rig.Ledger.Output("hosts", "refused for want of room", "records"));
        Assert.Equal((Datagrams * 30) + 30 - refused, rig.Ledger.Output("hosts", "entered", "packets"));
        rig.Ledger.AssertCloses("hosts");
    }
}
