namespace Collector.Flows;

/// <summary>What the running configuration asks of the decoders. Immutable; a reload makes a new one.</summary>
public sealed record DecoderOptions
{
    /// <summary>Fields that aggregates, maps, filters and enrichment read. Counters, family, kind and sampling are always decoded.</summary>
    public FlowFieldSet Fields { get; init; } = FlowFieldSet.All;

    /// <summary>pmacct's use_ip_next_hop: IE 15/62, the v5 next hop and sFlow's IPv4 router next hop may fill peer_dst_ip. Default false.</summary>
    public bool UseIpNextHop { get; init; }

    /// <summary>pmacct's nfacctd_peer_as: IE 16/17 and the ASes of v5 are peer ASes, and there are no others. Default false.</summary>
    public bool PeerAs { get; init; }

    /// <summary>nfacctd_as/sfacctd_as take the AS numbers of the datagram (netflow, sflow, longest). Default true.</summary>
    public bool AsFromExport { get; init; } = true;

    /// <summary>nfacctd_ignore_exporter_address: peer_src_ip is the socket address. Default false.</summary>
    public bool IgnoreExporterAddress { get; init; }

    /// <summary>nfacctd_account_options: options records that are neither sampling nor names become records. Default false.</summary>
    public bool AccountOptions { get; init; }

    /// <summary>nfacctd_disable_opt_scope_check: sampling options hold for the whole exporter whatever their scope. Default false.</summary>
    public bool DisableOptionsScopeCheck { get; init; }

    /// <summary>nfacctd_time_secs: v5 First/Last count seconds (pmacct-compat §2.3). Default false.</summary>
    public bool NetFlow5TimesInSeconds { get; init; }

    /// <summary>pmacct's aggregate_unknown_etype: sFlow samples of packets that are not IP become records too. Default false.</summary>
    public bool AggregateUnknownEtherType { get; init; }

    /// <summary>The JSON dialect: true for 1.7.x, which accounts fewer kinds of sFlow samples (pmacct-compat §7.1) and has neither next hop nor fractions of the export time of NetFlow v5 (§11.1). Default true.</summary>
    public bool Pmacct17 { get; init; } = true;

    /// <summary>Most (source, domain) entries per worker; beyond, `other` takes them. Default 65,536.</summary>
    public int MaxSources { get; init; } = 65_536;

    /// <summary>Most templates per source and domain. Default 4,096.</summary>
    public int MaxTemplatesPerDomain { get; init; } = 4_096;

    /// <summary>Most templates per worker; the oldest of the same source give way first. Default 262,144.</summary>
    public int MaxTemplates { get; init; } = 262_144;

    /// <summary>How long data Sets that came before their template wait for it, in seconds; 0: not at all. Default 0; the daemon's own default is 60.</summary>
    public int HoldSeconds { get; init; }

    /// <summary>Most bytes of such Sets per source and domain. Default 256 KiB.</summary>
    public int MaxHeldBytesPerDomain { get; init; } = 256 << 10;

    /// <summary>Most bytes of such Sets per worker. Default 16 MiB.</summary>
    public long MaxHeldBytes { get; init; } = 16 << 20;

    /// <summary>Leave out Sets whose padding is not zero after their template has changed (pmacct's guard); they are counted in any case. Default false.</summary>
    public bool DiscardSuspectSets { get; init; }

    /// <summary>How long a template of a port that no longer announces it stays, in seconds. Default 1,800 (RFC 7011 §8.4 leaves it open).</summary>
    public int TemplateLifetime { get; init; } = 1_800;
}
