namespace Collector.Bgp.PathAttributes;

/// <summary>The kinds of AS_PATH segments (RFC 4271 §4.3, RFC 5065 §3).</summary>
public enum AsPathSegmentType : byte
{
    /// <summary>AS_SET: unordered, from aggregation.</summary>
    Set = 1,

    /// <summary>AS_SEQUENCE: ordered, the nearest AS first.</summary>
    Sequence = 2,

    /// <summary>AS_CONFED_SEQUENCE: ordered member ASes of the local confederation.</summary>
    ConfederationSequence = 3,

    /// <summary>AS_CONFED_SET: unordered member ASes of the local confederation.</summary>
    ConfederationSet = 4,
}
