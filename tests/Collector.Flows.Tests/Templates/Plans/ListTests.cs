using Collector.Testing;
using Collector.Testing.Builders;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Collector.Flows.Tests.Templates.Plans;

/// <summary>Structured data (RFC 6313): passed over by its length, its records counted, to a bounded depth.</summary>
public sealed class ListTests
{
    private const int Inner = 301;

    private static readonly byte[] Record = new WireWriter().U32(7).U16(443).ToArray();

    [Fact]
    public void BasicList_CountsItsValues()
    {
        byte[] list = new WireWriter().U8(3).U16(10).U16(4).U32(1, 2, 3).ToArray();
        AssertPassedOver(291, list, 3);
        byte[] enterprise = new WireWriter().U8(3).U16(0x8000 | 9).U16(2).U32(9_999).U16(1).U16(2).ToArray();
        AssertPassedOver(291, enterprise, 2);
        byte[] variable = new WireWriter().U8(3).U16(82).U16(65_535).U8(4).Bytes("eth0"u8).U8(0).U8(255).U16(1).U8(1).ToArray();
        AssertPassedOver(291, variable, 3);
    }

    [Fact]
    public void SubTemplateList_CountsTheRecordsOfItsTemplate() =>
        AssertPassedOver(292, new WireWriter().U8(4).U16(Inner).Bytes(Record).Bytes(Record).ToArray(), 2);

    [Fact]
    public void SubTemplateMultiList_CountsTheRecordsOfAllItsTemplates()
    {
        byte[] list = new WireWriter().U8(4).U16(Inner).U16(4 + 6).Bytes(Record).U16(302).U16(4 + 3).Bytes(2, 1, 2).U16(Inner).U16(4).ToArray();
        AssertPassedOver(293, list, 2);
    }

    [Fact]
    public void ListInAList_IsCountedToo()
    {
        byte[] inner = new WireWriter().U8(4).U16(Inner).Bytes(Record).Bytes(Record).Bytes(Record).ToArray();
        byte[] outer = new WireWriter().U8(4).U16(303).U8(inner.Length).Bytes(inner).ToArray();
        AssertPassedOver(292, outer, 4);
    }

    [Fact]
    public void ListsInLists_AreLookedIntoToABoundedDepth()
    {
        byte[] list = new WireWriter().U8(4).U16(Inner).Bytes(Record).ToArray();
        for (int i = 0; i < 20; i++)
        {
            list = new WireWriter().U8(4).U16(303).U8(255).U16(list.Length).Bytes(list).ToArray();
        }

        AssertPassedOver(292, list, 4);
    }

    [Fact]
    public void UnknownTemplateOfAList_IsCounted()
    {
        DecoderRun run = Decode(292, new WireWriter().U8(4).U16(999).Bytes(Record).ToArray());
        Assert.Equal((1ul, 0L, 2L), (run.Records[0].Octets, run.Counters(10).ListRecords, run.Counters(10)[DecodeFault.MissingListTemplate]));
    }

    [Theory]
    [InlineData(291, new byte[0])]
    [InlineData(291, new byte[] { 3, 0, 10 })]
    [InlineData(291, new byte[] { 3, 0, 10, 0, 4, 1, 2, 3 })]
    [InlineData(291, new byte[] { 3, 0, 82, 255, 255, 9, 1 })]
    [InlineData(292, new byte[] { 4, 1 })]
    [InlineData(292, new byte[] { 4, 1, 45, 1, 2, 3 })]
    [InlineData(293, new byte[] { 4, 1, 45, 0, 3 })]
    [InlineData(293, new byte[] { 4, 1, 45, 0, 200, 1 })]
    public void BrokenList_IsCounted_AndCostsNothingElse(int element, byte[] list)
    {
        DecoderRun run = Decode(element, list);
        Assert.Equal([(1ul, 2ul), (1ul, 2ul)], run.Records.Select(r => (r.Octets, r.Packets)));
        Assert.Equal(list.Length == 0 ? 0 : 2, run.Counters(10)[DecodeFault.BadList]);
    }

    [Fact]
    public void Segments_AreReadFromAListAndFromASection()
    {
        byte[] segments = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        byte[] list = [3, 1, 238, 0, 16, .. segments];
        foreach ((int id, byte[] value) in new[] { (496, list), (497, segments) })
        {
            DecoderRun run = new DecoderRun().Feed(ExportMessageBuilder.Ipfix().Template(Wire.Template, (1, 4), (id, 65_535))
                .Data(Wire.Template, new WireWriter().U32(1).U8(value.Length).Bytes(value).ToArray()).Build());
            Assert.Equal(segments, run.Decoder.Values.Snapshot[run.Records[0].Srv6Segments].ToArray());
        }
    }

    [Fact]
    public void AnyBytesInAList_CostNothingElse() =>
        Prop.ForAll(Gen.Choose(291, 293).ToArbitrary(), Gen.Choose(0, 255).Select(i => (byte)i).ArrayOf().ToArbitrary(), (element, list) =>
            Decode(element, list).Records.Select(r => (r.Octets, r.Packets)).SequenceEqual([(1ul, 2ul), (1ul, 2ul)]))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000).WithEndSize(200));

    [Fact]
    public void Lists_AllocateNothing()
    {
        byte[] inner = new WireWriter().U8(4).U16(Inner).Bytes(Record).Bytes(Record).ToArray();
        byte[] record = new WireWriter().U32(1).U8(inner.Length).Bytes(inner).U8(255).U16(0).U32(2).ToArray();
        var run = new DecoderRun(new DecoderOptions { BothDirections = true });
        run.FeedOnly(ExportMessageBuilder.Ipfix().Template(Inner, (10, 4), (7, 2))
            .Template(Wire.Template, (1, 4), (292, 65_535), (291, 65_535), new FieldSpecifier(1, 4, 29_305)).Build());
        byte[] datagram = ExportMessageBuilder.Ipfix().Data(Wire.Template, record, record).Build();
        Assert.Equal(4, run.FeedOnly(datagram));
        Assert.Equal(0, Allocation.OfSteadyState(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                run.FeedOnly(datagram);
            }
        }));
    }

    private static void AssertPassedOver(int element, byte[] list, int records)
    {
        DecoderRun run = Decode(element, list);
        Assert.Equal([(1ul, 2ul), (1ul, 2ul)], run.Records.Select(r => (r.Octets, r.Packets)));
        Assert.Equal(2L * records, run.Counters(10).ListRecords);
        Assert.Equal((0L, 0L), (run.Counters(10)[DecodeFault.BadList], run.Counters(10)[DecodeFault.MissingListTemplate]));
    }

    // Two records with the list between their counters.
    private static DecoderRun Decode(int element, byte[] list)
    {
        byte[] record = new WireWriter().U32(1).U8(255).U16(list.Length).Bytes(list).U32(2).ToArray();
        return new DecoderRun().Feed(ExportMessageBuilder.Ipfix()
            .Template(Inner, (10, 4), (7, 2)).Template(302, (82, 65_535)).Template(303, (292, 65_535))
            .Template(Wire.Template, (1, 4), (element, 65_535), (2, 4)).Data(Wire.Template, record, record).Build());
    }
}
