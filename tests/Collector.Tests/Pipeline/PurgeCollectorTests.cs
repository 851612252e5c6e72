using Collector.Configuration;
using Xunit;

namespace Collector.Tests.Pipeline;

public sealed class PurgeCollectorTests
{
    [Fact]
    public void TwoWorkers_EachPurgeIsMergedWhenBothHaveAnswered()
    {
        using var rig = new PipelineRig(workers: 2);
        for (int minute = 1; minute <= 3; minute++)
        {
            rig.ThirtyFlows(0, 0);
            rig.ThirtyFlows(1, 0);
            rig.ThirtyFlows(1, 100);
            rig.Tick(0, (minute * 60) + 1);
            rig.Tick(1, (minute * 60) + 1);
        }

        rig.Finish(200);
        Assert.Equal([1, 2, 3, 4], rig.Sink.Purges.Select(p => p.Number));
        Assert.Equal([60, 60, 60, 0], rig.Sink.Purges.Select(p => p.Sums.PublishedRows));
        Assert.Equal([90, 90, 90, 0], rig.Sink.Purges.Select(p => p.Sums.PublishedPackets));
        rig.Ledger.AssertCloses("hosts");
    }

    [Fact]
    public void WorkerThatLags_HoldsPurgesBackUntilItAnswers_AndOneAnswerIsEnoughForAllThatItMissed()
    {
        using var rig = new PipelineRig(workers: 2);
        rig.ThirtyFlows(1, 0);
        for (int minute = 1; minute <= 3; minute++)
        {
            rig.ThirtyFlows(0, 0);
            rig.Tick(0, (minute * 60) + 1);
        }

        rig.ThirtyFlows(0, 0);
        rig.Tick(1, 190);
        rig.ThirtyFlows(1, 100);
        rig.Tick(0, 241);
        rig.Tick(1, 241);
        rig.Finish(242);

        // The first purge holds what worker 0 handed over three times and what worker 1 did not until it came round.
        Assert.Equal([(1L, 120L), (2L, 60L), (3L, 0L)], rig.Sink.Purges.Select(p => (p.Number, p.Sums.PublishedPackets)));
        Assert.Equal([30, 60, 0], rig.Sink.Purges.Select(p => p.Sums.PublishedRows));
        Assert.Equal(WorkerRig.Start + 190, rig.Sink.Purges[0].Time);
        rig.Ledger.AssertCloses("hosts");
    }

    [Fact]
    public void WorkerThatLags_AtStop_NothingIsLost()
    {
        using var rig = new PipelineRig(workers: 3);
        for (int worker = 0; worker < 3; worker++)
        {
            rig.ThirtyFlows(worker, worker * 10);
        }

        rig.Tick(0, 61);
        rig.Tick(2, 61);
        rig.Tick(2, 121);
        rig.Finish(122);
        Assert.Equal(90, rig.Sink.Purges.Sum(p => p.Sums.PublishedPackets));
        Assert.Equal(Enumerable.Range(1, rig.Sink.Purges.Count).Select(i => (long)i), rig.Sink.Purges.Select(p => p.Number));
        rig.Ledger.AssertCloses("hosts");
    }

    [Fact]
    public void BinsThatAreNotDue_ArePendingAndPublishedAtStop()
    {
        var window = new WindowOptions { HistorySeconds = 300, RefreshSeconds = 60, Roundoff = "m" };
        using var rig = new PipelineRig(workers: 2, new OutputOptions { Name = "hosts", Window = window });
        // 22:13:20; the second datagram's flows began in the bin of 22:15 or later, which is not due at the first purge.
        rig.ThirtyFlows(0, 0);
        rig.ThirtyFlows(1, 0, (uint)WorkerRig.Start + 120);
        rig.Tick(0, 61);
        rig.Tick(1, 61);
        SpinWait.SpinUntil(() => rig.Parts.Mergers[0].PendingRecords == 30 && rig.Sink.Purges.Count == 1, TimeSpan.FromSeconds(10));
        Assert.Equal(30, rig.Ledger.Output("hosts", "pending", "records"));
        Assert.Equal(3_000, rig.Ledger.Output("hosts", "pending", "octets"));
        rig.Finish(62);
        Assert.Equal([30, 30], rig.Sink.Purges.Select(p => p.Sums.PublishedPackets));
        rig.Ledger.AssertCloses("hosts");
    }

    [Fact]
    public void TablesFullBeforeTheirTime_ArePurgesOfTheirOwn()
    {
        using var rig = new PipelineRig(workers: 2, new OutputOptions { Name = "hosts", MaxEntries = 40 });
        rig.ThirtyFlows(0, 0);
        rig.ThirtyFlows(1, 0);
        rig.Finish(1);
        Assert.Equal(60, rig.Sink.Purges.Sum(p => p.Sums.PublishedPackets));
        Assert.Equal([20, 20, 10], rig.Sink.Purges.Select(p => p.Sums.PublishedRows));
        Assert.Equal([1, 2, 3], rig.Sink.Purges.Select(p => p.Number));
        Assert.Equal(2, rig.Ledger.Sum("output hosts", "early flushes"));
        rig.Ledger.AssertCloses("hosts");
    }
}
