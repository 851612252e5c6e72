using Collector.Flows.SFlow;
using Collector.Net;
using Collector.Testing.Builders;
using Xunit;
using static Collector.Testing.Builders.PacketBuilder;

namespace Collector.Flows.Tests.SFlow;

/// <summary>The effective interval; all sequences but the wraps were played to sfacctd 1.7.7 with sfacctd_renormalize.</summary>
public sealed class SamplePoolTableTests
{
    private static readonly IpAddress Agent = IpAddress.Parse("10.0.0.1");

    [Fact]
    public void S17_GrowingPool_GivesPacketsPerSample()
    {
        Assert.Equal([100u, 400, 500], Factors((1, 1000), (2, 1400), (4, 2400)));
    }

    [Fact]
    public void S17_PoolOrSequenceThatStands_GivesTheAnnouncedRateAndIsNotRemembered()
    {
        Assert.Equal([100u, 100, 35, 70], Factors((1000, 100_000), (1001, 100_000), (1002, 100_070), (1003, 100_140)));
        Assert.Equal([100u, 100, 70, 70], Factors((1000, 100_000), (1000, 100_000), (1001, 100_070), (1002, 100_140)));
    }

    [Fact]
    public void S17_SmallStepBack_IsReordering()
    {
        Assert.Equal([100u, 100, 100, 50], Factors((100_000, 10_000_000), (99_950, 9_995_000), (99_951, 9_995_070), (100_001, 10_000_050)));
    }

    [Fact]
    public void S17_LargeStepBack_IsARestart()
    {
        Assert.Equal([100u, 100, 70, 100], Factors((100_000, 10_000_000), (99_949, 9_994_900), (99_950, 9_994_970), (100_001, 9_000_000)));
        Assert.Equal([100u, 100, 70], Factors((1000, 100_000), (10, 100_070), (11, 100_140)));
    }

    [Fact]
    public void S17_Wraps_AreStepsForward()
    {
        Assert.Equal([100u, 16, 256], Factors((0xFFFF_FFFE, 0xFFFF_FFF0), (0xFFFF_FFFF, 0), (0, 0x100)));
    }

    [Fact]
    public void S17_PoolSmallerThanTheSamplesTaken_IsNoFactorOfZero()
    {
        Assert.Equal([100u, 100, 300], Factors((1, 1000), (11, 1005), (12, 1305)));
    }

    [Fact]
    public void S17_RateThatChanges_IsSeenAtOnceByThePool()
    {
        var table = new SamplePoolTable();
        uint agent = table.Agent(Agent, Agent, 0);
        Assert.Equal(100u, table.Factor(agent, 1, 1, 1000, 100));
        Assert.Equal(500u, table.Factor(agent, 1, 2, 1500, 500));
    }

    [Fact]
    public void S17_RateOfZero_IsNoFactorUntilThePoolGivesOne()
    {
        var table = new SamplePoolTable();
        uint agent = table.Agent(Agent, Agent, 0);
        Assert.Equal((0u, 70u, 0u), (table.Factor(agent, 1, 1, 1000, 0), table.Factor(agent, 1, 2, 1070, 0), table.Factor(agent, 1, 3, 1070, 0)));
    }

    [Fact]
    public void S17_Sources_Agents_SubAgentsAndDataSources_AreApart()
    {
        var table = new SamplePoolTable();
        IpAddress other = IpAddress.Parse("10.0.0.2");
        uint[] agents = [table.Agent(Agent, Agent, 0), table.Agent(Agent, Agent, 1), table.Agent(Agent, other, 0), table.Agent(other, Agent, 0)];
        Assert.Equal(4, agents.Distinct().Count());
        foreach (uint agent in agents)
        {
            Assert.Equal(100u, table.Factor(agent, 1, 1, 1000, 100));
            Assert.Equal(100u, table.Factor(agent, 2, 2, 2000, 100));
            Assert.Equal(77u, table.Factor(agent, 1, 2, 1077, 100));
        }
    }

    [Fact]
    public void Flood_IsBoundedAndKeepsWhoSends()
    {
        var table = new SamplePoolTable(limit: 100);
        uint steady = table.Agent(Agent, Agent, uint.MaxValue);
        for (uint i = 0; i < 10_000; i++)
        {
            Assert.Equal(steady, table.Agent(Agent, Agent, uint.MaxValue));
            table.Factor(table.Agent(Agent, Agent, i), i, i, i, 1);
            uint expected = i == 0 ? 100u : 7;
            Assert.Equal(expected, table.Factor(steady, 1, i + 1, (i + 1) * 7, 100));
        }

        Assert.InRange(table.Count, 1, 201);
    }

    [Fact]
    public void S17_DecodedSamples_CarryTheFactor()
    {
        byte[] header = SFlowBuilder.SampledHeader(1, Ethernet(0x800, IPv4("10.0.0.1", "10.0.0.2", 6, Tcp(1, 2))));
        var run = new SFlowRun();
        run.Feed(new SFlowBuilder().Flow(new SampleHeader { Sequence = 1, Pool = 1000 }, header).Flow(new SampleHeader { Sequence = 2, Pool = 1400 }, header).Build());
        run.Feed(new SFlowBuilder().ExpandedFlow(new SampleHeader { Sequence = 4, Pool = 2400 }, header).Build());
        Assert.Equal([100u, 400, 500], run.Records.Select(r => r.RenormalizationFactor));
        Assert.All(run.Records, r => Assert.Equal(100u, r.SamplingInterval));
    }

    private static uint[] Factors(params (uint Sequence, uint Pool)[] samples)
    {
        var table = new SamplePoolTable();
        uint agent = table.Agent(Agent, Agent, 0);
        return [.. samples.Select(s => table.Factor(agent, 1, s.Sequence, s.Pool, 100))];
    }
}
