namespace Collector.Bgp.Messages;

/// <summary>All that can be wrong with an UPDATE. Each is a counter of its peer under this name; <see cref="UpdateFaults.HandlingOf"/> says what follows.</summary>
public enum UpdateFault : byte
{
    /// <summary>ATOMIC_AGGREGATE is not empty (RFC 7606 §7.6).</summary>
    AtomicAggregateLength,

    /// <summary>AGGREGATOR has not 6 or 8 bytes, or AS 0 (RFC 7606 §7.7, RFC 7607 §2).</summary>
    AggregatorMalformed,

    /// <summary>AS4_PATH is no AS path (RFC 6793 §6).</summary>
    As4PathMalformed,

    /// <summary>AS4_AGGREGATOR has not 8 bytes (RFC 6793 §6).</summary>
    As4AggregatorMalformed,

    /// <summary>AS4_PATH or AS4_AGGREGATOR on a session with four-octet AS numbers (RFC 6793 §4.1).</summary>
    As4FromNewSpeaker,

    /// <summary>LOCAL_PREF on an external session (RFC 7606 §7.5).</summary>
    LocalPreferenceFromExternal,

    /// <summary>ORIGINATOR_ID on an external session (RFC 7606 §7.9).</summary>
    OriginatorIdFromExternal,

    /// <summary>CLUSTER_LIST on an external session (RFC 7606 §7.10).</summary>
    ClusterListFromExternal,

    /// <summary>AIGP without a well formed TLV of type 1, or with flags that are not its own (RFC 7311 §3.4).</summary>
    AigpMalformed,

    /// <summary>An attribute stands there again; the first holds (RFC 7606 §3 g).</summary>
    DuplicateAttribute,

    /// <summary>The flags optional and transitive are not those of the attribute (RFC 7606 §3 c).</summary>
    AttributeFlags,

    /// <summary>The list of attributes ends within an attribute (RFC 7606 §4).</summary>
    AttributeListOverrun,

    /// <summary>ORIGIN has not one byte of 0, 1 or 2 (RFC 7606 §7.1).</summary>
    OriginMalformed,

    /// <summary>AS_PATH has a segment that is unknown, empty or cut, or AS 0 (RFC 7606 §7.2, RFC 7607 §2).</summary>
    AsPathMalformed,

    /// <summary>NEXT_HOP has not four bytes (RFC 7606 §7.3).</summary>
    NextHopLength,

    /// <summary>MULTI_EXIT_DISC has not four bytes (RFC 7606 §7.4).</summary>
    MedLength,

    /// <summary>LOCAL_PREF has not four bytes (RFC 7606 §7.5).</summary>
    LocalPreferenceLength,

    /// <summary>COMMUNITIES is empty or no multiple of 4 (RFC 7606 §7.8).</summary>
    CommunitiesLength,

    /// <summary>ORIGINATOR_ID has not four bytes (RFC 7606 §7.9).</summary>
    OriginatorIdLength,

    /// <summary>CLUSTER_LIST is empty or no multiple of 4 (RFC 7606 §7.10).</summary>
    ClusterListLength,

    /// <summary>EXTENDED COMMUNITIES is empty or no multiple of 8 (RFC 7606 §7.14).</summary>
    ExtendedCommunitiesLength,

    /// <summary>LARGE_COMMUNITY is empty or no multiple of 12 (RFC 8092 §6).</summary>
    LargeCommunitiesLength,

    /// <summary>ONLY_TO_CUSTOMER has not four bytes (RFC 9234 §5).</summary>
    OnlyToCustomerLength,

    /// <summary>Routes without ORIGIN (RFC 7606 §3 d).</summary>
    MissingOrigin,

    /// <summary>Routes without AS_PATH (RFC 7606 §3 d).</summary>
    MissingAsPath,

    /// <summary>Routes in the field of RFC 4271 without NEXT_HOP (RFC 7606 §3 d).</summary>
    MissingNextHop,

    /// <summary>The lengths of the withdrawn routes and of the attributes are beyond the message (RFC 7606 §3 b).</summary>
    FieldLengths,

    /// <summary>Two MP_REACH_NLRI or two MP_UNREACH_NLRI (RFC 7606 §3 g).</summary>
    DuplicateMpAttribute,

    /// <summary>An attribute that is not optional and that nobody knows (RFC 4271 §6.3).</summary>
    UnknownWellKnown,

    /// <summary>Withdrawn routes that are no prefixes (RFC 7606 §5.3).</summary>
    WithdrawnMalformed,

    /// <summary>Routes that are no prefixes (RFC 7606 §5.3).</summary>
    NlriMalformed,

    /// <summary>MP_REACH_NLRI is cut, its next hop does not fit the family, or its routes are no prefixes (RFC 7606 §7.11).</summary>
    MpReachMalformed,

    /// <summary>MP_UNREACH_NLRI is cut or its routes are no prefixes (RFC 7606 §7.12).</summary>
    MpUnreachMalformed,

    /// <summary>Attributes with a fault, and no route that they could be of: whether routes were lost is not known (RFC 7606 §5.2).</summary>
    FaultWithoutRoutes,
}
