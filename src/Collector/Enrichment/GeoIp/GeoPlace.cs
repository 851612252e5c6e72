using System.Runtime.InteropServices;
using Collector.Flows;

namespace Collector.Enrichment.GeoIp;

/// <summary>What a database says about a network, in the form in which it stands in records. The default value says nothing.</summary>
/// <param name="Country">ISO 3166-1 code: up to three bytes as they lie in memory, zeros behind them.</param>
/// <param name="PostalCode">Postal code.</param>
/// <param name="Coordinates">Latitude and longitude.</param>
public readonly record struct GeoPlace(uint Country, PostalCode PostalCode, Coordinates Coordinates)
{
    private const int MaxCountryLength = 3;

    /// <summary>The code in the form of <see cref="Country"/>; cut to three bytes, as pmacct does.</summary>
    public static uint CountryOf(ReadOnlySpan<byte> utf8)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        bytes.Clear();
        utf8[..Math.Min(utf8.Length, MaxCountryLength)].CopyTo(bytes);
        return MemoryMarshal.Read<uint>(bytes);
    }
}
