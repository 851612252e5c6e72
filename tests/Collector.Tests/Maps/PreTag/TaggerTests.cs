using System.Text;
using Collector.Configuration;
using Collector.Flows;
using Collector.Maps;
using Collector.Maps.PreTag;
using Collector.Net;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Maps.PreTag;

public sealed class TaggerTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();
    private readonly ValueTable _values = new();
    private readonly List<Finding> _findings = [];

    public void Dispose() => File.Delete(_path);

    private Tagger Make(string map, PreTagRules rules = default)
    {
        File.WriteAllText(_path, map);
        var file = new MapFile<PreTagMap>("pre_tag_map", _path, false, (text, findings) => PreTagMap.Read(text, rules, findings));
        Assert.True(file.Load(_findings), string.Join('\n', _findings));
        return new Tagger(file, _values);
    }

    private static FlowRecord Flow(string exporter = "192.0.2.1", byte protocol = 6, uint ingress = 0) =>
        new() { ExporterAddress = IpAddress.Parse(exporter), Family = FlowFamily.IPv4, ExportVersion = 9, Protocol = protocol, IngressInterface = ingress, Packets = 1 };

    private (ulong Tag, ulong Tag2, string Label) Of(Tagger tagger, FlowRecord record)
    {
        FlowRecord result = tagger.Apply(new[] { record })[0];
        return (result.Tag, result.Tag2, Encoding.UTF8.GetString(_values.Snapshot[result.Label]));
    }

    [Fact]
    public void Chain_StacksTagsAndJoinsLabels() => Assert.Equal(
        (107ul, 9ul, "foo,bar"),
        Of(Make("set_tag=100 jeq=a\nset_label=foo label=a jeq=b\nset_label=bar label=b jeq=c\nset_tag=7 stack=sum label=c jeq=next\nset_tag2=9"), Flow()));

    /// <summary>nfacctd 1.7.7 matched a source id of 0x01060000 with none of 0, 1, 6, 7, 8 and 255.</summary>
    [Fact]
    public void EngineId_OfVersion9_IsTheWholeSourceId()
    {
        Tagger tagger = Make("set_tag=1 engine_id=0\nset_tag=2 engine_id=1\nset_tag=3 engine_id=6");
        Assert.Equal((0ul, 0ul, ""), Of(tagger, Flow() with { ExportSystemId = 0x0106_0000 }));
        Assert.Equal((3ul, 0ul, ""), Of(tagger, Flow() with { ExportSystemId = 6 }));
    }

    [Fact]
    public void SeveralSetKeysOnOneLine_AreAllSetAndWarnedOf()
    {
        Assert.Equal((5ul, 6ul, "x"), Of(Make("set_tag=5 set_tag2=6 set_label=x"), Flow()));
        Assert.Contains("more than one of set_tag, set_tag2 and set_label", Assert.Single(_findings).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void JumpToNowhereOrBack_IsWarnedOfAndEndsThere()
    {
        Assert.Equal((2ul, 0ul, ""), Of(Make("set_tag=1 label=x filter='udp'\nset_tag=2 jeq=x\nset_tag=3"), Flow()));
        Assert.All(_findings, f => Assert.Contains("jeq=x: no later line has label=x", f.ToString(), StringComparison.Ordinal));
    }

    /// <summary>1.7.7 logs "Unresolved label 'next'" for its list of IPv6 lines, and stops there.</summary>
    [Fact]
    public void JumpToTheNextLine_IsForIPv4ExportersOnly()
    {
        const string Map = "set_tag=1 jeq=next\nset_tag2=2 jeq=l\nset_tag=3\nset_label=x label=l";
        Assert.Equal((1ul, 2ul, "x"), Of(Make(Map), Flow()));
        Assert.Equal((1ul, 0ul, ""), Of(Make(Map), Flow("2001:db8::1")));
        Assert.All(_findings, f => Assert.Contains("jeq=next is left out for IPv6 exporters", f.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0.0.0.0", 9, FlowRecordFlags.None, 1)]
    [InlineData("10.0.0.1", 9, FlowRecordFlags.None, 3)]
    [InlineData("0.0.0.0", 5, FlowRecordFlags.None, 1)]
    [InlineData(null, 5, FlowRecordFlags.SFlow, 1)]
    public void NextHopOfZeros_IsOfBothFamilies(string? hop, byte version, FlowRecordFlags flags, ulong tag)
    {
        FlowRecord record = Flow() with { IpNextHop = hop is null ? default : IpAddress.Parse(hop), ExportVersion = version, Flags = flags };
        Assert.Equal(tag, Of(Make("set_tag=1 nexthop=0.0.0.0\nset_tag=2 nexthop=::\nset_tag=3"), record).Tag);
        Assert.Equal(tag, Of(Make("set_tag=1 nexthop=::\nset_tag=2 nexthop=0.0.0.0\nset_tag=3"), record).Tag);
    }

    [Theory]
    [InlineData('u', FlowRecordFlags.None, 1)]
    [InlineData('u', FlowRecordFlags.DirectionGiven, 3)]
    [InlineData('i', FlowRecordFlags.DirectionGiven, 1)]
    [InlineData('e', FlowRecordFlags.DirectionGiven, 2)]
    public void DirectionThatTheExporterDoesNotKnow_IsNone(char direction, FlowRecordFlags flags, ulong tag) => Assert.Equal(
        tag, Of(Make("set_tag=1 direction=0\nset_tag=2 direction=1\nset_tag=3 direction=-1"), Flow() with { SamplingDirection = (byte)direction, Flags = flags }).Tag);

    [Theory]
    [InlineData(FlowRecordFlags.None, 2)]
    [InlineData(FlowRecordFlags.DestinationMacGiven, 2)]
    [InlineData(FlowRecordFlags.SourceMacGiven, 1)]
    [InlineData(FlowRecordFlags.SFlow, 1)]
    public void MacOfZeros_IsOneWhereItIsSent(FlowRecordFlags flags, ulong tag) =>
        Assert.Equal(tag, Of(Make("set_tag=1 src_mac=00:00:00:00:00:00\nset_tag=2 src_mac=-02:00:00:00:00:01"), Flow() with { Flags = flags }).Tag);

    [Fact]
    public void OriginsThatBecamePeers_AreStillOrigins()
    {
        FlowRecord record = Flow() with { PeerSourceAs = 65001, PeerDestinationAs = 65002 };
        Assert.Equal((1ul, 2ul, ""), Of(Make("set_tag=1 src_as=65001 jeq=a\nset_tag2=2 label=a dst_as=65002", new PreTagRules { OriginsArePeers = true }), record));
        Assert.Equal(0ul, Of(Make("set_tag=1 src_as=65001"), record).Tag);
    }

    [Fact]
    public void Return_PublishesTheRecordAndGoesOnWithFreshTags()
    {
        Tagger tagger = Make("set_tag=1 jeq=b return=true ip=192.0.2.1\nset_tag=7\nset_label=x label=b jeq=c return=true\nset_tag2=4 label=c\n");
        Span<FlowRecord> records = tagger.Apply(new[] { Flow(), Flow("192.0.2.9") });
        Assert.Equal(
            [(1ul, 0ul, ""), (0ul, 0ul, "x"), (0ul, 4ul, ""), (7ul, 0ul, "")],
            records.ToArray().Select(r => (r.Tag, r.Tag2, Encoding.UTF8.GetString(_values.Snapshot[r.Label]))));
    }

    [Fact]
    public void NoRecirculation_LinesWithoutIpAreForIPv4Only()
    {
        Assert.Equal((1ul, 0ul, ""), Of(Make("set_tag=1"), Flow("2001:db8::1")));
        Assert.Equal((0ul, 0ul, ""), Of(Make("set_tag=1", new PreTagRules { DontRecirculate = true }), Flow("2001:db8::1")));
        Assert.Equal((1ul, 0ul, ""), Of(Make("set_tag=1", new PreTagRules { DontRecirculate = true }), Flow()));
    }

    [Fact]
    public void TagOfTheExporter_StaysInTheRecordAndOutOfTheFilters()
    {
        Tagger tagger = Make("set_tag=5");
        FlowRecord given = Flow() with { Tag = 100, Flags = FlowRecordFlags.TagGiven };
        Assert.Equal(100ul, tagger.Apply(new[] { given })[0].Tag);
        Assert.Equal(5ul, tagger.Tags.Tag[0]);
    }

    [Fact]
    public void AutoIncrement_CountsMatchesNotRecords()
    {
        Tagger tagger = Make("set_tag=5++ filter='tcp'");
        Assert.Equal([5ul, 0ul, 6ul, 7ul], tagger.Apply(new[] { Flow(), Flow(protocol: 17), Flow(), Flow() }).ToArray().Select(r => r.Tag));
    }

    [Fact]
    public void NewKeys_OfLaterVersions_Match()
    {
        Tagger tagger = Make("set_tag=1 ip_proto=udp dst_port=53\nset_tag=2 tcp_flags=0x12\nset_tag=3 ip_proto=-6\n");
        Assert.Equal((1ul, 0ul, ""), Of(tagger, Flow(protocol: 17) with { DestinationPort = 53 }));
        Assert.Equal((2ul, 0ul, ""), Of(tagger, Flow() with { TcpFlags = 0x12 }));
        Assert.Equal((3ul, 0ul, ""), Of(tagger, Flow(protocol: 1)));
        Assert.Equal((0ul, 0ul, ""), Of(tagger, Flow()));
    }

    [Fact]
    public void Communities_AreComparedByPattern()
    {
        Tagger tagger = Make("set_tag=1 comms=65000:1,65001:.\nset_tag=2 src_comms=65000:9 src_roa=v\nset_tag=3 local_pref=100\n");
        uint Handle(string text) => _values.Intern(Encoding.ASCII.GetBytes(text));
        Assert.Equal(1ul, tagger.Apply(new[] { Flow() with { StandardCommunities = Handle("64512:1_65001:7") } })[0].Tag);
        Assert.Equal(2ul, tagger.Apply(new[] { Flow() with { SourceStandardCommunities = Handle("65000:9"), SourceRoa = (byte)'v' } })[0].Tag);
        Assert.Equal(3ul, tagger.Apply(new[] { Flow() with { StandardCommunities = Handle("64512:1"), LocalPreference = 100 } })[0].Tag);
    }

    [Fact]
    public void LabelsSurviveARotationOfTheValues()
    {
        Tagger tagger = Make("set_label=x");
        Assert.Equal((0ul, 0ul, "x"), Of(tagger, Flow()));
        _values.Rotate();
        _values.Intern("y"u8);
        Assert.Equal((0ul, 0ul, "x"), Of(tagger, Flow()));
    }

    [Fact]
    public void Apply_SteadyState_AllocatesNothing()
    {
        Tagger tagger = Make("set_tag=1 ip=192.0.2.1 in=1 jeq=l\nset_tag=2 filter='src net 10.0.0.0/8' jeq=l\nset_tag2=3 jeq=l\nset_label=a label=l jeq=m\nset_label=b label=m");
        FlowRecord[] records = [Flow(ingress: 1), Flow(ingress: 2), Flow("2001:db8::1")];
        Assert.Equal(0, Allocation.OfSteadyState(() =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                tagger.Apply(records);
            }
        }));
    }

    [Theory]
    [InlineData("set_tag=x", "set_tag=x does not fit; write a whole number")]
    [InlineData("set_tag=1 filter='tcp['", "bytes of packets cannot be compared")]
    [InlineData("set_tag=1 src_mac=00:11", "write a MAC address")]
    [InlineData("set_tag=1 sample_type=frog", "write flow, event or option")]
    [InlineData("set_tag=1 stack=xor", "write sum or or")]
    [InlineData("set_tag=1 return=maybe", "write true or false")]
    [InlineData("set_tag=1 mpls_vpn_rd=5", "write a route distinguisher")]
    [InlineData("set_tag=1 dst_as=4294967296", "write a whole number from 0 to 4294967295")]
    [InlineData("set_lable=x", "unknown key 'set_lable'; did you mean 'set_label'?")]
    public void LineWithAFault_IsTold(string line, string expected)
    {
        var findings = new Findings("m");
        Assert.Equal(0, PreTagMap.Read(new StringReader(line), default, findings).Count);
        Assert.Contains(expected, Assert.Single(findings.All).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void LabelsAsMaps_NeedKeyAndValue()
    {
        var findings = new Findings("m");
        PreTagMap.Read(new StringReader("set_label=a%1,b%2\nset_label=gold"), new PreTagRules { LabelsAreMaps = true }, findings);
        Assert.Equal("m:2: pre_tag_label_encode_as_map: write set_label=key%value, elements separated by commas", Assert.Single(findings.All).ToString());
    }
}
