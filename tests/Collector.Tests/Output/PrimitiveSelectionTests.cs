using Collector.Aggregation;
using Collector.Configuration;
using Collector.Flows;
using Collector.Output;
using Xunit;

namespace Collector.Tests.Output;

public class PrimitiveSelectionTests
{
    [Theory]
    [InlineData("src_hots", "aggregate: unknown primitive 'src_hots'; did you mean 'src_host'? A name of your own has to be defined first: custom_primitives, or aggregate_primitives behind -f")]
    [InlineData("protocol", "aggregate: unknown primitive 'protocol'; did you mean 'proto'? A name of your own has to be defined first: custom_primitives, or aggregate_primitives behind -f")]
    [InlineData("tcp_flags", "aggregate: 'tcp_flags' is the JSON key of primitive 'tcpflags'; write 'tcpflags'")]
    [InlineData("ip_src", "aggregate: 'ip_src' is the JSON key of primitive 'src_host'; write 'src_host'")]
    [InlineData("", "aggregate: a name is empty; remove the comma too many, or write 'none' for one grand total")]
    [InlineData("tag,tag", "aggregate: 'tag' is repeated; write it once")]
    [InlineData("cvlan,in_cvlan", "aggregate: 'in_cvlan' and 'cvlan' are the same primitive; write one of them")]
    public void Mistake_SaysWhatToWrite(string aggregate, string expected) => Assert.Equal([expected], Errors(aggregate));

    [Fact]
    public void NameLikeNoOther_ListsAllNames()
    {
        string error = Assert.Single(Errors("qqqqqqqqqq"));
        Assert.Contains("src_host", error, StringComparison.Ordinal);
        Assert.Contains("cvlan", error, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryMistake_IsToldAtOnce() => Assert.Equal(3, Errors("src_hots,dst_hots,tag,tag").Count);

    [Fact]
    public void EndlessName_CostsNothingAndIsCut() =>
        Assert.Equal([$"aggregate: unknown primitive '{new string('a', 64)}…'"], Errors(new string('a', 1_000_000)));

    [Fact]
    public void EveryKnownName_IsAcceptedAloneInBothDialects()
    {
        foreach (string name in PrimitiveSelection.KnownNames)
        {
            foreach (bool pmacct17 in (bool[])[true, false])
            {
                string row = RowText.Json(name, new FlowRecord { Family = FlowFamily.IPv4 }, new TextOptions { Pmacct17 = pmacct17 });
                using var parsed = System.Text.Json.JsonDocument.Parse(row);
                Assert.Equal("purge", parsed.RootElement.GetProperty("event_type").GetString());
                Assert.True(parsed.RootElement.EnumerateObject().Count() > 3 || name == "none", $"{name} prints nothing: {row}");
            }
        }
    }

    [Fact]
    public void AllPrimitivesTogether_PrintEachKeyOnceAndInCsvEachHeadingOnce()
    {
        string all = string.Join(',', PrimitiveTable.All.Where(p => p.Sum == SumKind.None).Select(p => p.Name));
        string row = RowText.Json(all, default);
        using var parsed = System.Text.Json.JsonDocument.Parse(row);
        string[] keys = [.. parsed.RootElement.EnumerateObject().Select(p => p.Name)];
        Assert.Equal(keys.Distinct().Count(), keys.Length);
        string[] headings = [.. PrimitiveTable.Printed(_ => true, stitching: true).SelectMany(p => p.Columns).Select(c => c.CsvHeading).OfType<string>().Distinct().Where(h => h != "FLOWS")];
        Assert.Empty(headings.Except(PrintColumns.Order.Select(c => c.Heading)));
        Assert.Empty(PrintColumns.Order.Select(c => c.Heading).Except(headings));
    }

    [Fact]
    public void CapitalsAndBlanks_AreForgiven() => Assert.Empty(Errors(" SRC_Host , proto "));

    [Fact]
    public void Key_HoldsKindAlwaysAndFamilyWithAddresses()
    {
        Assert.Equal([FlowField.Kind], TestPurge.Select("none").KeyFields);
        Assert.Contains(FlowField.Family, TestPurge.Select("src_net").KeyFields);
        Assert.DoesNotContain(FlowField.Family, TestPurge.Select("src_port").KeyFields);
        Assert.DoesNotContain(FlowField.TcpFlags, TestPurge.Select("tcpflags").KeyFields);
    }

    [Fact]
    public void FamilyOfTheFlow_IsNoKeyOfTheNextHop_ButNeeded()
    {
        PrimitiveSelection selection = TestPurge.Select("peer_dst_ip");
        Assert.DoesNotContain(FlowField.Family, selection.KeyFields);
        Assert.True(selection.NeededFields.Contains(FlowField.Family));
    }

    [Fact]
    public void Needed_HoldsWhatTheKeyIsDerivedFrom()
    {
        FlowFieldSet needed = TestPurge.Select("src_net,tcpflags,in_iface_name").NeededFields;
        FlowField[] expected =
        [
            FlowField.SourceNetwork, FlowField.SourceAddress, FlowField.SourceMask, FlowField.Family, FlowField.TcpFlags,
            FlowField.IngressInterface, FlowField.IngressInterfaceName,
        ];
        Assert.All(expected, f => Assert.True(needed.Contains(f), f.ToString()));
        Assert.False(needed.Contains(FlowField.DestinationAddress));
    }

    [Theory]
    [InlineData("sum_host", SumKind.Host, "ip_src", FlowField.DestinationAddress)]
    [InlineData("sum", SumKind.Host, "ip_src", FlowField.DestinationAddress)]
    [InlineData("sum_net", SumKind.Network, "net_src", FlowField.DestinationMask)]
    [InlineData("sum_as", SumKind.As, "as_src", FlowField.DestinationAs)]
    [InlineData("sum_port", SumKind.Port, "port_src", FlowField.DestinationPort)]
    [InlineData("sum_mac", SumKind.Mac, "mac_src", FlowField.DestinationMac)]
    public void Sums_PrintTheSourceAndReadTheDestination(string name, SumKind kind, string key, FlowField needed)
    {
        PrimitiveSelection selection = TestPurge.Select($"{name},tag,tag2,class,flows");
        Assert.Equal(kind, selection.Sum);
        Assert.True(selection.NeededFields.Contains(needed));
        Assert.Contains(kind.Fields().Source, selection.KeyFields);
        Assert.True(selection.NeededFields.Contains(kind.Fields().Destination));
        Assert.Contains($"\"{key}\": ", RowText.Json(name, default), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sum_host,proto")]
    [InlineData("sum_host,sum_net")]
    [InlineData("src_host,sum_host")]
    public void SumBesideOthers_IsRefused(string aggregate) => Assert.Contains("counts every record twice", Assert.Single(Errors(aggregate)), StringComparison.Ordinal);

    [Fact]
    public void FlowsSelected_IsSaid()
    {
        Assert.True(TestPurge.Select("flows").HasFlows);
        Assert.False(TestPurge.Select("none").HasFlows);
    }

    private static IReadOnlyList<string> Errors(string aggregate)
    {
        PrimitiveSelection.TryParse(aggregate.Split(','), new TextOptions(), out _, out IReadOnlyList<string> errors);
        return errors;
    }
}
