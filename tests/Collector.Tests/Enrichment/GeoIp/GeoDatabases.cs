using System.Text;
using Collector.Configuration;
using Collector.Enrichment.GeoIp;
using Collector.Net;
using Collector.Testing;

namespace Collector.Tests.Enrichment.GeoIp;

/// <summary>The databases of databases/, made by make-databases.pl there, and what they answer as text.</summary>
internal static class GeoDatabases
{
    public static string PathOf(string name) =>
        Path.Combine(RepositoryPaths.Root, "tests", "Collector.Tests", "Enrichment", "GeoIp", "databases", name + ".mmdb");

    public static GeoDatabase Read(string name)
    {
        var findings = new Findings(name);
        return GeoDatabaseFile.Read(PathOf(name), findings) ?? throw new InvalidDataException(string.Join('\n', findings.All));
    }

    /// <summary>Country, postal code, latitude and longitude with commas between them; "nothing" for a place that says nothing.</summary>
    public static string Ask(GeoDatabase database, string address, bool? isIPv4 = null)
    {
        IpAddress parsed = IpAddress.Parse(address);
        GeoPlace place = database.Find(parsed, isIPv4 ?? parsed.IsIPv4);
        return place == default
            ? "nothing"
            : FormattableString.Invariant($"{Text(BitConverter.GetBytes(place.Country))},{Text(Bytes(place))},{place.Coordinates.Latitude:R},{place.Coordinates.Longitude:R}");
    }

    private static byte[] Bytes(in GeoPlace place) => System.Runtime.InteropServices.MemoryMarshal.AsBytes([place.PostalCode]).ToArray();

    private static string Text(byte[] padded) => Encoding.UTF8.GetString(padded).TrimEnd('\0');
}
