using System.Buffers.Binary;
using Collector.Testing.Builders;
using Xunit;

namespace Collector.Flows.Tests.Robustness;

/// <summary>Tests that measure the memory of the process: none other may run meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuredMemory
{
    public const string Name = "measured memory";
}

/// <summary>One source that announces more than it should. The large form is Collector.Flows.Fuzz --flood.</summary>
[Collection(MeasuredMemory.Name)]
public sealed class FloodTests
{
    private const int TemplatesPerDomain = 2_000;
    private const int TemplatesPerMessage = 100;

    private readonly DecoderOptions _options = new() { MaxTemplatesPerDomain = 1_000, MaxTemplates = 4_000, MaxSources = 400, HoldSeconds = 60 };

    [Fact]
    public void F10_TemplatesOfOneSourceInManyDomains_MeetTheLimitsAndMemoryStaysFlat()
    {
        var run = new DecoderRun(_options);
        Flood(run, 0, 100);
        long before = GC.GetTotalMemory(true);
        Flood(run, 100, 300);
        long grown = GC.GetTotalMemory(true) - before;

        // A domain itself, with its counters, is some hundred bytes; what its templates took must be given back.
        Assert.InRange(grown, long.MinValue, 200 * 6_000);
        long announced = Sum(run, s => s.Templates), evicted = Sum(run, s => s[DecodeFault.TemplateLimit]);
        Assert.Equal(300 * TemplatesPerDomain, announced);
        Assert.Equal(announced - _options.MaxTemplates, evicted);
    }

    [Fact]
    public void F10_DomainsBeyondTheLimit_AreCountedUnderOtherAndMemoryStaysFlat()
    {
        var run = new DecoderRun(_options);
        byte[] message = ExportMessageBuilder.Ipfix().Template(300, (8, 4), (1, 4)).Data(300, new byte[8]).Build();
        SendToDomains(run, message, 0, 2_000);
        run.Records.Clear();
        long before = GC.GetTotalMemory(true);
        SendToDomains(run, message, 2_000, 50_000);

        Assert.InRange(GC.GetTotalMemory(true) - before, long.MinValue, 1 << 20);
        Assert.Equal(_options.MaxSources, run.Decoder.Sources.Count);
        Assert.Equal(50_000, Sum(run, s => s.Datagrams));
        Assert.Equal(50_000 - _options.MaxSources, run.Decoder.Sources.Other[DecodeFault.SourceLimit]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void F10_ManySetsBeforeTheirTemplates_TakeNoMemoryThatIsNotBudgeted(int octets)
    {
        var options = new DecoderOptions { MaxSources = 4_000, HoldSeconds = 60, MaxHeldBytes = 1 << 20 };
        var run = new DecoderRun(options);
        ExportMessageBuilder builder = ExportMessageBuilder.Ipfix();
        for (int i = 0; i < 256; i++)
        {
            builder.Set(300 + (i % 8), new byte[octets]);
        }

        byte[] message = builder.Build();
        SendToDomains(run, message, 0, 1_000);
        long before = GC.GetTotalMemory(true);
        SendToDomains(run, message, 1_000, 3_000, DecoderRun.Arrival + (long)TimeSpan.FromHours(1).TotalMicroseconds);
        SendToDomains(run, message, 0, 3_000, DecoderRun.Arrival + (long)TimeSpan.FromHours(2).TotalMicroseconds);

        Assert.InRange(GC.GetTotalMemory(true) - before, long.MinValue, 2_000 * 6_000);
        GC.KeepAlive(run);
    }

    private static long Sum(DecoderRun run, Func<SourceCounters, long> number) => run.Decoder.Sources.Snapshot.ToArray().Sum(number);

    private static void SendToDomains(DecoderRun run, byte[] message, uint first, uint end, long time = DecoderRun.Arrival)
    {
        for (uint domain = first; domain < end; domain++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(12), domain);
            run.Feed(message, time: time);
            run.Records.Clear();
        }
    }

    private static void Flood(DecoderRun run, uint first, uint end)
    {
        for (uint domain = first; domain < end; domain++)
        {
            for (int id = 256; id < 256 + TemplatesPerDomain; id += TemplatesPerMessage)
            {
                var builder = new ExportMessageBuilder(10) { Domain = domain };
                for (int i = 0; i < TemplatesPerMessage; i++)
                {
                    builder.Template(id + i, (8, 4), (210, 1 + i));
                }

                run.FeedOnly(builder.Build());
            }
        }
    }
}
