using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Collector.Aggregation;
using Collector.Configuration;
using Collector.Flows;
using Collector.Net;

namespace Collector.Output;

/// <summary>Writes the values of bounded length as bare text, the same for JSON and CSV; and finds the bytes of those behind a handle.</summary>
/// <remarks>Not thread-safe: one per writer.</remarks>
internal sealed class ValueText
{
    /// <summary>No value of bounded length is longer, in bytes.</summary>
    public const int MaxLength = 64;

    private const int LongestClassName = 63;

    private readonly byte[][] _protocols;
    private readonly byte[][] _forwardingStatuses;
    private readonly TimestampText _timestamps;

    public ValueText(TextOptions options, TimestampText timestamps)
    {
        _protocols = ProtocolNames.Build(options.Pmacct17, options.NumericProtocols);
        _forwardingStatuses = ForwardingStatusNames.Build(options.ForwardingStatusAsString);
        _timestamps = timestamps;
    }

    /// <summary>Writes the value and returns its length.</summary>
    /// <param name="step">A step that is not <see cref="ValueStep.IsVariable"/>.</param>
    /// <param name="row">The row.</param>
    /// <param name="to">At least <see cref="MaxLength"/> bytes.</param>
    public int Write(in ValueStep step, in AggregateRow row, Span<byte> to)
    {
        ReadOnlySpan<byte> key = row.Key;
        switch (step.Format)
        {
            case ValueFormat.Number8:
                return Number(key[step.Offset], to);
            case ValueFormat.Number16:
                return Number(Read<ushort>(key, step.Offset), to);
            case ValueFormat.Number32:
                return Number(Read<uint>(key, step.Offset), to);
            case ValueFormat.Tag:
                Utf8Formatter.TryFormat(Read<long>(key, step.Offset), to, out int written);
                return written;
            case ValueFormat.Address:
                return Address(key, step.Offset, (FlowFamily)key[step.Second], to);
            case ValueFormat.ExporterAddress:
                IpAddress exporter = Read<IpAddress>(key, step.Offset);
                return exporter == default ? 0 : IpAddressText.Write(exporter, exporter.IsIPv4, to);
            case ValueFormat.NextHopOfFlowFamily:
                return NextHop(row, step, to);
            case ValueFormat.Mac:
                return Mac(key.Slice(step.Offset, MacAddress.Size), to);
            case ValueFormat.EtherType:
                Utf8Formatter.TryFormat(Read<ushort>(key, step.Offset), to, out written, new System.Buffers.StandardFormat('x'));
                return written;
            case ValueFormat.Protocol:
                return Copy(_protocols[key[step.Offset]], to);
            case ValueFormat.TcpFlags or ValueFormat.TcpFlagsNumber:
                return Number(row.Entry.TcpFlags, to);
            case ValueFormat.TunnelTcpFlags:
                return Number(row.Entry.TunnelTcpFlags, to);
            case ValueFormat.ForwardingStatus:
                return Copy(_forwardingStatuses[key[step.Offset]], to);
            case ValueFormat.SamplingDirection:
                byte direction = key[step.Offset];
                to[0] = direction is (byte)'i' or (byte)'e' ? direction : (byte)'u';
                return 1;
            case ValueFormat.Roa:
                byte roa = key[step.Offset];
                to[0] = roa == 0 ? (byte)'u' : roa;
                return 1;
            case ValueFormat.RouteDistinguisher:
                return RouteDistinguisherText.Write(Read<ulong>(key, step.Offset), to);
            case ValueFormat.RouteDistinguisherOrigin:
                // So far a route distinguisher only ever comes from the flow itself.
                return Copy(Read<ulong>(key, step.Offset) == 0 ? "unknown"u8 : "flow"u8, to);
            case ValueFormat.Timestamp:
                return _timestamps.WriteMicroseconds(Read<long>(key, step.Offset), to);
            case ValueFormat.StitchedMinimum or ValueFormat.StitchedMaximum:
                return _timestamps.WriteExactly(Read<long>(key, step.Offset), to);
            case ValueFormat.Flows:
                return Number(row.Entry.Flows, to);
            case ValueFormat.CustomNumber:
                return Number(NetworkOrder.Read(key.Slice(step.Offset, step.Width)), to);
            case ValueFormat.CustomHexadecimal:
                Utf8Formatter.TryFormat(NetworkOrder.Read(key.Slice(step.Offset, step.Width)), to, out written, new System.Buffers.StandardFormat('x'));
                return written;
            case ValueFormat.CustomAddress:
                bool isIPv4 = step.Width == sizeof(uint);
                return IpAddressText.Write(isIPv4 ? IpAddress.ReadIPv4(key[step.Offset..]) : IpAddress.ReadIPv6(key[step.Offset..]), isIPv4, to);
            case ValueFormat.Latitude or ValueFormat.Longitude:
                return DegreesText.WriteFixed(Degrees(step, row), to);
            default:
                throw new InvalidOperationException($"{step.Format} is no value of bounded length.");
        }
    }

    /// <summary>The bytes behind the handle, or in the key, of a step that <see cref="ValueStep.IsVariable"/>; a text ends at its first NUL.</summary>
    public static ReadOnlySpan<byte> Find(scoped in ValueStep step, scoped in AggregateRow row)
    {
        ReadOnlySpan<byte> value = step.Format switch
        {
            ValueFormat.Country => row.Key.Slice(step.Offset, sizeof(uint)),
            ValueFormat.PostalCode => row.Key.Slice(step.Offset, PostalCode.Size),
            ValueFormat.InlineText => row.Key.Slice(step.Offset, step.Width),
            ValueFormat.InlineRawBytes => row.Key.Slice(step.Offset + 1, row.Key[step.Offset]),
            _ => row.Values[Read<uint>(row.Key, NamesEgress(step, row) ? step.Second : step.Offset)],
        };
        if (step.IsRaw || step.Format is ValueFormat.MplsLabelStack or ValueFormat.Srv6Segments)
        {
            return value;
        }

        int end = value.IndexOf((byte)0);
        value = end < 0 ? value : value[..end];
        return step.Format != ValueFormat.ClassName ? value
            : value.IsEmpty ? "unknown"u8
            : value.Length > LongestClassName ? value[..LongestClassName] : value;
    }

    /// <summary>Writes bytes as pairs of capital hexadecimal digits with dashes between them; three bytes of text for each.</summary>
    public static int Raw(ReadOnlySpan<byte> bytes, Span<byte> to)
    {
        const string Digits = "0123456789ABCDEF";
        for (int i = 0; i < bytes.Length; i++)
        {
            to[3 * i] = (byte)Digits[bytes[i] >> 4];
            to[(3 * i) + 1] = (byte)Digits[bytes[i] & 15];
            to[(3 * i) + 2] = (byte)'-';
        }

        return Math.Max(0, (3 * bytes.Length) - 1);
    }

    /// <summary>Latitude or longitude of a host.</summary>
    public static double Degrees(in ValueStep step, in AggregateRow row) =>
        Read<double>(row.Key, step.Offset + (step.Format == ValueFormat.Latitude ? 0 : sizeof(double)));

    /// <summary>Writes a decimal number and returns its length, at most 20.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Number(ulong value, Span<byte> to)
    {
        Utf8Formatter.TryFormat(value, to, out int written);
        return written;
    }

    /// <summary>Reads a field of the key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Read<T>(ReadOnlySpan<byte> key, int offset)
        where T : unmanaged => MemoryMarshal.Read<T>(key[offset..]);

    private static bool NamesEgress(in ValueStep step, in AggregateRow row) =>
        step.Format == ValueFormat.VrfNameByDirection && row.Key[step.Third] == (byte)'e';

    private static int Address(ReadOnlySpan<byte> key, int offset, FlowFamily family, Span<byte> to)
    {
        // An address that the template does not have is not even 0.0.0.0, which is ::ffff:0.0.0.0 here; pmacct prints "".
        IpAddress address = Read<IpAddress>(key, offset);
        bool isAbsent = family == FlowFamily.None || (family == FlowFamily.IPv4 && address == default);
        return isAbsent ? 0 : IpAddressText.Write(address, family == FlowFamily.IPv4, to);
    }

    // Seen with 1.7.7: in an IPv4 flow a mapped next hop loses its prefix and any other IPv6 one is ""; in an IPv6 flow an IPv4 one is mapped.
    // The flow's family is no part of the key by itself: records of both families with one next hop add up.
    private static int NextHop(in AggregateRow row, in ValueStep step, Span<byte> to)
    {
        var flow = (FlowFamily)row.Entry.Families;
        IpAddress address = Read<IpAddress>(row.Key, step.Offset);
        bool printable = (FlowFamily)row.Key[step.Second] != FlowFamily.None
            && flow != FlowFamily.None
            && (flow == FlowFamily.IPv6 || address.IsIPv4);
        return printable ? IpAddressText.Write(address, flow == FlowFamily.IPv4, to) : 0;
    }

    private static int Mac(ReadOnlySpan<byte> bytes, Span<byte> to)
    {
        for (int i = 0; i < MacAddress.Size; i++)
        {
            to[3 * i] = Hex(bytes[i] >> 4);
            to[(3 * i) + 1] = Hex(bytes[i] & 15);
            to[(3 * i) + 2] = (byte)':';
        }

        return (3 * MacAddress.Size) - 1;
    }

    private static byte Hex(int nibble) => (byte)(nibble < 10 ? '0' + nibble : 'a' + nibble - 10);

    private static int Copy(ReadOnlySpan<byte> text, Span<byte> to)
    {
        text.CopyTo(to);
        return text.Length;
    }
}
