namespace Collector.Flows.Extras;

/// <summary>Where country, postal code and coordinates of the hosts lie: at the start of each row of extra values.</summary>
public static class GeoPlaces
{
    /// <summary>Bytes that all of them take; custom primitives lie behind.</summary>
    public const int Width = 48;

    /// <summary>src_host_country, a handle.</summary>
    public static ExtraPlace SourceCountry { get; } = new(0, ExtraPlace.HandleWidth, true);

    /// <summary>src_host_pocode, a handle.</summary>
    public static ExtraPlace SourcePostalCode { get; } = new(4, ExtraPlace.HandleWidth, true);

    /// <summary>Latitude and longitude of the source, two doubles (src_host_coords).</summary>
    public static ExtraPlace SourceCoordinates { get; } = new(8, 2 * sizeof(double), false);

    /// <summary>dst_host_country.</summary>
    public static ExtraPlace DestinationCountry { get; } = new(24, ExtraPlace.HandleWidth, true);

    /// <summary>dst_host_pocode.</summary>
    public static ExtraPlace DestinationPostalCode { get; } = new(28, ExtraPlace.HandleWidth, true);

    /// <summary>dst_host_coords.</summary>
    public static ExtraPlace DestinationCoordinates { get; } = new(32, 2 * sizeof(double), false);
}
