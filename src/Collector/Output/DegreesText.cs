using System.Globalization;

namespace Collector.Output;

/// <summary>Latitudes and longitudes as pmacct prints them; what is written is finite and below 1e30.</summary>
internal static class DegreesText
{
    /// <summary>As jansson writes reals: 17 significant digits, never without a point or an exponent, and the exponent bare (1e-5, 1e20).</summary>
    /// <returns>The length, at most 24.</returns>
    public static int WriteJson(double degrees, Span<byte> to)
    {
        degrees.TryFormat(to, out int written, "G17", CultureInfo.InvariantCulture);
        int exponent = to[..written].IndexOf((byte)'E');
        if (exponent >= 0)
        {
            return WriteExponent(exponent, written, to);
        }

        if (!to[..written].Contains((byte)'.'))
        {
            ".0"u8.CopyTo(to[written..]);
            written += 2;
        }

        return written;
    }

    /// <summary>As <c>%f</c> in CSV and formatted tables: six digits behind the point.</summary>
    /// <returns>The length, at most 39.</returns>
    public static int WriteFixed(double degrees, Span<byte> to)
    {
        degrees.TryFormat(to, out int written, "F6", CultureInfo.InvariantCulture);
        return written;
    }

    // .NET writes E-05 and E+20.
    private static int WriteExponent(int exponent, int written, Span<byte> to)
    {
        int at = exponent;
        to[at++] = (byte)'e';
        int digits = exponent + 2;
        if (to[exponent + 1] == (byte)'-')
        {
            to[at++] = (byte)'-';
        }

        while (digits < written - 1 && to[digits] == (byte)'0')
        {
            digits++;
        }

        to[digits..written].CopyTo(to[at..]);
        return at + written - digits;
    }
}
