using System.Globalization;
using System.Text;

namespace Collector.Enrichment.GeoIp;

/// <summary>What a database says about itself, at its end (MaxMind DB File Format Specification 2.0, "Database Metadata").</summary>
/// <param name="NodeCount">Nodes of the tree.</param>
/// <param name="RecordSize">Bits of a record: 24, 28 or 32.</param>
/// <param name="IPVersion">4 or 6.</param>
/// <param name="Description">Type and date of the database, for people.</param>
/// <param name="Start">Where the metadata starts in the file, its marker included.</param>
internal sealed record MmdbMetadata(uint NodeCount, int RecordSize, int IPVersion, string Description, int Start)
{
    private const int SearchedBytes = 128 << 10;
    private const int MaxTypeLength = 60;
    private const long Budget = 65_536;

    private static readonly byte[] Marker = [0xAB, 0xCD, 0xEF, .. "MaxMind.com"u8];

    /// <summary>Reads the metadata.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="fault">What is wrong; null when nothing is.</param>
    public static MmdbMetadata? Read(ReadOnlySpan<byte> file, out string? fault)
    {
        int searched = Math.Max(0, file.Length - SearchedBytes);
        int marker = file[searched..].LastIndexOf(Marker);
        if (marker < 0)
        {
            fault = "this is no GeoIP database in MaxMind's format (.mmdb): its end has no metadata; if the file was downloaded as .tar.gz or .gz, unpack it first";
            return null;
        }

        int start = searched + marker;
        var data = new MmdbData(file[(start + Marker.Length)..], Budget);
        if (!data.TryRead(0, out MmdbValue map) || map.Type != MmdbType.Map)
        {
            fault = "its metadata cannot be read";
            return null;
        }

        ulong? major = Number(ref data, map, "binary_format_major_version"u8), nodes = Number(ref data, map, "node_count"u8);
        ulong? recordSize = Number(ref data, map, "record_size"u8), version = Number(ref data, map, "ip_version"u8);
        fault = (major, recordSize, version, nodes) switch
        {
            (not 2, _, _, _) => $"its binary format has version {Text(major)}; only 2 is known",
            (_, not (24 or 28 or 32), _, _) => $"its records have {Text(recordSize)} bits; only 24, 28 and 32 are known",
            (_, _, not (4 or 6), _) => $"its addresses are of IP version {Text(version)}; only 4 and 6 are known",
            (_, _, _, null or 0 or > uint.MaxValue) => $"its number of nodes is {Text(nodes)}",
            _ => null,
        };
        return fault is null ? new MmdbMetadata((uint)nodes!.Value, (int)recordSize!.Value, (int)version!.Value, Describe(ref data, map), start) : null;
    }

    private static ulong? Number(ref MmdbData data, in MmdbValue map, ReadOnlySpan<byte> name) =>
        data.TryFind(map, name, out MmdbValue? found) && found is { Type: MmdbType.UInt16 or MmdbType.UInt32 or MmdbType.UInt64 } value ? data.NumberOf(value) : null;

    private static string Text(ulong? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "missing";

    private static string Describe(ref MmdbData data, in MmdbValue map)
    {
        string type = data.TryFind(map, "database_type"u8, out MmdbValue? found) && found is { Type: MmdbType.Utf8String } name
            ? string.Concat(Encoding.UTF8.GetString(data.BytesOf(name)).Where(c => !char.IsControl(c)).Take(MaxTypeLength))
            : "no type";
        return Number(ref data, map, "build_epoch"u8) is { } built && built <= (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? string.Create(CultureInfo.InvariantCulture, $"{type} of {DateTimeOffset.FromUnixTimeSeconds((long)built):yyyy-MM-dd}")
            : type;
    }
}
