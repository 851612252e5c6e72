using Collector.Net;
using Collector.Testing;
using Collector.Testing.Builders;
using Xunit;

namespace Collector.Flows.Tests.Templates;

/// <summary>Data that came before its template waits for it, bounded in bytes and age (T1).</summary>
public sealed class HeldSetsTests
{
    private const long Second = 1_000_000;

    private static readonly DecoderOptions Holding = new() { HoldSeconds = 60 };

    [Theory]
    [InlineData(9)]
    [InlineData(10)]
    public void T1_DataBeforeItsTemplate_IsReplayedInWireOrder(int version)
    {
        var run = new DecoderRun(Holding, batchCapacity: 2);
        run.Feed(Data(version, 300, 1, 2, 3).Build(), time: 1).Feed(Data(version, 301, 4).Data(300, Record(5)).Build(), time: 2);
        Assert.Empty(run.Records);
        run.Feed(new ExportMessageBuilder(version).Data(300, Record(6)).Template(300, (1, 4), (2, 4)).Data(300, Record(7)).Build(), time: 3);
        Assert.Equal([1, 2, 3, 5, 6, 7], Octets(run));
        run.Feed(new ExportMessageBuilder(version).Template(301, (1, 4), (2, 4)).Build(), time: 4);
        Assert.Equal([1, 2, 3, 5, 6, 7, 4], Octets(run));
        SourceCounters counters = run.Counters((ushort)version);
        Assert.Equal((4L, 4L, 0L), (counters.HeldSets, counters.ReplayedSets, counters[DecodeFault.MissingTemplate]));
        Assert.Empty(counters.MissingTemplates);
    }

    [Fact]
    public void T1_ReplayedRecords_KeepTheirTimesAndAreNumberedWithTheTemplate()
    {
        var run = new DecoderRun(Holding);
        run.Feed(new ExportMessageBuilder(9) { ExportSeconds = 1_700_000_100, SysUpTime = 500_000, Sequence = 70 }.Data(300, new WireWriter().U32(1, 400_000).ToArray()).Build(), time: 11);
        run.Feed(new ExportMessageBuilder(9) { ExportSeconds = 1_700_000_900, SysUpTime = 800_000, Sequence = 90 }
            .Template(300, (1, 4), (22, 4)).Data(300, new WireWriter().U32(2, 700_000).ToArray()).Build(), time: 22);
        Assert.Equal([(1ul, 11L, 70u, 1_700_000_100_000_000L, 2ul, 0u), (2ul, 22L, 90u, 1_700_000_900_000_000L, 2ul, 1u)],
            run.Records.Select(r => (r.Octets, r.ArrivalTime, r.ExportSequence, r.ExportTime, r.DatagramNumber, r.RecordNumber)));
        Assert.Equal([1_700_000_000_000_000L, 1_700_000_800_000_000L], run.Records.Select(r => r.StartTime));
    }

    [Fact]
    public void T1_OptionsBeforeTheirTemplate_AreReplayedToo()
    {
        var run = new DecoderRun(Holding);
        run.Feed(ExportMessageBuilder.NetFlow9().Data(400, new WireWriter().U32(1, 1_000).ToArray()).Build());
        run.Feed(ExportMessageBuilder.NetFlow9().OptionsTemplate(400, [(1, 4)], (34, 4)).Template(300, (1, 4), (2, 4)).Data(300, Record(1)).Build());
        Assert.Equal(1_000u, Assert.Single(run.Records).SamplingInterval);
    }

    [Fact]
    public void T1_OtherDomainsAndSources_GetNothing()
    {
        var run = new DecoderRun(Holding);
        run.Feed(Data(9, 300, 1).Build());
        run.Feed(new ExportMessageBuilder(9) { Domain = 1 }.Template(300, (1, 4), (2, 4)).Build());
        run.Feed(ExportMessageBuilder.NetFlow9().Template(300, (1, 4), (2, 4)).Build(), IpAddress.Parse("192.0.2.2"));
        Assert.Empty(run.Records);
    }

    [Fact]
    public void T1_AfterTheirTime_TheyAreGivenUpAndCounted()
    {
        var run = new DecoderRun(Holding);
        run.Feed(Data(9, 300, 1).Build(), time: 0).Feed(Data(9, 300, 2).Build(), time: 50 * Second);
        run.Feed(ExportMessageBuilder.NetFlow9().Template(300, (1, 4), (2, 4)).Build(), time: 61 * Second);
        Assert.Equal([2], Octets(run));
        Assert.Equal((2L, 1L, 1L), (run.Counters(9).HeldSets, run.Counters(9).ReplayedSets, run.Counters(9)[DecodeFault.MissingTemplate]));
    }

    [Fact]
    public void T1_AtTheEnd_WhatStillWaitsIsCounted()
    {
        var run = new DecoderRun(Holding);
        run.Feed(Data(9, 300, 1).Data(301, Record(1)).Build());
        Assert.Equal(0, run.Counters(9)[DecodeFault.MissingTemplate]);
        run.Decoder.Finish();
        Assert.Equal(2, run.Counters(9)[DecodeFault.MissingTemplate]);
        Assert.Equal(0, run.Decoder.HeldBytes);
    }

    [Theory]
    [InlineData(100, 4_000_000L, 16_000)]
    [InlineData(1_000, 40_000L, 50_000)]
    public void T1_LimitsOfDomainAndWorker_KeepTheFirst_CountTheRest(int domains, long workerLimit, int domainLimit)
    {
        var run = new DecoderRun(new DecoderOptions { HoldSeconds = 60, MaxHeldBytes = workerLimit, MaxHeldBytesPerDomain = domainLimit });
        byte[] content = new byte[1_000];
        for (int i = 0; i < 20; i++)
        {
            for (uint domain = 0; domain < domains; domain++)
            {
                run.Feed(new ExportMessageBuilder(9) { Domain = domain }.Set(300, content).Build());
            }
        }

        Assert.InRange(run.Decoder.HeldBytes, 1, Math.Min(workerLimit, domains * 16_384L));
        SourceCounters[] all = [.. run.Decoder.Sources.Snapshot.ToArray()];
        Assert.Equal(20L * domains, all.Sum(c => c.HeldSets + c[DecodeFault.MissingTemplate]));
        Assert.InRange(all.Sum(c => c.HeldSets), 1, 20L * domains - 1);
    }

    [Fact]
    public void T1_HeldAndReplayedOverAndOver_HoldsNothing()
    {
        var run = new DecoderRun(Holding);
        byte[] data = Data(10, 300, 1, 2).Build();
        byte[] template = ExportMessageBuilder.Ipfix().Template(300, (1, 4), (2, 4)).Build();
        byte[] withdrawal = ExportMessageBuilder.Ipfix().Set(2, new WireWriter().U16(300).U16(0).ToArray()).Build();
        int records = 0;
        for (int i = 0; i < 1_000; i++)
        {
            run.FeedOnly(data);
            records += run.FeedOnly(template);
            run.FeedOnly(withdrawal);
        }

        Assert.Equal((2_000, 0L), (records, run.Decoder.HeldBytes));
    }

    [Fact]
    public void T1_MissingForGood_AllocatesNothing()
    {
        var run = new DecoderRun(Holding);
        byte[] data = Data(10, 300, 1, 2).Build();
        for (int i = 0; i < 1_000; i++)
        {
            run.FeedOnly(data);
        }

        Assert.Equal(0, Allocation.OfSteadyState(() => run.FeedOnly(data)));
    }

    private static byte[] Record(uint octets) => new WireWriter().U32(octets, 1).ToArray();

    private static ExportMessageBuilder Data(int version, int template, params uint[] octets) =>
        new ExportMessageBuilder(version).Data(template, [.. octets.Select(Record)]);

    private static int[] Octets(DecoderRun run) => [.. run.Records.Select(r => (int)r.Octets)];
}
