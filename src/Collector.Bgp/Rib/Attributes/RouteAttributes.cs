using System.Runtime.InteropServices;
using Collector.Net;

namespace Collector.Bgp.Rib;

/// <summary>One set of path attributes, shared by all routes of all peers that have it.</summary>
/// <remarks>Lies outside the garbage collector's heap and never changes while it can be reached.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct RouteAttributes
{
    /// <summary>The next hop; of two in MP_REACH_NLRI the global one.</summary>
    public IpAddress NextHop { get; internal set; }

    /// <summary>The accumulated IGP metric, where <see cref="AttributeFlags.Aigp"/> says so.</summary>
    public ulong Aigp { get; internal set; }

    /// <summary>The last AS of the AS_PATH, that of a set included; 0 for an empty path.</summary>
    public uint OriginAs { get; internal set; }

    /// <summary>The first AS of the AS_PATH, those of confederations included; 0 for an empty path.</summary>
    public uint PeerAs { get; internal set; }

    /// <summary>The first AS that stands in no confederation segment; <see cref="PeerAs"/> where all do.</summary>
    public uint PeerAsOutsideConfederation { get; internal set; }

    /// <summary>LOCAL_PREF, 0 where it was not there.</summary>
    public uint LocalPreference { get; internal set; }

    /// <summary>MULTI_EXIT_DISC, 0 where it was not there.</summary>
    public uint Med { get; internal set; }

    /// <summary>The AS of ONLY_TO_CUSTOMER, where <see cref="AttributeFlags.OnlyToCustomer"/> says so.</summary>
    public uint OnlyToCustomer { get; internal set; }

    /// <summary>Value handle of the AS_PATH, 0 for an empty one.</summary>
    public uint AsPath { get; internal set; }

    /// <summary>Value handle of the communities, 0 for none.</summary>
    public uint StandardCommunities { get; internal set; }

    /// <summary>Value handle of the extended communities, 0 for none.</summary>
    public uint ExtendedCommunities { get; internal set; }

    /// <summary>Value handle of the large communities, 0 for none.</summary>
    public uint LargeCommunities { get; internal set; }

    /// <summary>Which attributes were there.</summary>
    public AttributeFlags Present { get; internal set; }

    /// <summary>ORIGIN: 0 IGP, 1 EGP, 2 INCOMPLETE.</summary>
    public byte Origin { get; internal set; }

#pragma warning disable IDE0051 // Fills the hole, so that sets can be compared as bytes.
    private readonly byte _reserved;
#pragma warning restore IDE0051

    // What the table needs; no part of the value.
    internal uint References;
    internal uint Hash;
    internal uint Next;

    /// <summary>Bytes, from the start, that are the value.</summary>
    internal const int ValueBytes = 68;
}
