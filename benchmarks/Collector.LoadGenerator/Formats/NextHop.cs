using Collector.Net;

namespace Collector.LoadGenerator.Formats;

/// <summary>The next hop of a flow: a function of its output interface.</summary>
internal static class NextHop
{
    internal static uint IPv4(in FlowKey key) => 0xC633_6400u | key.Output;

    internal static IpAddress IPv6(in FlowKey key) => IpAddress.FromHostOrder(0x2001_0DB8_00FF_0000UL, key.Output);
}
