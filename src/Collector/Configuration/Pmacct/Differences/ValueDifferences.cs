namespace Collector.Configuration.Pmacct.Differences;

/// <summary>Values that are read from datagrams where pmacct 1.7.7 reads nothing, or reads them wrongly.</summary>
internal static class ValueDifferences
{
    public static IEnumerable<(PmacctLine? Line, string Sentence)> Of(LinesAndOptions c) => c.Daemon == PmacctDaemon.Sfacctd ? OfSFlow(c) : OfNetFlow(c);

    private const string SumNet = "sum_net counts a record under the network of its source and under that of its destination; pmacct 1.7.7 counts it twice under that of its source";

    private static IEnumerable<(PmacctLine? Line, string Sentence)> OfNetFlow(LinesAndOptions c)
    {
        PmacctLine? all = c.Line("aggregate") ?? c.Plugins;
        yield return (all, "octets and packets of any length are counted (RFC 7011 §6.2); nfacctd counts those of 1, 2, 3, 5, 6 and 7 bytes as 0, so that sums grow where an exporter sends such");
        yield return (all, "exporters behind one address are told apart by their ports where their templates differ; nfacctd reads the data of one with the template of the other");
        if (c.Aggregate("timestamp_start", "timestamp_end") is { } times)
        {
            yield return (times, "times as flowStart- and flowEndMicroseconds and -Nanoseconds (154 to 157), and IPFIX up-times with systemInitTimeMilliseconds (160) in options, are read; nfacctd prints the export time and no end");
        }

        if (c.Aggregate("tcpflags") is { } flags)
        {
            yield return (flags, "tcpControlBits of two bytes (RFC 7125) are read; nfacctd prints 0");
        }

        if (c.Aggregate("nat_event", "fw_event") is { } events)
        {
            yield return (events, "firewallEvent (233) is printed as fw_event; nfacctd prints it as nat_event");
        }

        if (c.Aggregate("peer_dst_ip") is { } nextHop)
        {
            yield return (nextHop, "an IPv6 flow with an empty IPv4 next hop gets its IPv6 next hop; nfacctd prints ::ffff:0.0.0.0");
        }

        if (c.Aggregate("mpls_vpn_rd") is { } distinguisher)
        {
            yield return (distinguisher, "a route distinguisher that options tell for a VRF is printed; nfacctd prints vrfid and the VRF's number, and under nfacctd_disable_opt_scope_check 0:0:0 for VRFs that have none");
        }

        if (RenormalizeLine(c) is { } renormalize)
        {
            yield return (renormalize, "a sampling interval of 0 means that the interval is not known, and the counters stay; nfacctd multiplies by 0");
        }

        if (c.Aggregate("sum_net") is { } sum)
        {
            yield return (sum, SumNet);
        }

        if (c.Aggregate("src_host_country", "dst_host_country", "src_host_pocode", "dst_host_pocode", "src_host_coords", "dst_host_coords") is { } places)
        {
            yield return (places, "a network whose entry in the GeoIP database has a country without a code, or a place without one of its numbers, is unknown there; nfacctd does not survive it");
        }

        if ((c.Aggregate("sampling_rate") ?? RenormalizeLine(c)) is { } rate)
        {
            yield return (rate, "sampling intervals told by samplingPacketInterval (305) without a space, by samplingSize and samplingPopulation (309, 310) or in two bytes are read; nfacctd takes them for 0 or unknown");
            yield return (rate, "a sampling interval told for a template (145) or for a selector (302) of four bytes holds for its records; nfacctd gives all the one told last");
        }
    }

    private static PmacctLine? RenormalizeLine(LinesAndOptions c) =>
        c.Options.Renormalize ? c.Line("nfacctd_renormalize", "pmacctd_renormalize", "sfacctd_renormalize") : null;

    private static IEnumerable<(PmacctLine? Line, string Sentence)> OfSFlow(LinesAndOptions c)
    {
        PmacctLine? all = c.Line("aggregate") ?? c.Plugins;
        yield return (all, "samples of frames with two VLAN tags or tags of 802.1ad, of PPPoE and of Ethernet over MPLS are counted; sfacctd leaves them out, so that sums grow where there are such");
        if (c.Aggregate("tos") is { } tos)
        {
            yield return (tos, "the whole traffic class of IPv6 is printed; sfacctd prints its upper four bits");
        }

        if (RenormalizeLine(c) is { } renormalize && c.Options.ExternalSamplingRate == 0)
        {
            yield return (renormalize, "each output counts a sample with the interval that the pool shows; sfacctd finds it for the first output that takes the sample, and multiplies by the announced one for all others");
        }

        if (c.Aggregate("sampling_direction") is { } direction)
        {
            yield return (direction, "sampling_direction is u, and packets and octets are counted; sfacctd prints an empty one and 0 of both");
        }

        if (c.Aggregate("sum_net") is { } sum)
        {
            yield return (sum, SumNet);
        }

        if (c.Aggregate("mpls_label_bottom") is { } label)
        {
            yield return (label, "the bottom label is that of the stack; sfacctd prints nonsense for stacks of two");
        }

        if (c.Lines.FirstOrDefault(l => l.Key == "aggregate" && l.Value.Contains("tunnel_", StringComparison.OrdinalIgnoreCase)) is { } tunnel)
        {
            yield return (tunnel, "inner packets of GRE, NVGRE, Geneve, GTP-U, MPLS in IP and UDP and SRv6 fill tunnel_* too; sfacctd knows VXLAN and IP in IP");
        }
    }
}
