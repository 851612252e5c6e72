using System.Runtime.InteropServices;

namespace Collector.Bgp.Rib;

/// <summary>A hash of bytes that depends on a secret number; never used across processes.</summary>
internal static class ByteHash
{
    public static uint Of(ReadOnlySpan<byte> value, ulong seed)
    {
        ulong h = seed ^ ((ulong)value.Length * 0x9E37_79B9_7F4A_7C15UL);
        while (value.Length >= 8)
        {
            h = (h ^ MemoryMarshal.Read<ulong>(value)) * 0xBF58_476D_1CE4_E5B9UL;
            h ^= h >> 31;
            value = value[8..];
        }

        ulong tail = 0;
        for (int i = 0; i < value.Length; i++)
        {
            tail |= (ulong)value[i] << (8 * i);
        }

        h = (h ^ tail) * 0x94D0_49BB_1331_11EBUL;
        return (uint)(h ^ (h >> 32));
    }
}
