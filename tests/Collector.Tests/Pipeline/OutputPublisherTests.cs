using Collector.Configuration;
using Xunit;

namespace Collector.Tests.Pipeline;

public sealed class OutputPublisherTests
{
    [Fact]
    public void SinkThatStands_NewestPurgesBeyondTheLimitAreDroppedWholeAndCountedAsBacklog()
    {
        using var rig = new PipelineRig(workers: 1, new OutputOptions { Name = "hosts", MaxBacklogPurges = 2 });
        var log = new Sinks.RecordingLogger();
        rig.Publisher.PurgeLog = new Collector.Telemetry.PmacctPurgeLog(log, 2, isPrint: false);
        rig.Sink.Hold();
        for (int minute = 1; minute <= 6; minute++)
        {
            for (int i = 0; i < minute; i++)
            {
                rig.ThirtyFlows(0, 30 * i);
            }

            rig.Tick(0, (minute * 60) + 1);
        }

        rig.Sink.WaitForPurge();
        Assert.True(SpinWait.SpinUntil(() => rig.Publisher.Backlog.LostRecords == (3 + 4 + 5 + 6) * 30, TimeSpan.FromSeconds(10)));
        Assert.Equal(2, rig.Publisher.QueuedPurges);
        Assert.Equal(4, log.Messages.Count(m => m == "Maximum number of writer processes reached (2)."));
        Assert.Equal(90, rig.Ledger.Output("hosts", "queued", "records"));
        Assert.Equal(9_000, rig.Ledger.Output("hosts", "queued", "octets"));
        rig.Ledger.AssertCloses("hosts");

        rig.Sink.Release();
        rig.Finish(400);
        Assert.Equal([30, 60], rig.Sink.Purges.Select(p => p.Sums.PublishedPackets).Where(p => p > 0));
        Assert.Equal(540, rig.Ledger.Output("hosts", "backlog", "rows"));
        Assert.Equal(540, rig.Ledger.Output("hosts", "backlog", "packets"));
        Assert.Equal(54_000, rig.Ledger.Output("hosts", "backlog", "octets"));
        Assert.Equal(90, rig.Ledger.Output("hosts", "published", "records"));
        rig.Ledger.AssertCloses("hosts");
    }

    [Fact]
    public void SinkThatStands_BytesBeyondTheLimitAreBacklogToo_ButOnePurgeAlwaysFits()
    {
        using var rig = new PipelineRig(workers: 1, new OutputOptions { Name = "hosts", MaxBacklogBytes = 1 });
        rig.Sink.Hold();
        rig.ThirtyFlows(0, 0);
        rig.Tick(0, 61);
        rig.Sink.WaitForPurge();
        rig.ThirtyFlows(0, 0);
        rig.Tick(0, 121);
        Assert.True(SpinWait.SpinUntil(() => rig.Publisher.Backlog.LostRecords == 30, TimeSpan.FromSeconds(10)));
        rig.Sink.Release();
        rig.Finish(130);
        Assert.Equal(30, rig.Ledger.Output("hosts", "published", "records"));
        rig.Ledger.AssertCloses("hosts");
    }

    [Fact]
    public void SinkThatThrows_ThePurgeIsLostInTheSinkAndToldOnce_TheNextIsPublished()
    {
        using var rig = new PipelineRig(workers: 1);
        rig.Sink.Failure = new InvalidOperationException("a bug");
        rig.ThirtyFlows(0, 0);
        rig.Tick(0, 61);
        Assert.True(SpinWait.SpinUntil(() => rig.Publisher.Published.LostRecords == 30, TimeSpan.FromSeconds(10)));
        rig.Sink.Failure = null;
        rig.ThirtyFlows(0, 0);
        rig.ThirtyFlows(0, 0);
        rig.Finish(62);
        Assert.Equal("a bug", Assert.Single(rig.Failures).Message);
        Assert.Equal(30, rig.Ledger.Output("hosts", "lost in the sink", "rows"));
        Assert.Equal(3_000, rig.Ledger.Output("hosts", "lost in the sink", "octets"));
        Assert.Equal(60, rig.Ledger.Output("hosts", "published", "records"));
        rig.Ledger.AssertCloses("hosts");
    }
}
