using Collector.Flows;
using Collector.Maps.Filters;
using Collector.Net;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Maps.Filters;

public sealed class FilterExpressionTests
{
    private static readonly FlowRecord Tcp = new()
    {
        Family = FlowFamily.IPv4,
        SourceAddress = IpAddress.Parse("10.1.2.3"),
        DestinationAddress = IpAddress.Parse("192.0.2.7"),
        Protocol = 6,
        SourcePort = 51_000,
        DestinationPort = 443,
    };

    private static readonly FlowRecord Udp6 = new()
    {
        Family = FlowFamily.IPv6,
        SourceAddress = IpAddress.Parse("2001:db8:1::1"),
        DestinationAddress = IpAddress.Parse("2001:db8:2::2"),
        Protocol = 17,
        SourcePort = 53,
        DestinationPort = 5_353,
    };

    private static bool Holds(string filter, FlowRecord record)
    {
        Assert.True(FilterExpression.TryParse(filter, out FilterExpression? expression, out string error), error);
        return expression.Holds(in record);
    }

    [Theory]
    [InlineData("", true, true)]
    [InlineData("ip", true, false)]
    [InlineData("ip6", false, true)]
    [InlineData("tcp", true, false)]
    [InlineData("udp", false, true)]
    [InlineData("ip6 and udp", false, true)]
    [InlineData("ip proto 6", true, false)]
    [InlineData("ip6 proto 6", false, false)]
    [InlineData("proto \\udp", false, true)]
    [InlineData("proto 17", false, true)]
    [InlineData("icmp", false, false)]
    [InlineData("arp", false, false)]
    [InlineData("host 10.1.2.3", true, false)]
    [InlineData("host 192.0.2.7", true, false)]
    [InlineData("192.0.2.7", true, false)]
    [InlineData("src host 192.0.2.7", false, false)]
    [InlineData("dst 192.0.2.7", true, false)]
    [InlineData("host 2001:db8:2::2", false, true)]
    [InlineData("ip6 host 2001:db8:2::2", false, true)]
    [InlineData("net 10.0.0.0/8", true, false)]
    [InlineData("src net 10", true, false)]
    [InlineData("net 10.1.2", true, false)]
    [InlineData("net 10.0.0.0 mask 255.0.0.0", true, false)]
    [InlineData("dst net 10.0.0.0/8", false, false)]
    [InlineData("net 2001:db8::/32", false, true)]
    [InlineData("src and dst net 2001:db8::/32", false, true)]
    [InlineData("src or dst net 192.0.2.0/24", true, false)]
    [InlineData("src and dst net 192.0.2.0/24", false, false)]
    [InlineData("port 443", true, false)]
    [InlineData("port https", true, false)]
    [InlineData("src port 443", false, false)]
    [InlineData("tcp dst port 443", true, false)]
    [InlineData("udp dst port 443", false, false)]
    [InlineData("port 53 or 443", true, true)]
    [InlineData("port (53 or 443)", true, true)]
    [InlineData("portrange 400-500", true, false)]
    [InlineData("udp src portrange 50-60", false, true)]
    [InlineData("not tcp", false, true)]
    [InlineData("!tcp", false, true)]
    [InlineData("not (tcp or udp)", false, false)]
    [InlineData("tcp or udp and ip6", false, true)]
    [InlineData("tcp or (udp and ip)", true, false)]
    [InlineData("src net 10.0.0.0/8 && dst port 443", true, false)]
    [InlineData("src net 10.0.0.0/8 || ip6", true, true)]
    [InlineData("src net (10.0.0.0/8 or 2001:db8::/32)", true, true)]
    [InlineData("vlan", false, false)]
    [InlineData("mpls", false, false)]
    [InlineData("ip multicast", false, false)]
    public void Holds_AsInPcapFilter(string filter, bool tcp, bool udp6)
    {
        Assert.Equal(tcp, Holds(filter, Tcp));
        Assert.Equal(udp6, Holds(filter, Udp6));
    }

    // pcap-filter(7): what stands behind a tag or a label is only reached through the keyword.
    [Theory]
    [InlineData("ip", false)]
    [InlineData("host 10.1.2.3", false)]
    [InlineData("vlan", true)]
    [InlineData("vlan 100", true)]
    [InlineData("vlan 101", false)]
    [InlineData("vlan and host 10.1.2.3", true)]
    [InlineData("vlan 100 and tcp dst port 443", true)]
    [InlineData("vlan and vlan", false)]
    public void TaggedFlow_IsReachedThroughVlan(string filter, bool expected) =>
        Assert.Equal(expected, Holds(filter, Tcp with { Vlan = 100, Flags = FlowRecordFlags.SFlow }));

    // nfacctd 1.7.7, with a template of element 58 and the VLANs 0, 100, 255, 256, 300 and 1000: a tag from 256 on.
    [Theory]
    [InlineData("ip", 100, true)]
    [InlineData("ip", 255, true)]
    [InlineData("ip", 256, false)]
    [InlineData("vlan 100 and ip", 100, true)]
    [InlineData("vlan 300 and ip", 300, true)]
    [InlineData("vlan and tcp", 0, false)]
    public void TaggedFlowOfATemplate_BelowVlan256_IsReachedEitherWay(string filter, ushort vlan, bool expected) =>
        Assert.Equal(expected, Holds(filter, Tcp with { IngressVlan = vlan, Vlan = vlan }));

    [Theory]
    [InlineData("ip", false)]
    [InlineData("mpls and ip", true)]
    [InlineData("mpls 17 and host 10.1.2.3", true)]
    [InlineData("mpls 18", false)]
    [InlineData("mpls and mpls", false)]
    public void LabelledFlow_IsReachedThroughMpls(string filter, bool expected) =>
        Assert.Equal(expected, Holds(filter, Tcp with { MplsLabelTop = 17, MplsLabelBottom = 17, PacketLabels = 1 }));

    [Theory]
    [InlineData("ether host 00:11:22:33:44:55", true)]
    [InlineData("ether src 00:11:22:33:44:55", true)]
    [InlineData("ether dst 00:11:22:33:44:55", false)]
    public void EtherHost_ComparesMacs(string filter, bool expected) =>
        Assert.Equal(expected, Holds(filter, Tcp with { SourceMac = MacAddress.Read([0, 0x11, 0x22, 0x33, 0x44, 0x55]) }));

    [Theory]
    [InlineData("tcp[13] & 2 != 0", "bytes of packets cannot be compared")]
    [InlineData("greater 100", "flows have no packet length")]
    [InlineData("host router1.example", "names are not looked up")]
    [InlineData("net 10.1.2.3/8", "write net 10.0.0.0/8")]
    [InlineData("host 10.0.0.0/8", "write net 10.0.0.0/8")]
    [InlineData("port nosuchservice", "is no port; write its number")]
    [InlineData("portrange x-y", "as in portrange 6000-6008")]
    [InlineData("tcp and", "the filter ends too early")]
    [InlineData("(tcp", "a '(' is not closed")]
    [InlineData("tcp)", "a ')' too much")]
    [InlineData("tcp udp", "'udp' is no address")]
    [InlineData("tcp host 10.0.0.1", "'tcp host': write tcp and host")]
    [InlineData("src", "the filter ends too early")]
    [InlineData("ip host 2001:db8::1", "the address is of the other family")]
    [InlineData("icmp port 5", "ports are of tcp, udp or sctp")]
    [InlineData("gateway 10.0.0.1", "cannot be told of flows")]
    [InlineData("vlan 5000", "is no number of a VLAN")]
    [InlineData("00:11:22:33:44:55", "write ether host")]
    public void Unsupported_IsToldWithWhatToWrite(string filter, string expected)
    {
        Assert.False(FilterExpression.TryParse(filter, out _, out string error));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void DeepNesting_IsRefused()
    {
        Assert.False(FilterExpression.TryParse(new string('(', 5_000) + "tcp" + new string(')', 5_000), out _, out string error));
        Assert.Contains("nested too deep", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Holds_AllocatesNothing()
    {
        Assert.True(FilterExpression.TryParse("vlan or (src net 10.0.0.0/8 and tcp port 443) or ether host 00:11:22:33:44:55", out FilterExpression? expression, out _));
        FlowRecord record = Tcp;
        Assert.Equal(0, Allocation.OfSteadyState(() =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                expression.Holds(in record);
            }
        }));
    }
}
