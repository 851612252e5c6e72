using System.Globalization;
using Collector.Configuration;
using Collector.Net;

namespace Collector.Enrichment.GeoIp;

/// <summary>Reads geoipv2_file: a database in MaxMind's format (.mmdb), of countries or of cities, for IPv4 or for both families.</summary>
/// <remarks>
/// What is taken is what pmacct takes: country.iso_code, postal.code, location.latitude and location.longitude, each where it is there and of its
/// type. The file is read whole and checked whole; one that is damaged is refused with what is wrong, and never half used.
/// </remarks>
public static class GeoDatabaseFile
{
    private const long MaxBytes = 1L << 30;

    // Zero bytes between the tree and the data, which the values of records count.
    private const int Separator = 16;

    /// <summary>Reads the file; null, with an error among the findings, when it cannot be used.</summary>
    public static GeoDatabase? Read(string path, Findings findings)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaxBytes } file)
            {
                findings.Error(0, string.Create(CultureInfo.InvariantCulture, $"the GeoIP database has {file.Length} bytes; the most that is read is {MaxBytes}"));
                return null;
            }

            return Read(File.ReadAllBytes(path), findings);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            findings.Error(0, $"the GeoIP database cannot be read: {e.Message}");
            return null;
        }
    }

    /// <summary>Reads a database that is in memory.</summary>
    public static GeoDatabase? Read(ReadOnlySpan<byte> file, Findings findings)
    {
        GeoDatabase? database = Read(file, out string? fault);
        if (database is null)
        {
            findings.Error(0, $"the GeoIP database cannot be used: {fault}");
        }

        return database;
    }

    private static GeoDatabase? Read(ReadOnlySpan<byte> file, out string? fault)
    {
        if (MmdbMetadata.Read(file, out fault) is not { } metadata)
        {
            return null;
        }

        int bytesPerNode = metadata.RecordSize / 4;
        long treeBytes = (long)metadata.NodeCount * bytesPerNode;
        if (treeBytes + Separator > metadata.Start)
        {
            fault = string.Create(
                CultureInfo.InvariantCulture, $"{metadata.NodeCount} nodes of {bytesPerNode} bytes do not fit in the file; it is cut short or damaged");
            return null;
        }

        ReadOnlySpan<byte> tree = file[..(int)treeBytes];
        uint[] nodes = new uint[2 * metadata.NodeCount];
        var places = new GeoPlaceReader(file[((int)treeBytes + Separator)..metadata.Start]);
        for (int i = 0; i < nodes.Length; i++)
        {
            uint record = Record(tree.Slice(i / 2 * bytesPerNode, bytesPerNode), metadata.RecordSize, i % 2);
            if (record > metadata.NodeCount)
            {
                // A value within the separator wraps and is out of the data too.
                if (!places.TryRead(record - metadata.NodeCount - Separator, out uint place, out fault))
                {
                    return null;
                }

                record = metadata.NodeCount + place;
            }

            nodes[i] = record;
        }

        return new GeoDatabase(metadata.Description, nodes, [.. places.Places], metadata.IPVersion == 4);
    }

    // Of 28 bits the upper four of both records share the byte in the middle.
    private static uint Record(ReadOnlySpan<byte> node, int recordSize, int side) => recordSize switch
    {
        24 => Number(node.Slice(3 * side, 3)),
        28 => Number(node.Slice(4 * side, 3)) | (side == 0 ? (uint)node[3] >> 4 : node[3] & 15u) << 24,
        _ => Number(node.Slice(4 * side, 4)),
    };

    private static uint Number(ReadOnlySpan<byte> bytes) => (uint)NetworkOrder.Read(bytes);
}
