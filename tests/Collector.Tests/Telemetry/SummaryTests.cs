using Collector.Telemetry;
using Xunit;

namespace Collector.Tests.Telemetry;

public class SummaryTests
{
    [Fact]
    public void SinceLine_CountersAreOfTheMinuteAndLevelsAreOfNow()
    {
        var earlier = new Summary
        {
            Datagrams = 100,
            Records = 2_600,
            KernelDrops = 5,
            Keys = 900,
            Published = 50,
            KafkaOutstanding = 7,
            Losses = [new("template_missing", 4), new("truncated", 1)],
        };
        var now = new Summary
        {
            Datagrams = 250,
            Records = 6_500,
            KernelDrops = 8,
            Keys = 400,
            Published = 450,
            KafkaOutstanding = 3,
            Losses = [new("template_missing", 14), new("truncated", 1), new("backlog", 2)],
        };

        Assert.Equal(
            "datagrams 150, records 3900, kernel drops 3, lost 10 template_missing + 2 backlog, keys 400, published 400, Kafka outstanding 3",
            now.SinceLine(earlier));
    }

    [Fact]
    public void SinceLine_NothingHappened_SaysSo() =>
        Assert.Equal("datagrams 0, records 0, kernel drops 0, lost 0, keys 0, published 0", default(Summary).SinceLine(default));
}
