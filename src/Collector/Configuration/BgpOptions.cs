using System.Text.Json.Serialization;
using Collector.Bgp.Rib;
using Collector.Bgp.Sessions;

namespace Collector.Configuration;

/// <summary>The embedded BGP speaker.</summary>
public sealed record BgpOptions
{
    /// <summary>How sessions are held, and with whom. Without addresses to listen on and peers to connect to there is no speaker.</summary>
    public SpeakerOptions Speaker { get; init; } = new();

    /// <summary>Most paths of one peer; more end its session with Cease. Default 4,000,000.</summary>
    public long MaxPathsPerPeer { get; init; } = 4_000_000;

    /// <summary>bgp_daemon_allow_file: addresses and prefixes of the peers, one a line, read again at SIGHUP; null: none. Default null.</summary>
    public string? AllowFile { get; init; }

    /// <summary>bgp_daemon_md5_file: an address and the key of its TCP-MD5 signatures a line, read again at SIGHUP; null: none. Default null.</summary>
    public string? Md5File { get; init; }

    /// <summary>bgp_neighbors_file: the addresses of the peers with an established session, one a line, replaced when one comes or goes; null: none. Default null.</summary>
    public string? NeighborsFile { get; init; }

    /// <summary>The routes are saved in the state directory and are there again, as stale, after a restart. Default true.</summary>
    public bool Snapshot { get; init; } = true;

    /// <summary>Seconds between two savings; they are also saved at stop. Default 300.</summary>
    public int SnapshotSeconds { get; init; } = 300;

    /// <summary>What is published of sessions and tables.</summary>
    public BgpOutputOptions Outputs { get; init; } = new();

    /// <summary>True when there is a speaker.</summary>
    [JsonIgnore]
    public bool IsEnabled => Speaker.Listen.Count > 0 || Speaker.Peers.Any(p => p.Connect);

    /// <summary>The limits of the table of routes.</summary>
    [JsonIgnore]
    public RouteTableOptions Table => new() { MaxPeers = Speaker.MaxPeers, MaxPathsPerPeer = MaxPathsPerPeer };
}
