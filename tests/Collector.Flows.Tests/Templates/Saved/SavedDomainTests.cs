using Collector.Flows.Templates.Saved;
using Collector.Net;
using Collector.Testing.Builders;
using Xunit;

namespace Collector.Flows.Tests.Templates.Saved;

/// <summary>What outlives a restart, and how far it is trusted (T7, P5).</summary>
public sealed class SavedDomainTests
{
    private const long Day = 86_400_000_000;

    private static readonly byte[] Eight = new WireWriter().U32(1000, 2000).ToArray();

    [Theory]
    [InlineData(9)]
    [InlineData(10)]
    public void T7_TemplatesSamplersAndNames_AreThereAfterARestart(int version)
    {
        var before = new DecoderRun();
        before.Feed(new ExportMessageBuilder(version) { Domain = 3 }
            .Template(300, (1, 4), (2, 4), (10, 4), (48, 1), (95, 4)).Template(301, (1, 4), (82, 65_535))
            .OptionsTemplate(400, version == 9 ? [(2, 4)] : [(149, 4)], (48, 1), (34, 4), (130, 4))
            .OptionsTemplate(401, version == 9 ? [(1, 4)] : [(149, 4)], (10, 4), (82, 8)).OptionsTemplate(402, version == 9 ? [(1, 4)] : [(149, 4)], (95, 4), (96, 4))
            .Data(400, new WireWriter().U32(1).U8(7).U32(500, 0x0A09_0807).ToArray())
            .Data(401, new WireWriter().U32(1, 12).Bytes("eth12\0\0\0"u8).ToArray())
            .Data(402, new WireWriter().U32(1, 0x0D00_0001).Bytes("http"u8).ToArray()).Build());
        DecoderRun after = Restart(before, out int domains);
        Assert.Equal(1, domains);
        after.Feed(new ExportMessageBuilder(version) { Domain = 3 }
            .Data(300, [.. Eight, .. new WireWriter().U32(12).U8(7).U32(0x0D00_0001).ToArray()]).Data(301, new WireWriter().U32(5).U8(1).U8(65).ToArray()).Build());
        Assert.Equal([1000ul, 5ul], after.Records.Select(r => r.Octets));
        FlowRecord first = after.Records[0];
        Assert.Equal((500u, "eth12", "http", "10.9.8.7"), (first.SamplingInterval, after.Text(first.IngressInterfaceName), after.Text(first.ClassName), first.ExporterAddress.ToString()));
        Assert.Equal(0, after.Counters((ushort)version, 3).Templates);
    }

    [Fact]
    public void T7_TemplatesNotUsedForLong_AreLeftOut()
    {
        var before = new DecoderRun();
        before.Feed(Announce(300), time: 0).Feed(Announce(301), time: 5 * Day);
        DecoderRun after = Restart(before, out _, now: 8 * Day);
        after.Feed(Data(300), time: 8 * Day).Feed(Data(301), time: 8 * Day);
        Assert.Equal([301], after.Records.Select(r => (int)r.TemplateId));
    }

    [Fact]
    public void T7_LayoutThatChangedMeanwhile_IsFoundOutByItsPadding_AndItsDataWaits()
    {
        // The exporter was upgraded: records have five bytes now, not eight.
        var before = new DecoderRun();
        before.Feed(Announce(300));
        DecoderRun after = Restart(before, out _, new DecoderOptions { HoldSeconds = 60 });
        after.Feed(ExportMessageBuilder.NetFlow9().Data(300, [0, 0, 1, 1, 6], [0, 0, 1, 2, 17]).Build());
        Assert.Empty(after.Records);
        Assert.Equal((1L, 1L), (after.Counters(9)[DecodeFault.SuspectTemplate], after.Counters(9).HeldSets));
        after.Feed(ExportMessageBuilder.NetFlow9().Template(300, (1, 4), (4, 1)).Build());
        Assert.Equal([(257ul, 6), (258ul, 17)], after.Records.Select(r => (r.Octets, (int)r.Protocol)));
    }

    [Fact]
    public void P5_TemplateThatIsConfirmed_IsTrustedAgain()
    {
        var before = new DecoderRun();
        before.Feed(Announce(300));
        DecoderRun after = Restart(before, out _);
        byte[] padded = ExportMessageBuilder.NetFlow9().Set(300, [.. Eight, 7]).Build();
        after.Feed(Announce(300)).Feed(padded);
        Assert.Single(after.Records);
        Assert.Equal(0, after.Counters(9)[DecodeFault.SuspectTemplate]);
    }

    [Fact]
    public void WhatDoesNotChange_IsNotSavedAgain_AndADomainThatGivesWayIsTakenOff()
    {
        var run = new DecoderRun(new DecoderOptions { MaxSources = 1, TemplateLifetime = 60 });
        List<SavedDomain> saved = [];
        run.Feed(Announce(300), time: 0);
        run.Decoder.TakeChanged(saved.Add, all: false);
        Assert.Single(saved);
        run.Feed(Announce(300), time: 1).Feed(Data(300), time: 2);
        run.Decoder.TakeChanged(saved.Add, all: false);
        Assert.Single(saved);
        run.Feed(Announce(301), time: 3);
        run.Decoder.TakeChanged(saved.Add, all: false);
        Assert.Equal(2, saved.Count);

        // Whoever goes on is saved again after ten minutes, so that its age is right.
        run.Feed(Data(300), time: 700_000_000);
        run.Decoder.TakeChanged(saved.Add, all: false);
        Assert.Equal(3, saved.Count);
        run.Feed(Announce(300), IpAddress.Parse("192.0.2.2"), time: 900_000_000);
        Assert.True(saved[3].Content.IsEmpty);
        Assert.Equal(DecoderRun.Source, saved[3].Source);
    }

    [Fact]
    public void DamagedBytes_AreRefusedOrRead_AndNeverThrow()
    {
        var before = new DecoderRun();
        before.Feed(ExportMessageBuilder.Ipfix().Template(300, (1, 4), new FieldSpecifier(7, 4, 6876)).OptionsTemplate(400, [(149, 4)], (34, 4))
            .Data(400, new WireWriter().U32(1, 100).ToArray()).Build());
        byte[] content = Save(before).Single().Content.ToArray();
        for (int length = 0; length < content.Length; length++)
        {
            Assert.False(Restore(content.AsMemory(0, length)), $"{length} of {content.Length} bytes");
        }

        Assert.True(Restore(content));
        Assert.False(Restore((byte[])[.. content, 0]));
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] damaged = [.. content];
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            Restore(damaged);
        }
    }

    private static bool Restore(ReadOnlyMemory<byte> content) =>
        new DecoderRun().Decoder.Restore(new SavedDomain(DecoderRun.Source, 10, 0, content), DecoderRun.Arrival);

    private static List<SavedDomain> Save(DecoderRun run)
    {
        List<SavedDomain> saved = [];
        run.Decoder.TakeChanged(saved.Add, all: true);
        return saved;
    }

    private static DecoderRun Restart(DecoderRun before, out int domains, DecoderOptions? options = null, long now = DecoderRun.Arrival)
    {
        List<SavedDomain> saved = Save(before);
        domains = saved.Count;
        var after = new DecoderRun(options);
        Assert.All(saved, s => Assert.True(after.Decoder.Restore(s, now)));
        return after;
    }

    private static byte[] Announce(int id) => ExportMessageBuilder.NetFlow9().Template(id, (1, 4), (2, 4)).Build();

    private static byte[] Data(int id) => ExportMessageBuilder.NetFlow9().Data(id, Eight).Build();
}
