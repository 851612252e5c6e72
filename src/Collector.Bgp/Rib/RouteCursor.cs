using Collector.Bgp.Rib.Prefixes;

namespace Collector.Bgp.Rib;

/// <summary>Where an enumeration of a peer's routes stands; <see cref="Beginning"/> is where it starts.</summary>
public struct RouteCursor
{
    internal RouteFamily Family;
    internal ulong RouteDistinguisher;
    internal PrefixTrie.Place Place;

    // Paths of the prefix at Place that were given; 0 means all of them were.
    internal int Given;

    /// <summary>Before all routes.</summary>
    public static RouteCursor Beginning => new() { Place = new PrefixTrie.Place { Length = -1 } };

    internal static RouteCursor BeginningOf(RouteFamily family) => Beginning with { Family = family };
}
