namespace Collector.Tests.Oracle;

/// <summary>A map that pmacct and the collector are compared with.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Capture">Capture in pcaps/.</param>
/// <param name="Map">The file's contents; empty for none.</param>
/// <param name="Lines">Lines of the configuration; MAP stands for the map's path. Default: it is the pre_tag_map.</param>
internal sealed record MapCase(string Name, string Capture, string Map, params string[] Lines)
{
    /// <summary>Every key that 1.7.7 knows, and how lines meet.</summary>
    public static IReadOnlyList<MapCase> All { get; } =
    [
        new("no line fits", "netflow9-softflowd-ipv4", "set_tag=9 in=4242"),
        new("catch-all", "netflow9-softflowd-ipv4", "! all\nset_tag=18446744073709551615"),
        new("first line wins", "netflow9-softflowd-ipv4", "set_tag=1 filter='tcp'\nset_tag=2 filter='udp'\nset_tag=3"),
        new("tag, tag2 and label chained", "netflow9-softflowd-ipv4", "set_tag=100 jeq=a\nset_label=foo label=a jeq=b\nset_label=bar label=b jeq=c\nset_tag=7 stack=sum label=c jeq=d\nset_tag2=9 label=d"),
        new("stack or", "netflow9-softflowd-ipv4", "id=5 jeq=a\nid=10 stack=or label=a jeq=b\nid2=3 label=b"),
        new("jeq to the next line", "netflow9-softflowd-ipv4", "set_tag=1 jeq=next\nset_tag2=2\nset_tag=3"),
        new("jeq to the next line for IPv6 exporters", "netflow9-softflowd-ipv6-transport", "set_tag=1 jeq=next\nset_tag2=2\nset_tag=3"),
        new("jeq passes lines over", "netflow9-softflowd-ipv4", "set_tag=1 jeq=z\nset_tag=2\nset_tag2=5 label=z"),
        new("jeq without a target", "netflow9-softflowd-ipv4", "set_tag=1 jeq=nowhere\nset_tag=2"),
        new("jeq backwards", "netflow9-softflowd-ipv4", "set_tag=1 label=x filter='icmp'\nset_tag=2 jeq=x\nset_tag=3"),
        new("line without set keys", "netflow9-softflowd-ipv4", "filter='tcp'\nset_tag=3"),
        new("in and out", "netflow5-ovs", "set_tag=1 in=1\nset_tag=2 in=2 out=1\nset_tag=3 out=65534\nset_tag=4 in=-2"),
        new("in of templates", "netflow9-nfprobe-egress", "set_tag=1 in=100\nset_tag=2 out=200\nset_tag=3 in=-100"),
        new("in of sFlow", "sflow5-ovs-vlan", "set_tag=1 in=1\nset_tag=2 in=2\nset_tag=3 out=-1"),
        new("exporter by address and prefix", "netflow9-softflowd-ipv4", "set_tag=1 ip=203.0.113.0/24\nset_tag=2 ip=127.0.0.0/8\nset_tag=3 ip=10.0.0.0/8\nset_tag=4 ip=0.0.0.0/0"),
        new("exporter by IPv6", "netflow9-softflowd-ipv6-transport", "set_tag=1 ip=0.0.0.0/0\nset_tag=2 ip=::/0"),
        new("lines without ip for IPv6 exporters", "netflow9-softflowd-ipv6-transport", "set_tag=1 ip=10.0.0.0/8\nset_tag=2"),
        new("engine of version 5", "netflow5-ovs", "set_tag=1 engine_type=0 engine_id=1\nset_tag=2 engine_type=0 engine_id=0\nset_tag=3 engine_type=-0"),
        new("engine of templates", "ipfix-nfprobe-tags", "set_tag=1 engine_type=1\nset_tag2=2 engine_id=0\nset_tag=3 engine_id=-5"),
        new("source_id", "ipfix-ovs-cached", "set_tag=1 source_id=0\nset_tag=2 source_id=1\nset_tag=3 source_id=-7"),
        new("flowset_id", "netflow9-softflowd-ipv6", "set_tag=1 flowset_id=1024\nset_tag=2 flowset_id=2048\nset_tag=3 flowset_id=-256"),
        new("nexthop of version 5", "netflow5-nfprobe-live", "set_tag=1 nexthop=0.0.0.0\nset_tag=2 nexthop=-192.0.2.1"),
        new("nexthop of zeros, in the other family", "netflow5-nfprobe-live", "set_tag=1 nexthop=::"),
        new("nexthop that a sample has not", "sflow5-sfprobe-vlan", "set_tag=1 nexthop=-10.0.0.1 jeq=a\nset_tag2=2 nexthop=0.0.0.0 label=a jeq=b\nset_label=x nexthop=:: label=b"),
        new("bgp_nexthop of templates", "ipfix-nfprobe-networks", "set_tag=1 bgp_nexthop=192.0.2.1\nset_tag=2 bgp_nexthop=-192.0.2.9"),
        new("agent_id", "sflow5-sfprobe-networks", "set_tag=1 agent_id=1\nset_tag=2 agent_id=0\nset_tag=3 agent_id=-9"),
        new("sample_type of sFlow", "sflow5-sfprobe-counters", "set_tag=1 sample_type=0:1\nset_tag=2 sample_type=0:3"),
        new("sample_type of sFlow, negated", "sflow5-ovs-vlan", "set_tag=1 sample_type=-0:1\nset_tag=2"),
        new("sample_type of NetFlow", "ipfix-softflowd-ipv4", "set_tag=1 sample_type=event\nset_tag=2 sample_type=option\nset_tag=3 sample_type=flow"),
        new("direction", "netflow9-nfprobe-egress", "set_tag=1 direction=1\nset_tag=2 direction=0"),
        new("direction, negated", "netflow9-softflowd-ipv4", "set_tag=1 direction=-0\nset_tag=2"),
        new("direction of sFlow, negated", "sflow5-sfprobe-networks", "set_tag=1 direction=-0\nset_tag=2"),
        new("agent_id of NetFlow", "netflow9-softflowd-ipv4", "set_tag=1 agent_id=9 filter='tcp'\nset_tag=2 agent_id=-9"),
        new("keys of NetFlow for sFlow", "sflow5-sfprobe-networks", "set_tag=1 engine_type=3 engine_id=9 source_id=-9 flowset_id=9999 filter='tcp'\nset_tag=2 cvlan=9 is_bi_flow=true"),
        new("engine_type of templates, negated", "ipfix-nfprobe-networks", "set_tag=1 engine_type=-3\nset_tag=2 engine_type=0\nset_tag=3"),
        new("source_id of version 5, negated", "netflow5-ovs", "set_tag=1 source_id=0\nset_tag=2 source_id=-9"),
        new("nexthop that is not sent", "netflow9-softflowd-ipv4", "set_tag=1 nexthop=-10.0.0.1\nset_tag=2 nexthop=10.0.0.1"),
        new("macs that are not sent", "netflow9-softflowd-ipv4", "set_tag=1 src_mac=00:00:00:00:00:00\nset_tag=2 dst_mac=00:00:00:00:00:00\nset_tag=3 src_mac=-02:00:00:00:00:01"),
        new("src_as and dst_as", "ipfix-nfprobe-networks", "set_tag=1 src_as=65001 dst_as=65002\nset_tag=2 src_as=65001\nset_tag=3 dst_as=65001\nset_tag=4 src_as=-65009"),
        new("src_as and dst_as with longest", "ipfix-nfprobe-networks", "set_tag=1 src_as=65001\nset_tag=2 dst_as=0\nset_tag=4 src_as=-65009", "pre_tag_map: MAP", "nfacctd_as: longest"),
        new("src_as of sFlow with longest", "sflow5-sfprobe-networks", "set_tag=1 src_as=65001\nset_tag=2 dst_as=0\nset_tag=3", "pre_tag_map: MAP", "sfacctd_as: longest"),
        new("src_as of sFlow", "sflow5-sfprobe-networks", "set_tag=1 src_as=65001\nset_tag=2 dst_as=65001\nset_tag=3 dst_as=-0"),
        new("src_as and dst_as that become peers", "ipfix-nfprobe-networks", "set_tag=1 src_as=65001 jeq=a\nset_tag=2 src_as=0\nset_tag=3 src_as=-65009\nset_tag2=4 label=a dst_as=64999", "pre_tag_map: MAP", "nfacctd_peer_as: true"),
        new("macs", "netflow9-softflowd-ethernet", "set_tag=1 src_mac=02:00:00:00:00:01\nset_tag=2 dst_mac=02:00:00:00:00:01\nset_tag=3 src_mac=-02:00:00:00:00:07"),
        new("macs of version 5", "netflow5-ovs", "set_tag=1 src_mac=-02:00:00:00:00:01\nset_tag=2"),
        new("vlan", "netflow9-softflowd-ethernet", "set_tag=1 vlan=100\nset_tag=2 vlan=0\nset_tag=3 vlan=-5"),
        new("vlan of layer 2", "netflow9-nfprobe-layer2", "set_tag=1 vlan=100\nset_tag=2 vlan=0\nset_tag=3 vlan=-5"),
        new("vlan of sFlow", "sflow5-ovs-vlan", "set_tag=1 vlan=100\nset_tag=2 vlan=0\nset_tag=3 vlan=-5"),
        new("cvlan", "ipfix-ovs-cached", "set_tag=1 cvlan=100\nset_tag=2 cvlan=0\nset_tag=3 cvlan=-5"),
        new("mpls_pw_id", "ipfix-nfprobe-mpls", "set_tag=1 mpls_pw_id=7\nset_tag=2 mpls_pw_id=0\nset_tag=3"),
        new("src_net and dst_net", "netflow9-softflowd-many", "set_tag=1 src_net=10.0.0.0/25\nset_tag=2 dst_net=10.0.0.0/9 src_net=10.0.0.0/8\nset_tag=3 dst_net=-192.0.2.0/24\nset_tag=4"),
        new("src_net of IPv6", "netflow9-softflowd-ipv6", "set_tag=1 src_net=2001:db8::/33\nset_tag=2 dst_net=2001:db8::/32\nset_tag=3"),
        new("is_multicast", "netflow9-softflowd-many", "set_tag=1 is_multicast=true\nset_tag=2 is_multicast=false"),
        new("set_tos", "netflow9-softflowd-ipv4", "set_tos=184 filter='tcp' jeq=a\nset_tag=1 label=a"),
        new("set_tos of sFlow", "sflow5-ovs-vlan", "set_tos=184 set_tag=5"),
        new("tags of the exporter win", "ipfix-nfprobe-tags", "set_tag=5 jeq=a\nset_tag2=6 label=a jeq=b\nset_label=x label=b"),
        new("labels of the exporter win", "ipfix-nfprobe-label", "set_tag=5 jeq=a\nset_label=x label=a"),
        new("tags of sFlow do not", "sflow5-sfprobe-tags", "set_tag=5 filter='tcp'\nset_tag2=6"),
        new("auto-increment", "netflow9-softflowd-ipv4", "set_tag=5++ filter='tcp'\nset_tag2=100++"),
        new("filter: addresses and networks", "netflow9-softflowd-many", "set_tag=1 filter='src host 10.0.0.1'\nset_tag=2 filter='dst net 10.0.0.0/25'\nset_tag=3 filter='net 10.0'\nset_tag=4 filter='not net 192.168.0.0/16'"),
        new("filter: ports", "netflow9-softflowd-ipv4", "set_tag=1 filter='tcp dst port 443'\nset_tag=2 filter='udp port 53'\nset_tag=3 filter='src portrange 1024-40000'\nset_tag=4 filter='port 80 or 22'"),
        new("filter: protocols", "netflow9-softflowd-ipv4", "set_tag=1 filter='icmp'\nset_tag=2 filter='proto 17'\nset_tag=3 filter='ip proto 6'\nset_tag=4"),
        new("filter: families", "netflow9-softflowd-ipv6", "set_tag=1 filter='ip6 and tcp'\nset_tag=2 filter='icmp6'\nset_tag=3 filter='ip'\nset_tag=4 filter='ip6'"),
        new("filter: precedence", "netflow9-softflowd-ipv4", "set_tag=1 filter='tcp or udp and dst port 53'\nset_tag=2 filter='not (tcp or udp)'\nset_tag=3"),
        new("filter: vlan of templates", "netflow9-nfprobe-layer2", "set_tag=1 filter='tcp dst port 443'\nset_tag=2 filter='icmp'\nset_tag=3 filter='ip'\nset_tag=4"),
        new("filter: vlan of sFlow", "sflow5-ovs-vlan", "set_tag=1 filter='vlan 100 and tcp'\nset_tag=2 filter='vlan'\nset_tag=3 filter='ip'\nset_tag=4"),
        new("filter: mpls", "ipfix-nfprobe-mpls", "set_tag=1 filter='mpls 100'\nset_tag=2 filter='mpls and tcp'\nset_tag=3 filter='host 10.250.0.1'\nset_tag=4"),
        new("filter: version 5", "netflow5-softflowd-ipv4", "set_tag=1 filter='tcp src port 80'\nset_tag=2 filter='udp'\nset_tag=3 filter='icmp'\nset_tag=4"),
        new("filter: sFlow", "sflow5-sfprobe-networks", "set_tag=1 filter='tcp dst port 443'\nset_tag=2 filter='udp'\nset_tag=3 filter='ip6'\nset_tag=4"),
        new("pre_tag_filter", "netflow9-softflowd-ipv4", "set_tag=10 filter='tcp'\nset_tag=20 filter='udp'", "pre_tag_map: MAP", "pre_tag_filter[p]: 15-25"),
        new("pre_tag_filter, untagged", "netflow9-softflowd-ipv4", "set_tag=10 filter='tcp'", "pre_tag_map: MAP", "pre_tag_filter[p]: 0"),
        new("pre_tag_filter, negated", "netflow9-softflowd-ipv4", "set_tag=10 filter='tcp'\nset_tag=20 filter='udp'", "pre_tag_map: MAP", "pre_tag_filter[p]: -10"),
        new("pre_tag2_filter", "netflow9-softflowd-ipv4", "set_tag2=10 filter='tcp'\nset_tag2=20 filter='udp'", "pre_tag_map: MAP", "pre_tag2_filter[p]: 0, 20"),
        new("pre_tag_label_filter", "netflow9-softflowd-ipv4", "set_label=web filter='tcp' jeq=a\nset_label=dns filter='udp'\nset_label=more label=a", "pre_tag_map: MAP", "pre_tag_label_filter[p]: web"),
        new("pre_tag_label_filter, the second label", "netflow9-softflowd-ipv4", "set_label=web filter='tcp' jeq=a\nset_label=dns filter='udp'\nset_label=more label=a", "pre_tag_map: MAP", "pre_tag_label_filter[p]: more"),
        new("pre_tag_label_filter, none", "netflow9-softflowd-ipv4", "set_label=web filter='tcp'", "pre_tag_map: MAP", "pre_tag_label_filter[p]: null"),
        new("pre_tag_label_filter, negated", "netflow9-softflowd-ipv4", "set_label=web filter='tcp'\nset_label=dns filter='udp'", "pre_tag_map: MAP", "pre_tag_label_filter[p]: -web"),
        new("filter by tags of the exporter", "ipfix-nfprobe-tags", "", "pre_tag_filter[p]: 0"),
        new("post_tag", "ipfix-nfprobe-tags", "set_tag=1", "pre_tag_map: MAP", "pre_tag_filter[p]: 1", "post_tag[p]: 77", "post_tag2[p]: 78"),
        new("aggregate_filter", "netflow9-softflowd-ipv4", "", "aggregate_filter[p]: tcp and dst port 443"),
        new("aggregate_filter of sFlow", "sflow5-sfprobe-networks", "", "aggregate_filter[p]: udp or icmp"),
        new("map of the plugin", "netflow9-softflowd-ipv4", "set_tag=1 filter='tcp'\nset_label=x", "pre_tag_map[p]: MAP"),
        new("allow file", "netflow9-softflowd-ipv4", "10.255.0.0/16\n", "nfacctd_allow_file: MAP"),
        new("allow file, all", "netflow9-softflowd-ipv4", "0.0.0.0/0\n", "nfacctd_allow_file: MAP"),
        new("ports_file", "netflow9-softflowd-ipv4", "53\n443\n", "ports_file[p]: MAP"),
        new("sampling_map", "netflow9-softflowd-ipv4", "id=100 ip=0.0.0.0/0", "sampling_map: MAP"),
        new("sampling_map by interface", "netflow5-ovs", "id=100 ip=0.0.0.0/0 in=1\nid=7 ip=0.0.0.0/0 out=1", "sampling_map: MAP"),
        new("sampling_map of sFlow", "sflow5-sfprobe-sampling", "id=100 ip=0.0.0.0/0", "sampling_map: MAP"),
        new("flow_to_rd_map", "ipfix-nfprobe-mpls", "id=0:65512:1 ip=0.0.0.0/0 in=1\nid=1:192.0.2.1:7 ip=0.0.0.0/0", "flow_to_rd_map: MAP"),
    ];

    // The ToS of IPv6 in sFlow differs anyway (KnownDifferences): only what came as NetFlow is asked for it.
    private const string Aggregate =
        "aggregate: src_host, dst_host, src_port, dst_port, proto, peer_src_ip, in_iface, out_iface, src_as, dst_as, src_mac, dst_mac, vlan, sampling_rate, mpls_vpn_rd, tag, tag2, label, flows";

    /// <summary>The case with its map in a file.</summary>
    public OracleCase ToOracle(string folder, int number)
    {
        string map = Path.Combine(folder, $"{number}.map");
        File.WriteAllText(map, Map.Length == 0 || Map.EndsWith('\n') ? Map : Map + "\n");
        string[] lines = Lines.Length > 0 ? Lines : ["pre_tag_map: MAP"];
        string program = Capture.StartsWith("sflow", StringComparison.Ordinal) ? "sfacctd" : "nfacctd";
        return new OracleCase(
            Name,
            [Directory.GetFiles(Testing.RepositoryPaths.Pcaps, Capture + ".pcap*")[0]],
            [
                "plugins: print[p]",
                "print_output: json",
                program == "sfacctd" ? Aggregate : $"{Aggregate}, tos",
                $"{program}_as: {(program == "sfacctd" ? "sflow" : "netflow")}",
                .. lines.Select(l => l.Replace("MAP", map, StringComparison.Ordinal)),
            ],
            []);
    }
}
