namespace Collector.Bgp.PathAttributes;

/// <summary>The three attributes that carry communities.</summary>
public enum CommunityKind : byte
{
    /// <summary>COMMUNITIES, 4 bytes each (RFC 1997).</summary>
    Standard,

    /// <summary>EXTENDED COMMUNITIES, 8 bytes each (RFC 4360).</summary>
    Extended,

    /// <summary>LARGE_COMMUNITY, 12 bytes each (RFC 8092).</summary>
    Large,
}
