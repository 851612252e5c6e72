using Collector.Bgp.Rib.Prefixes;

namespace Collector.Bgp.Rib;

/// <summary>Where an enumeration of a peer's routes stands; the default value is before all routes.</summary>
public struct RouteCursor
{
    internal RouteFamily Family;
    internal ulong RouteDistinguisher;
    internal PrefixTrie.Place Place;

    // Paths of the prefix at Place that were given; 0 means all of them were.
    internal int Given;

    // False in the default value, whose place is not that of a prefix.
    internal bool IsUnderWay;

    internal static RouteCursor BeginningOf(RouteFamily family) => new() { Family = family, IsUnderWay = true, Place = new PrefixTrie.Place { Length = -1 } };
}
