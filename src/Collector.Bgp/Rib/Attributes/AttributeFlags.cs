namespace Collector.Bgp.Rib;

/// <summary>Which attributes an UPDATE had, where their value alone does not tell.</summary>
[Flags]
public enum AttributeFlags : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>ORIGIN.</summary>
    Origin = 1,

    /// <summary>NEXT_HOP, or the next hop of MP_REACH_NLRI.</summary>
    NextHop = 2,

    /// <summary>LOCAL_PREF.</summary>
    LocalPreference = 4,

    /// <summary>MULTI_EXIT_DISC.</summary>
    Med = 8,

    /// <summary>AIGP (RFC 7311).</summary>
    Aigp = 16,

    /// <summary>ONLY_TO_CUSTOMER (RFC 9234).</summary>
    OnlyToCustomer = 32,

    /// <summary>AS_PATH, perhaps an empty one.</summary>
    AsPath = 64,
}
