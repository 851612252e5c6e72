using System.Net;
using Collector.Net;

namespace Collector.Bgp.Sessions;

/// <summary>How the speaker behaves.</summary>
public sealed record SpeakerOptions
{
    /// <summary>Where connections are taken; empty: only those that we make.</summary>
    public IReadOnlyList<IPEndPoint> Listen { get; init; } = [];

    /// <summary>The interface that connections are taken through; null: any.</summary>
    public string? Interface { get; init; }

    /// <summary>True: an IPv6 address to listen on takes no IPv4 connections.</summary>
    public bool IPv6Only { get; init; }

    /// <summary>Our AS number; 0: the peer's, so that each session is internal.</summary>
    public uint LocalAs { get; init; }

    /// <summary>Our BGP identifier, an IPv4 address; null: the IPv4 address of the session, else 1.2.3.4.</summary>
    public IpAddress? RouterId { get; init; }

    /// <summary>Our hold time in seconds: 0 or 3 to 65535; default 180. The smaller of both sides' holds.</summary>
    public int HoldSeconds { get; init; } = 180;

    /// <summary>Who may connect. With <see cref="TakesAll"/>: what holds for these in particular.</summary>
    public IReadOnlyList<PeerOptions> Peers { get; init; } = [];

    /// <summary>True: peers that are not listed may connect too, as in pmacct without bgp_daemon_allow_file.</summary>
    public bool TakesAll { get; init; }

    /// <summary>Most peers at a time; default 1,024. Beyond it connections are closed and counted.</summary>
    public int MaxPeers { get; init; } = 1024;

    /// <summary>True: every address family that the peer offers is agreed to, those included whose routes are passed over, and its hold time (pmacct).</summary>
    public bool EchoesFamilies { get; init; }

    /// <summary>False: ADD-PATH is never agreed to.</summary>
    public bool AddPath { get; init; } = true;

    /// <summary>The IP precedence of our packets, 0 to 7; default 0 (pmacct), routers use 6.</summary>
    public int IpPrecedence { get; init; }

    /// <summary>The receive buffer asked of the kernel for each session in bytes; 0: its own choice.</summary>
    public int ReceiveBufferBytes { get; init; }

    /// <summary>Seconds between attempts to connect; default 30.</summary>
    public int ConnectRetrySeconds { get; init; } = 30;

    /// <summary>Seconds until routes go that are stale and were not announced again; default 600.</summary>
    public int StaleSeconds { get; init; } = 600;

    /// <summary>Seconds without an UPDATE that count as End-of-RIB of a peer that sends none; default 60.</summary>
    public int QuietSeconds { get; init; } = 60;
}
