using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;

namespace Collector.Net.Tests;

/// <summary>Random addresses of every shape, and the C library's own reading and writing of them.</summary>
internal static class Addresses
{
    private const int InterNetwork = 2, InterNetworkV6 = 10;

    /// <summary>Sixteen bytes with runs of zeros, so that every form of "::" comes up, and with the mapped and compatible forms.</summary>
    public static Arbitrary<byte[]> Bytes { get; } = Gen.OneOf(
        Gen.Frequency((3, Gen.Constant((byte)0)), (1, Gen.Choose(0, 255).Select(b => (byte)b))).ArrayOf(16),
        Gen.Elements<ushort>(0, 0, 0, 1, 0xF, 0x10, 0x100, 0xFFF, 0x1000, 0xFFFF).ArrayOf(8).Select(g => g.SelectMany(w => (byte[])[(byte)(w >> 8), (byte)w]).ToArray()),
        Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf(16),
        Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf(4).Select(b => (byte[])[.. new byte[10], 0xFF, 0xFF, .. b]),
        Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf(4).Select(b => (byte[])[.. new byte[12], .. b])).ToArbitrary();

    /// <summary>inet_ntop(3).</summary>
    public static string Text(ReadOnlySpan<byte> address)
    {
        byte[] text = new byte[64];
        return inet_ntop(address.Length == 4 ? InterNetwork : InterNetworkV6, address.ToArray(), text, text.Length) == 0
            ? throw new InvalidOperationException("inet_ntop failed")
            : System.Text.Encoding.ASCII.GetString(text, 0, Array.IndexOf(text, (byte)0));
    }

    /// <summary>inet_pton(3): the bytes, IPv4 in its mapped form, or null.</summary>
    public static byte[]? Read(string text)
    {
        byte[] six = new byte[16];
        if (inet_pton(InterNetworkV6, text, six) == 1)
        {
            return six;
        }

        byte[] four = new byte[4];
        return inet_pton(InterNetwork, text, four) == 1 ? [.. new byte[10], 0xFF, 0xFF, .. four] : null;
    }

    [DllImport("libc", SetLastError = false)]
    private static extern nint inet_ntop(int family, byte[] address, byte[] text, int length);

    [DllImport("libc", SetLastError = false)]
    private static extern int inet_pton(int family, [MarshalAs(UnmanagedType.LPUTF8Str)] string text, byte[] address);
}
