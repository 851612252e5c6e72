using Collector.Flows.Extras;

namespace Collector.Flows;

/// <summary>What the running configuration asks of the decoders. Immutable; a reload makes a new one.</summary>
public sealed record DecoderOptions
{
    /// <summary>Fields that aggregates, maps, filters and enrichment read. Counters, family, kind and sampling are always decoded.</summary>
    public FlowFieldSet Fields { get; init; } = FlowFieldSet.All;

    /// <summary>NetFlow and IPFIX are decoded; false: they are refused as <see cref="DecodeFault.OtherProtocol"/>. Default true.</summary>
    public bool TakesNetFlow { get; init; } = true;

    /// <summary>sFlow is decoded; false: it is refused as <see cref="DecodeFault.OtherProtocol"/>. Default true.</summary>
    public bool TakesSFlow { get; init; } = true;

    /// <summary>pmacct's use_ip_next_hop: IE 15/62, the v5 next hop and sFlow's IPv4 router next hop may fill peer_dst_ip. Default false.</summary>
    public bool UseIpNextHop { get; init; }

    /// <summary>pmacct's nfacctd_peer_as: IE 16/17, the ASes of v5 and the origins of sFlow are peer ASes, and there are no others. Default false.</summary>
    public bool PeerAs { get; init; }

    /// <summary>nfacctd_as/sfacctd_as take the AS numbers of the datagram (netflow, sflow, longest). Default true.</summary>
    public bool AsFromExport { get; init; } = true;

    /// <summary>bgp_comms_num: communities of sFlow's extended_gateway as numbers, without the names of well-known ones. Default false.</summary>
    public bool NumericCommunities { get; init; }

    /// <summary>nfacctd_ignore_exporter_address: peer_src_ip is the socket address. Default false.</summary>
    public bool IgnoreExporterAddress { get; init; }

    /// <summary>nfacctd_account_options: options records become records too, whatever else they are read for. Default false.</summary>
    public bool AccountOptions { get; init; }

    /// <summary>nfacctd_disable_opt_scope_check: sampling options hold for the whole exporter whatever their scope. Default false.</summary>
    public bool DisableOptionsScopeCheck { get; init; }

    /// <summary>nfacctd_time_secs: the uptimes of NetFlow v5 and v9 (22) count seconds where they make a bin (pmacct-compat §2.3). Default false.</summary>
    public bool UptimesInSeconds { get; init; }

    /// <summary>The sampling interval of NetFlow v5 has all 16 bits of its word instead of 14 below the mode (Juniper). Default false.</summary>
    public bool NetFlow5WideSampling { get; init; }

    /// <summary>Flows go into the bin of their export time instead of their start. Default false.</summary>
    public bool BinByExportTime { get; init; }

    /// <summary>A flow that starts longer before its arrival goes into the bin of its arrival, microseconds; 0 no limit. Default 0.</summary>
    public long LateLimit { get; init; }

    /// <summary>A flow that starts longer after its arrival goes into the bin of its arrival, microseconds; 0 no limit. Default 0.</summary>
    public long FutureLimit { get; init; }

    /// <summary>The arrival replaces an export time that is more than an hour off. Default false.</summary>
    public bool ReplaceWrongClock { get; init; }

    /// <summary>A flow that ends before it starts ends when it starts. Default false: as exported.</summary>
    public bool OrderFlowTimes { get; init; }

    /// <summary>A flow whose egress interface and plain next hop are 0 although the template has a BGP next hop was discarded (Juniper MX): forwardingStatus 128. Default false.</summary>
    public bool DiscardWithoutNextHop { get; init; }

    /// <summary>Biflow records (RFC 5103) become two records, the second with source and destination exchanged. Default false: the reverse direction is ignored.</summary>
    public bool BothDirections { get; init; }

    /// <summary>What the counters of Cisco ASA (NSEL) count as. Default <see cref="NselCounters.None"/>.</summary>
    public NselCounters Nsel { get; init; }

    /// <summary>pmacct's aggregate_unknown_etype: sFlow samples of packets that are not IP become records too. Default false.</summary>
    public bool AggregateUnknownEtherType { get; init; }

    /// <summary>Interfaces of sFlow are ifIndexes: 0 for several, none and the agent itself, and the word's meaning goes to the forwarding status; false: the raw word, as pmacct prints it. Default false.</summary>
    public bool SFlowInterfaceIndexes { get; init; }

    /// <summary>Octets of an sFlow sample are those of the IP packet, else the frame's without what was stripped from it; false: the frame length, as pmacct. Default false.</summary>
    public bool SFlowIpOctets { get; init; }

    /// <summary>The agent's own AS stands for a source AS of 0 and for the destination of an empty AS path; false: 0, as pmacct. Default false.</summary>
    public bool SFlowOwnAs { get; init; }

    /// <summary>sampling_rate of sFlow is the effective interval by sample_pool; false: the announced one, as pmacct. Default false.</summary>
    public bool SFlowEffectiveInterval { get; init; }

    /// <summary>The JSON dialect: true for 1.7.x, which accounts fewer kinds of sFlow samples (pmacct-compat §7.1) and has neither next hop nor fractions of the export time of NetFlow v5 (§11.1). Default true.</summary>
    public bool Pmacct17 { get; init; } = true;

    /// <summary>Most (source, domain) entries per worker; beyond, `other` takes them. Default 65,536.</summary>
    public int MaxSources { get; init; } = 65_536;

    /// <summary>Most templates per source and domain. Default 4,096.</summary>
    public int MaxTemplatesPerDomain { get; init; } = 4_096;

    /// <summary>Most templates per worker; the oldest of the same source give way first. Default 262,144.</summary>
    public int MaxTemplates { get; init; } = 262_144;

    /// <summary>Saved templates that were not used for longer are not put back, in seconds. Default 604,800, a week.</summary>
    public int MaxSavedAge { get; init; } = 604_800;

    /// <summary>How long data Sets that came before their template wait for it, in seconds; 0: not at all. Default 0; the daemon's own default is 60.</summary>
    public int HoldSeconds { get; init; }

    /// <summary>Most bytes of such Sets per source and domain. Default 256 KiB.</summary>
    public int MaxHeldBytesPerDomain { get; init; } = 256 << 10;

    /// <summary>Most bytes of such Sets per worker. Default 16 MiB.</summary>
    public long MaxHeldBytes { get; init; } = 16 << 20;

    /// <summary>Leave out Sets whose padding is not zero (nfacctd_pre_processing_checks of releases after 1.7.7). Without it they are counted, when their template has changed. Default false.</summary>
    public bool DiscardSuspectSets { get; init; }

    /// <summary>How long a template of a port that no longer announces it stays, in seconds. Default 1,800 (RFC 7011 §8.4 leaves it open).</summary>
    public int TemplateLifetime { get; init; } = 1_800;

    /// <summary>Custom primitives that outputs read, in the order of their definition. Default none.</summary>
    public IReadOnlyList<CustomField> CustomFields { get; init; } = [];

    /// <summary>Bytes of extra values that each record of a batch needs; 0: none. Default 0.</summary>
    public int ExtraRowBytes { get; init; }

    /// <summary>True when both times of a flow are decoded, so that they can be compared.</summary>
    internal bool ChecksEnds => Fields.Contains(FlowField.StartTime) && Fields.Contains(FlowField.EndTime);
}
