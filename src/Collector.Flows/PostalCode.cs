using System.Runtime.InteropServices;

namespace Collector.Flows;

/// <summary>A postal code as pmacct keeps it: up to eleven bytes of UTF-8 with zeros behind them.</summary>
/// <remarks>A plain value, so that it can be part of a key; the default value is no code.</remarks>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public readonly record struct PostalCode
{
    /// <summary>Size in memory, in bytes.</summary>
    public const int Size = 12;

    private const int MaxLength = Size - 1;

    // Only ever written by reinterpreting twelve bytes.
#pragma warning disable CS0649
    private readonly uint _first;
    private readonly uint _second;
    private readonly uint _third;
#pragma warning restore CS0649

    /// <summary>Takes a text; what is longer than eleven bytes is cut, be it within a character, as pmacct does.</summary>
    public static PostalCode Of(ReadOnlySpan<byte> utf8)
    {
        Span<byte> bytes = stackalloc byte[Size];
        bytes.Clear();
        utf8[..Math.Min(utf8.Length, MaxLength)].CopyTo(bytes);
        return MemoryMarshal.Read<PostalCode>(bytes);
    }
}
