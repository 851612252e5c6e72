using Collector.Net;
using Collector.Testing.Builders;
using Xunit;

namespace Collector.Flows.Tests.Templates.Options;

/// <summary>Sampling (pmacct-compat §8.3), names, addresses of options records (§8.4).</summary>
public sealed class OptionsReaderTests
{
    private const int System = 1, Interface = 2;

    [Theory]
    [InlineData(4)]
    [InlineData(2)]
    [InlineData(1)]
    public void S3_SamplingInterval_OfAnyLength(int length) => Holds(100, ((34, length), 100), ((35, 1), 2));

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void S4_RandomInterval_BySampler_BeforeThePlainOne(int length)
    {
        Holds(200, ((34, 4), 100), ((50, length), 200), ((49, 1), 2));
        DecoderRun run = Run(9, [((System, 4), 0), ((48, 1), 5), ((49, 1), 2), ((50, length), 300)]).Feed(Flow(9, ((48, 1), 5))).Feed(Flow(9, ((48, 2), 5)));
        Assert.Equal([300u, 300u], run.Records.Select(r => r.SamplingInterval));
    }

    [Fact]
    public void S7_IntervalAndSpace_GiveTheirSumByTheInterval()
    {
        Holds(1000, ((304, 2), 1), ((305, 4), 1), ((306, 4), 999));
        Holds(1000, ((305, 4), 2), ((306, 4), 1998));
    }

    [Fact]
    public void S8_IntervalWithoutSpace_IsTheRate() => Holds(1000, ((305, 4), 1000));

    [Fact]
    public void S9_SizeOfPopulation_IsTheirQuotient()
    {
        Holds(2000, ((309, 4), 1), ((310, 4), 2000));
        Holds(0, ((309, 4), 0), ((310, 4), 2000));
        Holds(2000, ((305, 4), 1), ((304, 2), 3), ((309, 4), 1), ((310, 4), 2000));
        Holds(1000, ((305, 4), 1), ((306, 4), 999), ((309, 4), 1), ((310, 4), 2000));
    }

    [Fact]
    public void S11_IntervalOfZero_ChangesNothing()
    {
        Holds(0, ((34, 4), 0));
        DecoderRun run = Run(10, [((149, 4), 0), ((34, 4), 10_922)]).Feed(Options(10, 401, [((149, 4), 0), ((34, 4), 0)])).Feed(Flow(10));
        Assert.Equal(10_922u, Assert.Single(run.Records).SamplingInterval);
    }

    // FortiGate: what its template 256 says are numbers of exported octets, packets and flows, which grow from one record to the next.
    [Fact]
    public void S12_RunningCountersOfTheExporter_AreNoInterval()
    {
        DecoderRun run = Run(9, [((System, 4), 0), ((40, 8), 123_456), ((41, 8), 4_711), ((42, 4), 67), ((36, 2), 1800), ((37, 2), 15)]).Feed(Flow(9));
        Assert.Equal((0u, 0u), (run.Records[0].SamplingInterval, run.Records[0].RenormalizationFactor));
        Assert.Equal(1, run.Counters(9).OptionsRecords);
    }

    [Fact]
    public void S15_NothingToldOfSampling_KeepsTheRecordAsItIs()
    {
        DecoderRun run = new DecoderRun().Feed(Flow(9)).Feed(Flow(10));
        Assert.All(run.Records, r => Assert.Equal((0u, 0u, 1ul), (r.SamplingInterval, r.RenormalizationFactor, r.Octets)));
        Assert.Equal((1L, 1L), (run.Counters(9).UnsampledRecords, run.Counters(10).UnsampledRecords));
    }

    [Fact]
    public void S10_TwoSamplers_EachRecordItsOwn()
    {
        var run = new DecoderRun();
        run.Feed(Options(9, 400, [((Interface, 4), 1), ((48, 1), 1), ((50, 4), 2000)]));
        run.Feed(Options(9, 400, [((Interface, 4), 1), ((48, 1), 2), ((50, 4), 4000)]));
        run.Feed(Flow(9, ((48, 1), 1))).Feed(Flow(9, ((48, 1), 2))).Feed(Flow(9, ((48, 1), 3))).Feed(Flow(9));
        Assert.Equal([2000u, 4000u, 0u, 4000u], run.Records.Select(r => r.SamplingInterval));
        Assert.Equal([1u, 2u, 3u, 0u], run.Records.Select(r => r.SamplerId));
    }

    [Fact]
    public void S5_SystemScope_HoldsForAllDomains_OtherScopesForTheirs()
    {
        var run = new DecoderRun();
        run.Feed(new ExportMessageBuilder(9) { Domain = 5 }.OptionsTemplate(400, [(System, 4)], (48, 1), (34, 4))
            .Data(400, new WireWriter().U32(0).U8(1).U32(100).ToArray()).Build());
        run.Feed(new ExportMessageBuilder(9) { Domain = 5 }.OptionsTemplate(401, [(Interface, 4)], (48, 1), (34, 4))
            .Data(401, new WireWriter().U32(0).U8(2).U32(200).ToArray()).Build());
        run.Feed(Flow(9, ((48, 1), 1))).Feed(Flow(9, ((48, 1), 2)));
        Assert.Equal([100u, 0u], run.Records.Select(r => r.SamplingInterval));
    }

    [Fact]
    public void ScopeCheckOff_EveryScopeHoldsForAllDomains()
    {
        var run = new DecoderRun(new DecoderOptions { DisableOptionsScopeCheck = true });
        run.Feed(new ExportMessageBuilder(9) { Domain = 5 }.OptionsTemplate(401, [(Interface, 4)], (34, 4))
            .Data(401, new WireWriter().U32(0, 200).ToArray()).Build());
        Assert.Equal(200u, Assert.Single(run.Feed(Flow(9)).Records).SamplingInterval);
    }

    [Fact]
    public void S6_SamplerZeroWithoutEntry_TakesTheLastKnown() => Assert.Equal(
        500u,
        Assert.Single(Run(9, [((Interface, 4), 1), ((48, 1), 7), ((34, 4), 500)]).Feed(Flow(9, ((48, 1), 0))).Records).SamplingInterval);

    [Fact]
    public void SamplerNamedByItsTemplate_HoldsForThatTemplate()
    {
        DecoderRun run = Run(10, [((145, 2), Wire.Template), ((305, 4), 1), ((306, 4), 999)])
            .Feed(Options(10, 401, [((145, 2), Wire.Template + 1), ((305, 4), 1), ((306, 4), 1999)])).Feed(Flow(10));
        Assert.Equal(1000u, Assert.Single(run.Records).RenormalizationFactor);
    }

    // So does 1.7.7, and options records among the flows have it too.
    [Fact]
    public void RecordWithoutSampler_TakesSamplerZero_ElseTheOneThatItsDomainNamedLast()
    {
        var run = new DecoderRun(new DecoderOptions { AccountOptions = true });
        run.Feed(Options(10, 400, [((149, 4), 0), ((48, 1), 7), ((34, 4), 700)]));
        run.Feed(Options(10, 401, [((145, 2), 999), ((305, 4), 1), ((306, 4), 799)]));
        run.Feed(Options(10, 400, [((149, 4), 0), ((48, 1), 7), ((34, 4), 900)]));
        run.Feed(Options(10, 402, [((149, 4), 0), ((82, 4), 0)]));
        run.Feed(Flow(10)).Feed(Flow(10, ((48, 1), 0))).Feed(Flow(10, ((302, 8), 3)));
        run.Feed(Options(10, 400, [((149, 4), 0), ((48, 1), 0), ((34, 4), 100)])).Feed(Flow(10));
        Assert.Equal([700u, 800u, 900u, 800u, 800u, 800u, 800u, 100u, 100u], run.Records.Select(r => r.SamplingInterval));
    }

    [Fact]
    public void RecordWithAnUnknownSampler_HasNoInterval_ButItsOwn()
    {
        DecoderRun run = Run(9, [((149, 4), 0), ((48, 1), 0), ((34, 4), 100)]);
        run.Feed(Flow(9, ((48, 1), 5))).Feed(Flow(9, ((34, 4), 50), ((48, 1), 5))).Feed(Flow(9, ((34, 4), 50), ((302, 4), 5)));
        Assert.Equal([0u, 50u, 50u], run.Records.Select(r => r.SamplingInterval));
    }

    [Fact]
    public void RandomIntervalInTheRecord_BeforeThePlainOne()
    {
        DecoderRun run = new DecoderRun().Feed(Flow(9, ((50, 4), 6), ((34, 4), 5))).Feed(Flow(9, ((50, 4), 0), ((34, 4), 5)));
        Assert.Equal([6u, 5u], run.Records.Select(r => r.SamplingInterval));
    }

    [Theory]
    [InlineData(34)]
    [InlineData(50)]
    public void S14_IntervalInTheRecord_IsUsed(int id)
    {
        DecoderRun run = new DecoderRun().Feed(Flow(9, ((id, 4), 1000))).Feed(Flow(10, ((id, 4), 2000)));
        Assert.Equal([(1000u, 1000u), (2000u, 2000u)], run.Records.Select(r => (r.SamplingInterval, r.RenormalizationFactor)));
        Assert.Equal(0, run.Counters(9).UnsampledRecords);
    }

    // MikroTik: no interval, or 1 with its bytes the wrong way round.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(16_777_216, 0)]
    [InlineData(512, 512)]
    public void S13_IntervalInTheRecord_OnlyIfItIsOne(ulong sent, uint interval) =>
        Assert.Equal(interval, Wire.Decode(9, [((34, 4), sent), ((1, 4), 1)]).SamplingInterval);

    [Fact]
    public void IntervalInTheRecord_BeforeSamplerZero_AfterTheRecordsSampler()
    {
        var run = new DecoderRun();
        run.Feed(Options(9, 400, [((System, 4), 0), ((48, 1), 0), ((34, 4), 100)]));
        run.Feed(Options(9, 400, [((System, 4), 0), ((48, 1), 1), ((34, 4), 300)]));
        run.Feed(Flow(9, ((34, 4), 200))).Feed(Flow(9, ((34, 4), 200), ((48, 1), 1))).Feed(Flow(9));
        Assert.Equal([200u, 300u, 100u], run.Records.Select(r => r.SamplingInterval));
    }

    [Fact]
    public void S16_RecordsBeforeTheOptions_HaveNoInterval()
    {
        DecoderRun run = new DecoderRun().Feed(Flow(9)).Feed(Options(9, 400, [((System, 4), 0), ((34, 4), 100)])).Feed(Flow(9));
        Assert.Equal([0u, 100u], run.Records.Select(r => r.SamplingInterval));
        Assert.Equal(1, run.Counters(9).OptionsRecords);
    }

    [Fact]
    public void P15_InterfaceNames_FoundByNumber_WithoutTheirZeros()
    {
        var run = new DecoderRun();
        FieldSpecifier[] fields = [(System, 4), (10, 4), (82, 8)];
        byte[] record = new WireWriter().U32(0, 7).Bytes("Gi0/7"u8).Bytes(0, 0, 0).ToArray();
        run.Feed(ExportMessageBuilder.NetFlow9().OptionsTemplate(400, [fields[0]], fields[1], fields[2]).Data(400, record).Build());
        run.Feed(Flow(9, ((10, 4), 7), ((14, 2), 8)));
        FlowRecord r = Assert.Single(run.Records);
        Assert.Equal(("Gi0/7", 0u), (run.Text(r.IngressInterfaceName), r.EgressInterfaceName));
    }

    [Fact]
    public void Names_AreFoundWithoutTheNumberBeingRead_AndAfterARotation()
    {
        var run = new DecoderRun(new DecoderOptions { Fields = FlowFieldSet.Of(FlowField.IngressInterfaceName) });
        run.Feed(ExportMessageBuilder.NetFlow9().OptionsTemplate(400, [(Interface, 4)], (82, 4)).Data(400, new WireWriter().U32(7).Bytes("eth7"u8).ToArray()).Build());
        run.Feed(Flow(9, ((10, 4), 7)));
        Assert.Equal("eth7", run.Text(run.Records[0].IngressInterfaceName));
        run.Decoder.Values.Rotate();
        run.Decoder.Values.Intern("something else"u8);
        run.Feed(Flow(9, ((10, 4), 7)));
        Assert.Equal("eth7", run.Text(run.Records[1].IngressInterfaceName));
    }

    [Fact]
    public void VrfNamesAndRouteDistinguishers_AreFoundByVrf()
    {
        var run = new DecoderRun();
        run.Feed(ExportMessageBuilder.Ipfix().OptionsTemplate(400, [(234, 4)], (236, 4), (90, 8))
            .Data(400, new WireWriter().U32(5).Bytes("blue"u8).U64(0xFDE8_0000_0005).ToArray()).Build());
        run.Feed(Flow(10, ((234, 4), 5), ((235, 4), 6)));
        FlowRecord r = Assert.Single(run.Records);
        Assert.Equal(("blue", 0u, 0xFDE8_0000_0005ul), (run.Text(r.IngressVrfName), r.EgressVrfName, r.RouteDistinguisher));
    }

    [Theory]
    [InlineData(4, 4)]
    [InlineData(4, 9)]
    [InlineData(2, 4)]
    public void P11_ApplicationNames_FoundWhateverTheLengthOfTheId(int optionsLength, int dataLength)
    {
        // Engine 3, selector 80.
        static byte[] Bytes(int length) => [3, .. new byte[length - 2], 80];
        var run = new DecoderRun();
        run.Feed(ExportMessageBuilder.Ipfix().OptionsTemplate(400, [(95, optionsLength)], (96, 4))
            .Data(400, [.. Bytes(optionsLength), .. "http"u8]).Build());
        run.Feed(ExportMessageBuilder.Ipfix().Template(Wire.Template, (95, dataLength), (1, 4))
            .Data(Wire.Template, [.. Bytes(dataLength), 0, 0, 0, 1]).Build());
        Assert.Equal("http", run.Text(Assert.Single(run.Records).ClassName));
    }

    [Theory]
    [InlineData(1, true, false)]
    [InlineData(1, false, true)]
    [InlineData(2, true, true)]
    public void C17_ExporterAddressOfVersion9_ScopeOfTheSystem_IsNotLearnedBy1_7(int scope, bool pmacct17, bool isLearned)
    {
        byte[] options = Options(9, 400, [((scope, 4), 0), ((130, 4), Wire.IPv4("10.0.0.9"))]);
        DecoderRun run = new DecoderRun(new DecoderOptions { Pmacct17 = pmacct17 }).Feed(options).Feed(Flow(9));
        Assert.Equal(isLearned ? IpAddress.Parse("10.0.0.9") : DecoderRun.Source, Assert.Single(run.Records).ExporterAddress);
    }

    [Fact]
    public void C17_ExporterAddressOfOptions_HoldsForTheDomain_UnlessIgnored()
    {
        byte[] options = Options(10, 400, [((149, 4), 0), ((130, 4), Wire.IPv4("10.0.0.9"))]);
        Assert.Equal(IpAddress.Parse("10.0.0.9"), Assert.Single(new DecoderRun().Feed(options).Feed(Flow(10)).Records).ExporterAddress);
        Assert.Equal(
            DecoderRun.Source,
            Assert.Single(new DecoderRun(new DecoderOptions { IgnoreExporterAddress = true }).Feed(options).Feed(Flow(10)).Records).ExporterAddress);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public void OtherOptions_AreRecordsOnRequest(bool account, int records)
    {
        DecoderRun run = new DecoderRun(new DecoderOptions { AccountOptions = account }).Feed(Options(10, 400, [((149, 4), 0), ((41, 8), 12)]));
        Assert.Equal((records, 1L, 0L), (run.Records.Count, run.Counters(10).OptionsRecords, run.Counters(10).Records));
        Assert.All(run.Records, r => Assert.Equal(FlowKind.Options, r.Kind));
    }

    [Fact]
    public void SamplingAndNames_AreRecordsOnRequestToo()
    {
        var accounting = new DecoderOptions { AccountOptions = true };
        DecoderRun sampling = new DecoderRun(accounting).Feed(Options(9, 400, [((1, 4), 0), ((34, 4), 10)]));
        DecoderRun names = new DecoderRun(accounting).Feed(Options(9, 401, [((10, 4), 3), ((82, 4), 0x65_74_68_30)]));
        Assert.Equal((1, 1), (sampling.Records.Count, names.Records.Count));
    }

    [Fact]
    public void MoreSamplersThanTheLimit_AreCounted()
    {
        FieldSpecifier[] fields = [(149, 4), (302, 4), (305, 4)];
        byte[][] records = [.. Enumerable.Range(1, 5_000).Select(i => Wire.Record(fields, 0, (ulong)i, 10))];
        DecoderRun run = new DecoderRun().Feed(ExportMessageBuilder.Ipfix().OptionsTemplate(400, [fields[0]], fields[1], fields[2]).Data(400, records).Build());
        Assert.Equal((5_000L, 904L), (run.Counters(10).OptionsRecords, run.Counters(10)[DecodeFault.OptionsLimit]));
    }

    private static void Holds(uint interval, params (FieldSpecifier, ulong)[] fields)
    {
        FlowRecord r = Assert.Single(Run(9, [((System, 4), 0), .. fields]).Feed(Flow(9)).Records);
        Assert.Equal((interval, interval), (r.SamplingInterval, r.RenormalizationFactor));
    }

    private static DecoderRun Run(int version, (FieldSpecifier, ulong)[] fields) => new DecoderRun().Feed(Options(version, 400, fields));

    // The first field is the scope.
    private static byte[] Options(int version, int id, (FieldSpecifier Field, ulong Value)[] fields)
    {
        FieldSpecifier[] specifiers = [.. fields.Select(f => f.Field)];
        return new ExportMessageBuilder(version).OptionsTemplate(id, specifiers[..1], specifiers[1..])
            .Data(id, Wire.Record(specifiers, [.. fields.Select(f => f.Value)])).Build();
    }

    private static byte[] Flow(int version, params (FieldSpecifier Field, ulong Value)[] more)
    {
        FieldSpecifier[] specifiers = [(1, 4), .. more.Select(f => f.Field)];
        return new ExportMessageBuilder(version).Template(Wire.Template, specifiers)
            .Data(Wire.Template, Wire.Record(specifiers, [1, .. more.Select(f => f.Value)])).Build();
    }
}
