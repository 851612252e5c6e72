namespace Collector.Differential.Generation;

/// <summary>Cards for the whole daemon: times, sampling, who is let in, where AS numbers and tags come from.</summary>
internal static class DaemonCards
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Card<ConfigurationBuilder>> Of(TagMaps maps) =>
    [
        new("bins by arrival", "time", b => b.Line(b.Draw.Of("DAEMON_time_new", "pmacctd_time_new"), "true")),
        new("seconds of version 5", "time", b => b.Line("nfacctd_time_secs", "true", Daemon.NetFlow)),
        new("renormalized", "sampling", b => b.Line(b.Draw.Of("DAEMON_renormalize", "DAEMON_renormalize", "pmacctd_renormalize", "uacctd_renormalize"), "true")),
        new("not renormalized", "sampling", b => b.Line("DAEMON_renormalize", "false")),
        new("rate of the operator", "sampling", b =>
        {
            b.Line("DAEMON_renormalize", "true");
            b.Line(b.Draw.Of("DAEMON_ext_sampling_rate", "pmacctd_ext_sampling_rate", "uacctd_ext_sampling_rate"), b.Draw.Of("10", "1000", "1"));
        }),
        new("sampling_map", "sampling", b =>
        {
            b.Line("sampling_map", b.AddFile("sampling", [.. b.Draw.Some(["id=10 ip=0.0.0.0/0 in=1", "id=7 ip=0.0.0.0/0 out=1", "id=3 ip=127.0.0.0/8", "id=5 ip=::/0"], 2), "id=100 ip=0.0.0.0/0"]));
            b.Line("DAEMON_renormalize", b.Draw.Of("true", "false"));
        }),
        new("networks for all", "networks", b =>
        {
            b.Line("networks_file", b.AddFile("networks", NetworkLists.List(b.Draw)));
            b.Line(b.Draw.Of("DAEMON_as", "DAEMON_as_new", "pmacctd_as", "uacctd_as"), b.Draw.Of("file", "longest", "fallback", "true"));
            b.Line(b.Draw.Of("DAEMON_net", "pmacctd_net", "uacctd_net"), b.Draw.Of("file", "longest"));
        }),
        new("networks of the file", "networks", b => Networks(b, b.Draw.Of("file", "longest"))),
        new("networks of the file only", "networks", b =>
        {
            Networks(b, b.Draw.Of("file", "longest"));
            b.ForAll("networks_file_filter", "true");
            foreach (OutputBuilder output in b.Outputs)
            {
                output.Slots.UnionWith(["map", "filter"]);
            }
        }) { Also = "map" },
        new("networks of the file first", "networks", b =>
        {
            Networks(b, "longest");
            b.ForAll("networks_file_no_lpm", "true");
        }),
        new("one mask", "networks", b =>
        {
            b.ForAll("networks_mask", b.Draw.Of("24", "16", "8", "32"));
            b.ForAll("DAEMON_net", "mask");
            b.Want("src_net", "dst_net", "src_mask", "dst_mask");
        }),
        new("no mask is a full one", "zero", b =>
        {
            b.ForAll("networks_no_mask_if_zero", "true");
            b.Want("src_net", "dst_net", "src_mask");
        }) { Also = "networks" },
        new("peer AS numbers", "peer", b =>
        {
            b.ForAll("DAEMON_peer_as", "true");
            b.Want("peer_src_as", "peer_dst_as");
        }),
        new("AS numbers of the exporter", "networks", b => b.Line("DAEMON_as", b.Draw.Of("OWN", "false"))),
        new("AS numbers by the longest", "networks", b => b.Line(b.Draw.Of("DAEMON_as", "DAEMON_as_new"), b.Draw.Of("longest", "fallback"))),
        new("allow file", "allow", b => b.Line("DAEMON_allow_file", b.AddFile("allow", b.Draw.Of(["0.0.0.0/0"], ["0.0.0.0/0", "::/0"], ["127.0.0.0/8", "10.0.0.0/8", "192.168.0.0/16"], new[] { "127.0.0.1" })))),
        new("IP next hop", "next hop", b => b.Line("use_ip_next_hop", "true")),
        new("pre_tag_map for all", "map", b => Map(b, maps)),
        new("pre_tag_map for all, again", "map", b => Map(b, maps)),
        new("flow_to_rd_map", "rd", b => b.Line("flow_to_rd_map", b.AddFile("rd",
            [.. b.Draw.Some(["id=0:65512:1 ip=0.0.0.0/0 in=1", "id=2:4200000000:9 ip=0.0.0.0/0 out=1", "id=0:1:2 ip=127.0.0.0/8 in=2"], 2), "id=1:192.0.2.1:7 ip=0.0.0.0/0"]))),
        new("options accounted", "options", b => b.Line("nfacctd_account_options", "true", Daemon.NetFlow)),
        new("options of any scope", "scope", b =>
        {
            b.Line("nfacctd_disable_opt_scope_check", "true", Daemon.NetFlow);
            b.Line("DAEMON_renormalize", "true");
        }),
        new("both directions of ASA", "asa", b => b.Line("tmp_asa_bi_flow", "true")),
        new("what the other daemons call it", "names", b => b.Line(b.Draw.Of("DAEMON_proc_name", "core_proc_name", "pmacctd_proc_name", "uacctd_proc_name"), "core")),
    ];

    private static void Map(ConfigurationBuilder builder, TagMaps maps)
    {
        builder.Line("pre_tag_map", builder.AddFile("tags", maps.Map()));
        foreach (OutputBuilder output in builder.Outputs)
        {
            output.Slots.Add("map");
        }

        builder.Want("tag", "tag2", "label");
    }

    private static void Networks(ConfigurationBuilder builder, string source)
    {
        builder.ForAll("networks_file", builder.AddFile("networks", NetworkLists.List(builder.Draw)));
        builder.ForAll("DAEMON_net", source);
        builder.Want("src_net", "dst_net", "src_mask", "dst_mask", "src_as", "dst_as");
    }
}
