namespace Collector.Bgp.PathAttributes;

/// <summary>Type codes of path attributes that the speaker reads or checks.</summary>
public static class AttributeCode
{
    /// <summary>ORIGIN (RFC 4271 §5.1.1).</summary>
    public const byte Origin = 1;

    /// <summary>AS_PATH (RFC 4271 §5.1.2).</summary>
    public const byte AsPath = 2;

    /// <summary>NEXT_HOP (RFC 4271 §5.1.3).</summary>
    public const byte NextHop = 3;

    /// <summary>MULTI_EXIT_DISC (RFC 4271 §5.1.4).</summary>
    public const byte Med = 4;

    /// <summary>LOCAL_PREF (RFC 4271 §5.1.5).</summary>
    public const byte LocalPreference = 5;

    /// <summary>ATOMIC_AGGREGATE (RFC 4271 §5.1.6).</summary>
    public const byte AtomicAggregate = 6;

    /// <summary>AGGREGATOR (RFC 4271 §5.1.7).</summary>
    public const byte Aggregator = 7;

    /// <summary>COMMUNITIES (RFC 1997).</summary>
    public const byte Communities = 8;

    /// <summary>ORIGINATOR_ID (RFC 4456 §8).</summary>
    public const byte OriginatorId = 9;

    /// <summary>CLUSTER_LIST (RFC 4456 §8).</summary>
    public const byte ClusterList = 10;

    /// <summary>MP_REACH_NLRI (RFC 4760 §3).</summary>
    public const byte MpReach = 14;

    /// <summary>MP_UNREACH_NLRI (RFC 4760 §4).</summary>
    public const byte MpUnreach = 15;

    /// <summary>EXTENDED COMMUNITIES (RFC 4360 §2).</summary>
    public const byte ExtendedCommunities = 16;

    /// <summary>AS4_PATH (RFC 6793 §3).</summary>
    public const byte As4Path = 17;

    /// <summary>AS4_AGGREGATOR (RFC 6793 §3).</summary>
    public const byte As4Aggregator = 18;

    /// <summary>AIGP (RFC 7311 §3).</summary>
    public const byte Aigp = 26;

    /// <summary>LARGE_COMMUNITY (RFC 8092 §3).</summary>
    public const byte LargeCommunities = 32;

    /// <summary>ONLY_TO_CUSTOMER (RFC 9234 §5).</summary>
    public const byte OnlyToCustomer = 35;
}
