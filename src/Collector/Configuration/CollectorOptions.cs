using System.Net;
using Collector.Configuration.CustomPrimitives;
using Collector.Flows;

namespace Collector.Configuration;

/// <summary>The whole configuration of one collector, whichever file it came from. Immutable; a reload makes a new one.</summary>
public sealed record CollectorOptions
{
    /// <summary>Addresses that datagrams are received on. Default [::]:2055, [::]:4739, [::]:6343 (0.0.0.0 where the kernel has no IPv6).</summary>
    public IReadOnlyList<IPEndPoint> Listen { get; init; } = ListenAddress.Defaults;

    /// <summary>Worker threads, each with its own sockets. Default max(1, processors − 1).</summary>
    public int Workers { get; init; } = Math.Max(1, Environment.ProcessorCount - 1);

    /// <summary>Receive buffer asked for per socket, in bytes. Default 8 MiB.</summary>
    public int ReceiveBufferBytes { get; init; } = 8 << 20;

    /// <summary>protocols: what is collected; the rest is refused and counted. Default all; with several -f, what the daemon of each file collects.</summary>
    public FlowProtocols Protocols { get; init; } = FlowProtocols.All;

    /// <summary>interface, ipv6_only, multicast_groups.</summary>
    public SocketOptions Sockets { get; init; } = new();

    /// <summary>--share-port: do not refuse an address that another process receives on. Default false.</summary>
    public bool SharePort { get; init; }

    /// <summary>renormalize: octets and packets are multiplied by the sampling interval. Default false, as pmacct.</summary>
    public bool Renormalize { get; init; }

    /// <summary>ext_sampling_rate: interval that renormalisation uses for every record; 0 off. Default 0.</summary>
    public uint ExternalSamplingRate { get; init; }

    /// <summary>time_new: bins by arrival instead of by the start of the flow. Default false.</summary>
    public bool TimeNew { get; init; }

    /// <summary>use_ip_next_hop (see <see cref="DecoderOptions.UseIpNextHop"/>). Default false.</summary>
    public bool UseIpNextHop { get; init; }

    /// <summary>peer_as. Default false.</summary>
    public bool PeerAs { get; init; }

    /// <summary>ignore_exporter_address. Default false.</summary>
    public bool IgnoreExporterAddress { get; init; }

    /// <summary>aggregate_unknown_etype: sFlow samples of packets that are not IP become records too. Default false.</summary>
    public bool AggregateUnknownEtherType { get; init; }

    /// <summary>sflow_interface_indexes: interfaces of sFlow are ifIndexes, 0 where there is none, instead of raw words. Default false, as pmacct.</summary>
    public bool SFlowInterfaceIndexes { get; init; }

    /// <summary>sflow_ip_octets: octets of an sFlow sample are those of the IP packet instead of the frame's. Default false, as pmacct.</summary>
    public bool SFlowIpOctets { get; init; }

    /// <summary>sflow_own_as: the agent's own AS where sFlow names no source AS or no path. Default false, as pmacct.</summary>
    public bool SFlowOwnAs { get; init; }

    /// <summary>sflow_effective_interval: sampling_rate of sFlow is the effective interval by sample_pool. Default false, as pmacct.</summary>
    public bool SFlowEffectiveInterval { get; init; }

    /// <summary>sflow_counters: where counter samples are published. Default nowhere: they are counted.</summary>
    public SFlowCounterOptions SFlowCounters { get; init; } = new();

    /// <summary>custom_primitives (aggregate_primitives): primitives that the operator defines; each output has them too. Default none.</summary>
    public IReadOnlyList<CustomPrimitive> CustomPrimitives { get; init; } = [];

    /// <summary>account_options. Default false.</summary>
    public bool AccountOptions { get; init; }

    /// <summary>disable_opt_scope_check. Default false.</summary>
    public bool DisableOptionsScopeCheck { get; init; }

    /// <summary>time_secs. Default false.</summary>
    public bool UptimesInSeconds { get; init; }

    /// <summary>netflow5_wide_sampling (see <see cref="DecoderOptions.NetFlow5WideSampling"/>). Default false.</summary>
    public bool NetFlow5WideSampling { get; init; }

    /// <summary>time_export: bins by the export time instead of by the start of the flow. Default false.</summary>
    public bool TimeExport { get; init; }

    /// <summary>late_limit: flows that start longer before their arrival are binned by arrival, in seconds; 0 off. Default 0.</summary>
    public int LateLimitSeconds { get; init; }

    /// <summary>future_limit: flows that start longer after their arrival are binned by arrival, in seconds; 0 off. Default 0.</summary>
    public int FutureLimitSeconds { get; init; }

    /// <summary>replace_wrong_clock (see <see cref="DecoderOptions.ReplaceWrongClock"/>). Default false.</summary>
    public bool ReplaceWrongClock { get; init; }

    /// <summary>order_flow_times (see <see cref="DecoderOptions.OrderFlowTimes"/>). Default false.</summary>
    public bool OrderFlowTimes { get; init; }

    /// <summary>discard_without_next_hop (see <see cref="DecoderOptions.DiscardWithoutNextHop"/>). Default false.</summary>
    public bool DiscardWithoutNextHop { get; init; }

    /// <summary>biflow: both directions of biflow records become records. Default false: the forward one, as pmacct.</summary>
    public bool BothDirections { get; init; }

    /// <summary>nsel_counters. Default none, as pmacct.</summary>
    public NselCounters Nsel { get; init; }

    /// <summary>The JSON dialect, 1.7 or 1.8. Default 1.7.</summary>
    public bool Pmacct17 { get; init; } = true;

    /// <summary>Most (source, domain) entries in all. Default 65,536.</summary>
    public int MaxSources { get; init; } = 65_536;

    /// <summary>Most templates per source and domain. Default 4,096.</summary>
    public int MaxTemplatesPerDomain { get; init; } = 4_096;

    /// <summary>How long a template of a port that no longer announces it stays, in seconds. Default 1,800.</summary>
    public int TemplateLifetimeSeconds { get; init; } = 1_800;

    /// <summary>The embedded BGP speaker. Default: none.</summary>
    public BgpOptions Bgp { get; init; } = new();

    /// <summary>The collector's own pages.</summary>
    public HttpOptions Http { get; init; } = new();

    /// <summary>Map files that hold for all outputs.</summary>
    public MapOptions Maps { get; init; } = new();

    /// <summary>How long data that came before its template waits for it, in seconds; 0: not at all. Default 60.</summary>
    public int TemplateWaitSeconds { get; init; } = 60;

    /// <summary>Saved templates that were not used for longer are not put back at start, in seconds. Default 604,800, a week.</summary>
    public int SavedTemplateAgeSeconds { get; init; } = 604_800;

    /// <summary>Leave out data whose padding is not zero. Default false: it is counted only, when its template has changed.</summary>
    public bool DiscardSuspectSets { get; init; }

    /// <summary>What is logged, and where to.</summary>
    public LogOptions Log { get; init; } = new();

    /// <summary>File that holds the process id while the collector runs; null: none. Default null.</summary>
    public string? PidFile { get; init; }

    /// <summary>files_umask: permissions that files and folders made by the collector do not get; null: those that the process was started with. Default null; behind -f 077, as pmacct.</summary>
    public int? FilesUmask { get; init; }

    /// <summary>files_uid: number of the user whom files made by the collector belong to; null: the one it runs as. Only root may give files away. Default null.</summary>
    public int? FilesUser { get; init; }

    /// <summary>files_gid: number of the group whom files made by the collector belong to; null: the one it runs as. Default null.</summary>
    public int? FilesGroup { get; init; }

    /// <summary>core_proc_name behind -f nfacctd.conf, where pmacct's statistics lines are logged with it; null behind collector.yaml. Default null.</summary>
    public string? PmacctCoreName { get; init; }

    /// <summary>disable_checks: pmacct's statistics lines call the sequence number of every datagram good. Default true, as pmacct.</summary>
    public bool PmacctDisableChecks { get; init; } = true;

    /// <summary>Folder for what outlives a run; null: $STATE_DIRECTORY, /var/lib/collector or $XDG_STATE_HOME/collector.</summary>
    public string? StateDirectory { get; init; }

    /// <summary>Limit of all unmanaged memory in bytes; 0: four fifths of what the machine or cgroup allows. Default 0.</summary>
    public long MemoryLimitBytes { get; init; }

    /// <summary>How AS numbers, prefixes and attributes of routes are resolved.</summary>
    public EnrichmentOptions Enrichment { get; init; } = new();

    /// <summary>How an output resolves networks.</summary>
    public NetworkRules NetworksOf(OutputOptions output) => output.Networks ?? NetworkRules.Of(this);

    /// <summary>The outputs in the order of the configuration. Default <see cref="OutputOptions.BuiltIn"/>.</summary>
    public IReadOnlyList<OutputOptions> Outputs { get; init; } = [OutputOptions.BuiltIn];
}
