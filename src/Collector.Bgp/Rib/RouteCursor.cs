namespace Collector.Bgp.Rib;

/// <summary>Where an enumeration of a peer's routes stands; the default value is its beginning.</summary>
public struct RouteCursor
{
    internal Nlri Last;
    internal bool Started;
}
