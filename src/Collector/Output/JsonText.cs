using System.Buffers;
using System.Buffers.Text;
using System.Text.Unicode;
using Collector.Net;

namespace Collector.Output;

/// <summary>JSON strings and arrays as jansson writes them, straight into UTF-8.</summary>
internal static class JsonText
{
    // Only these are escaped; `/`, DEL and everything beyond ASCII stay as they are.
    private static readonly SearchValues<byte> Escaped =
        SearchValues.Create([.. Enumerable.Range(0, 32).Select(i => (byte)i), (byte)'"', (byte)'\\']);

    /// <summary>No string or array made of <paramref name="length"/> bytes of value takes more.</summary>
    public static int MaxLength(int length) => (6 * length) + 16;

    /// <summary>Writes a string with its quotes.</summary>
    /// <returns>The length, or −1 when the value is not UTF-8: jansson refuses it, and pmacct then leaves the key out.</returns>
    public static int WriteString(ReadOnlySpan<byte> value, Span<byte> to)
    {
        if (!Utf8.IsValid(value))
        {
            return -1;
        }

        to[0] = (byte)'"';
        int at = 1;
        while (true)
        {
            int special = value.IndexOfAny(Escaped);
            ReadOnlySpan<byte> plain = special < 0 ? value : value[..special];
            plain.CopyTo(to[at..]);
            at += plain.Length;
            if (special < 0)
            {
                to[at] = (byte)'"';
                return at + 1;
            }

            at += WriteEscape(value[special], to[at..]);
            value = value[(special + 1)..];
        }
    }

    /// <summary>Writes the parts between underscores as an array of strings; empty parts and parts that are not UTF-8 are left out.</summary>
    public static int WriteParts(ReadOnlySpan<byte> value, Span<byte> to)
    {
        to[0] = (byte)'[';
        int at = 1;
        foreach (Range range in value.Split((byte)'_'))
        {
            ReadOnlySpan<byte> part = value[range];
            int start = at > 1 ? at + 2 : at;
            int written = part.IsEmpty ? -1 : WriteString(part, to[start..]);
            if (written > 0)
            {
                ", "u8[..(start - at)].CopyTo(to[at..]);
                at = start + written;
            }
        }

        to[at] = (byte)']';
        return at + 1;
    }

    /// <summary>Writes a label stack as ["0-24001", "1-24010"].</summary>
    public static int WriteLabels(ReadOnlySpan<byte> stack, Span<byte> to)
    {
        to[0] = (byte)'[';
        int at = 1;
        for (int i = 0; i < LabelStackText.Count(stack); i++)
        {
            at += OpenIndexed(i, to[at..]);
            Utf8Formatter.TryFormat(LabelStackText.Label(stack, i), to[at..], out int written);
            at += written;
            to[at++] = (byte)'"';
        }

        to[at] = (byte)']';
        return at + 1;
    }

    /// <summary>Writes SRv6 segments as ["0-fc00::1", "1-fc00::2"].</summary>
    public static int WriteSegments(ReadOnlySpan<byte> segments, Span<byte> to)
    {
        to[0] = (byte)'[';
        int at = 1;
        for (int i = 0; i < segments.Length / IpAddress.Size; i++)
        {
            at += OpenIndexed(i, to[at..]);
            at += IpAddressText.Write(IpAddress.ReadIPv6(segments[(i * IpAddress.Size)..]), false, to[at..]);
            to[at++] = (byte)'"';
        }

        to[at] = (byte)']';
        return at + 1;
    }

    private static int OpenIndexed(int index, Span<byte> to)
    {
        ReadOnlySpan<byte> open = index == 0 ? "\""u8 : ", \""u8;
        open.CopyTo(to);
        Utf8Formatter.TryFormat(index, to[open.Length..], out int written);
        to[open.Length + written] = (byte)'-';
        return open.Length + written + 1;
    }

    private static int WriteEscape(byte value, Span<byte> to)
    {
        to[0] = (byte)'\\';
        to[1] = value switch
        {
            (byte)'"' or (byte)'\\' => value,
            (byte)'\b' => (byte)'b',
            (byte)'\f' => (byte)'f',
            (byte)'\n' => (byte)'n',
            (byte)'\r' => (byte)'r',
            (byte)'\t' => (byte)'t',
            _ => (byte)'u',
        };
        if (to[1] != (byte)'u')
        {
            return 2;
        }

        "00"u8.CopyTo(to[2..]);
        Utf8Formatter.TryFormat(value, to[4..], out _, new StandardFormat('X', 2));
        return 6;
    }
}
