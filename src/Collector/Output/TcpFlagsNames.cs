using System.Text;

namespace Collector.Output;

/// <summary>tcpflags_encode_as_array: the names of the flags that are set.</summary>
internal static class TcpFlagsNames
{
    // From bit 5 down to bit 0.
    private static readonly string[] Names = ["URG", "ACK", "PSH", "RST", "SYN", "FIN"];

    /// <summary>The JSON array of every value; ECE or CWR empties the whole array, as in pmacct.</summary>
    public static byte[][] BuildArrays() =>
        [.. Enumerable.Range(0, 256).Select(value => Encoding.ASCII.GetBytes($"[{string.Join(", ", Set(value).Select(n => $"\"{n}\""))}]"))];

    private static IEnumerable<string> Set(int value) => value >= 64 ? [] : Names.Where((_, i) => (value & (0x20 >> i)) != 0);
}
