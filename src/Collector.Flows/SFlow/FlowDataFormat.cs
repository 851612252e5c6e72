namespace Collector.Flows.SFlow;

/// <summary>data_format of the records within a flow sample (sFlow v5 §5.3 "flow_data").</summary>
internal static class FlowDataFormat
{
    public const uint SampledHeader = 1;
    public const uint SampledEthernet = 2;
    public const uint SampledIPv4 = 3;
    public const uint SampledIPv6 = 4;
    public const uint ExtendedSwitch = 1001;
    public const uint ExtendedRouter = 1002;
    public const uint ExtendedGateway = 1003;
    public const uint ExtendedMpls = 1006;

    /// <summary>pmacct's own (PEN 43874): tag and tag2, written by its sfprobe.</summary>
    public const uint PmacctTag = (43874 << 12) + 2;

    private const uint PmacctClass = (43874 << 12) + 1;
    private const uint PmacctClass2 = (43874 << 12) + 3;

    /// <summary>
    /// True for records that the specifications define and that feed no field: user, url, NAT, MPLS tunnel, VC, FEC, VLAN tunnel, 802.11, queues,
    /// layer-2 and IP tunnels, InfiniBand, sockets, applications; and pmacct's class ids. They are skipped by their length.
    /// </summary>
    public static bool IsUnused(uint format) =>
        format is 1004 or 1005 or (>= 1007 and <= 1042) or (>= 2000 and <= 2003) or (>= 2100 and <= 2103) or (>= 2200 and <= 2209) or PmacctClass or PmacctClass2;
}
