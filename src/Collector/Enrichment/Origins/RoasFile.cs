using System.Globalization;
using System.Text.Json;
using Collector.Configuration;
using Collector.Net;

namespace Collector.Enrichment.Origins;

/// <summary>Reads rpki_roas_file: the JSON of routinator (<c>--format json</c>) and of rpki-client (<c>-j</c>), an object with a list "roas".</summary>
/// <remarks>
/// An entry is <c>{"asn": "AS64496", "prefix": "192.0.2.0/24", "maxLength": 24}</c>; asn may be a number, maxLength may be absent. An entry that is
/// wrong is left out with a warning that tells which one it is.
/// </remarks>
public static class RoasFile
{
    private const int MaxWarnings = 20;

    /// <summary>Reads the file; null, with an error among the findings, when it cannot be used.</summary>
    public static RoaTable? Read(string path, Findings findings)
    {
        try
        {
            return Read(File.ReadAllBytes(path), findings);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            findings.Error(0, $"the file of ROAs cannot be read: {e.Message}");
            return null;
        }
    }

    /// <summary>Reads JSON.</summary>
    public static RoaTable? Read(ReadOnlyMemory<byte> json, Findings findings)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("roas", out JsonElement list)
                || list.ValueKind != JsonValueKind.Array)
            {
                findings.Error(0, "there is no list \"roas\"; write the file with routinator vrps --format json, or rpki-client -j");
                return null;
            }

            return Read(list, findings);
        }
        catch (JsonException e)
        {
            findings.Error((int)((e.LineNumber ?? 0) + 1), $"this is not JSON: {e.Message}");
            return null;
        }
    }

    private static RoaTable? Read(JsonElement list, Findings findings)
    {
        List<Roa> roas = [];
        int number = 0, faults = 0;
        foreach (JsonElement entry in list.EnumerateArray())
        {
            number++;
            if (ReadEntry(entry) is { } roa)
            {
                roas.Add(roa);
            }
            else if (faults++ < MaxWarnings)
            {
                findings.Warning(0, string.Create(CultureInfo.InvariantCulture, $"entry {number} of roas is left out: {Shorten(entry.GetRawText())}"));
            }
        }

        if (faults > MaxWarnings)
        {
            findings.Warning(0, string.Create(CultureInfo.InvariantCulture, $"{faults} entries are left out; the first {MaxWarnings} are named"));
        }

        if (roas.Count == 0 && faults > 0)
        {
            findings.Error(0, "no entry of roas can be used");
            return null;
        }

        return new RoaTable(roas);
    }

    private static Roa? ReadEntry(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object || !entry.TryGetProperty("prefix", out JsonElement text) || text.ValueKind != JsonValueKind.String
            || !IpPrefix.TryParse(text.GetString(), out IpPrefix prefix) || !entry.TryGetProperty("asn", out JsonElement asn) || ReadAs(asn) is not { } number)
        {
            return null;
        }

        // RFC 6482 §3.3: without maxLength only the prefix itself may be originated.
        byte maxLength = prefix.Length;
        if (entry.TryGetProperty("maxLength", out JsonElement max)
            && (max.ValueKind != JsonValueKind.Number || !max.TryGetByte(out maxLength) || maxLength < prefix.Length || maxLength > (prefix.IsIPv4 ? 32 : 128)))
        {
            return null;
        }

        return new Roa(prefix, maxLength, number);
    }

    private static uint? ReadAs(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetUInt32(out uint number) => number,
        JsonValueKind.String when ReadDigits(value.GetString()!) is { } number => number,
        _ => null,
    };

    private static uint? ReadDigits(string text) => uint.TryParse(
        text.StartsWith("AS", StringComparison.OrdinalIgnoreCase) ? text.AsSpan(2) : text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number)
        ? number
        : null;

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
