using Collector.Testing.Builders;
using Xunit;
using static Collector.Testing.Builders.PacketBuilder;

namespace Collector.Flows.Tests.SFlow;

/// <summary>What each data source announces and what its pool shows.</summary>
public sealed class DataSourceCountersTests
{
    private static readonly byte[] Plain = SFlowBuilder.SampledHeader(1, Ethernet(0x800, IPv4("10.0.0.1", "10.0.0.2", 6, Tcp(1111, 80))));

    [Fact]
    public void S17_EffectiveInterval_IsThatOfAllSamplesSinceTheStart()
    {
        var builder = new SFlowBuilder();
        for (uint i = 1; i <= 5; i++)
        {
            builder.Flow(new SampleHeader { Sequence = i * 2, Pool = i * 800, SourceIndex = 3 }, Plain);
            builder.Flow(new SampleHeader { Sequence = i, Pool = i * 100, SourceIndex = 4 }, Plain);
        }

        SourceCounters counters = new SFlowRun().Feed(builder.Build()).Counters;
        Assert.Equal([(3u, 5L, 100L, 400.0), (4u, 5L, 100L, 100.0)],
            counters.DataSources.ToArray().Select(d => (d.DataSource, d.Samples, d.AnnouncedInterval, d.EffectiveInterval)));
    }

    [Fact]
    public void S17_OneSample_ShowsNoInterval() =>
        Assert.Equal(0, new SFlowRun().Feed(new SFlowBuilder().Flow(new SampleHeader(), Plain).Build()).Counters.DataSources[0].EffectiveInterval);

    [Fact]
    public void F8_DataSourcesBeyondTheLimit_AreDecodedWithoutFigures()
    {
        var run = new SFlowRun();
        for (uint i = 0; i < SourceCounters.MaxDataSources + 10; i++)
        {
            run.Feed(new SFlowBuilder().Flow(new SampleHeader { SourceIndex = i }, Plain).Build());
        }

        Assert.Equal((SourceCounters.MaxDataSources, SourceCounters.MaxDataSources + 10), (run.Counters.DataSources.Length, run.Records.Count));
    }
}
