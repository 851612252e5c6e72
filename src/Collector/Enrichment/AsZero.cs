namespace Collector.Enrichment;

/// <summary>Why an AS number is 0 in the end.</summary>
public enum AsZeroReason
{
    /// <summary>The exporter itself says 0, or nothing.</summary>
    Exported,

    /// <summary>as_source does not ask the source that could know: BGP runs and is not asked, or is asked and does not run.</summary>
    SourceNotConfigured,

    /// <summary>No BGP peer has the exporter's address.</summary>
    NoPeer,

    /// <summary>The exporter's BGP peer has no session, and no routes of before.</summary>
    PeerDown,

    /// <summary>The peer has no route for the address.</summary>
    NoRoute,

    /// <summary>The peer sends several paths (ADD-PATH) and none has the next hop of the flow.</summary>
    NoPath,

    /// <summary>The route has an empty AS_PATH, and its peer is in another AS than ours.</summary>
    EmptyAsPath,

    /// <summary>The route has an empty AS_PATH: the prefix is originated in our own AS.</summary>
    OwnPrefix,

    /// <summary>networks_file does not have the address, or says 0.</summary>
    NetworksFile,
}

/// <summary>Counts the records whose AS number is 0, by reason.</summary>
/// <remarks>Written by one worker, read by any thread.</remarks>
public sealed class AsZeroCounters
{
    private static readonly string[] Names =
    [
        "exported as 0", "source not configured", "no peer for this exporter", "peer not established", "no route", "no path with this next hop",
        "empty AS_PATH", "own prefix", "networks_file says 0",
    ];

    private readonly long[] _source = new long[Names.Length];
    private readonly long[] _destination = new long[Names.Length];

    /// <summary>The reason as the ledger names it.</summary>
    public static string NameOf(AsZeroReason reason) => Names[(int)reason];

    /// <summary>Records whose source AS is 0 for this reason.</summary>
    public long Sources(AsZeroReason reason) => Volatile.Read(ref _source[(int)reason]);

    /// <summary>Records whose destination AS is 0 for this reason.</summary>
    public long Destinations(AsZeroReason reason) => Volatile.Read(ref _destination[(int)reason]);

    internal void CountSource(AsZeroReason reason) => _source[(int)reason]++;

    internal void CountDestination(AsZeroReason reason) => _destination[(int)reason]++;
}
