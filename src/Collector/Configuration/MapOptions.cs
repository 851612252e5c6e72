namespace Collector.Configuration;

/// <summary>Map files of the whole collector. All paths are null by default: no map.</summary>
public sealed record MapOptions
{
    /// <summary>sampling_map.</summary>
    public string? Sampling { get; init; }

    /// <summary>bgp_agent_map.</summary>
    public string? BgpAgent { get; init; }

    /// <summary>bgp_peer_src_as_map.</summary>
    public string? BgpPeerSourceAs { get; init; }

    /// <summary>bgp_src_local_pref_map.</summary>
    public string? BgpSourceLocalPreference { get; init; }

    /// <summary>bgp_src_med_map.</summary>
    public string? BgpSourceMed { get; init; }

    /// <summary>bgp_peer_dst_ip_map.</summary>
    public string? BgpPeerDestination { get; init; }

    /// <summary>flow_to_rd_map.</summary>
    public string? FlowToRd { get; init; }

    /// <summary>bgp_daemon_tag_map.</summary>
    public string? BgpTag { get; init; }

    /// <summary>allow_file: addresses and prefixes of exporters that are let in; null lets all in.</summary>
    public string? AllowFile { get; init; }

    /// <summary>pre_tag_map_dont_recirculate: lines without ip hold for IPv4 exporters only. Default false.</summary>
    public bool DontRecirculate { get; init; }

    /// <summary>maps_refresh: SIGUSR2 reloads maps. Default true.</summary>
    public bool Refresh { get; init; } = true;

    /// <summary>Lines with faults are left out instead of refusing the file (--lenient). Default false.</summary>
    public bool Lenient { get; init; }
}
