using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using Collector.Aggregation;
using Collector.Flows;
using Collector.Net;
using Collector.Output;

namespace Collector.Sinks.Kafka;

/// <summary>A topic or message key with pmacct's variables, compiled for one key layout (pmacct-compat §3.1).</summary>
/// <remarks>
/// A variable's name ends at the first character outside [A-Za-z0-9_] and loses trailing underscores. Addresses are written with '.' and ':'
/// replaced by '_'. A primitive that is not aggregated by gives 0, an address "null".
/// </remarks>
public sealed class KafkaTemplate
{
    /// <summary>Variables of a topic.</summary>
    public static readonly IReadOnlyList<string> TopicVariables = ["peer_src_ip", "tag", "tag2", "post_tag", "post_tag2"];

    /// <summary>Variables of a message key.</summary>
    public static readonly IReadOnlyList<string> KeyVariables =
        [.. TopicVariables, "src_host", "dst_host", "src_port", "dst_port", "proto", "in_iface"];

    private readonly Part[] _parts;

    /// <summary>Compiles <paramref name="text"/>.</summary>
    /// <exception cref="ArgumentException">A variable is not among <paramref name="variables"/>; see <see cref="ErrorIn"/>.</exception>
    public KafkaTemplate(string text, IReadOnlyList<string> variables, KeyLayout layout)
    {
        if (ErrorIn(text, variables) is { } error)
        {
            throw new ArgumentException(error, nameof(text));
        }

        _parts = [.. Split(text).Select(p => Compile(p.Text, p.IsVariable, layout))];
        MaxBytes = _parts.Sum(p => p.Field is null ? p.Bytes.Length : IpAddressText.MaxLength);
        IsConstant = _parts.All(p => p.Field is null);
    }

    /// <summary>True when every row gives the same bytes.</summary>
    public bool IsConstant { get; }

    /// <summary>The most bytes that <see cref="Write"/> can write.</summary>
    public int MaxBytes { get; }

    /// <summary>What is wrong with the text, or null.</summary>
    public static string? ErrorIn(string text, IReadOnlyList<string> variables)
    {
        foreach ((string part, bool isVariable) in Split(text))
        {
            if (isVariable && !variables.Contains(part))
            {
                return $"unknown variable ${part} in '{text}'; known are {string.Join(", ", variables.Select(v => "$" + v))}";
            }
        }

        return null;
    }

    /// <summary>Writes the text for a row as UTF-8 and returns its length.</summary>
    /// <param name="row">The row.</param>
    /// <param name="destination">At least <see cref="MaxBytes"/> bytes.</param>
    public int Write(in AggregateRow row, Span<byte> destination)
    {
        int length = 0;
        foreach (ref readonly Part part in _parts.AsSpan())
        {
            if (part.Field is null)
            {
                part.Bytes.CopyTo(destination[length..]);
                length += part.Bytes.Length;
            }
            else
            {
                length += WriteField(part.Field.Value, row.Key[part.Offset..], destination[length..]);
            }
        }

        return length;
    }

    private static int WriteField(FlowField field, ReadOnlySpan<byte> key, Span<byte> destination)
    {
        if (field is FlowField.ExporterAddress or FlowField.SourceAddress or FlowField.DestinationAddress)
        {
            IpAddress address = MemoryMarshal.Read<IpAddress>(key);
            int length = IpAddressText.Write(address, address.IsIPv4, destination);
            destination[..length].Replace((byte)'.', (byte)'_');
            destination[..length].Replace((byte)':', (byte)'_');
            return length;
        }

        ulong number = FlowRecordLayout.SizeOf(field) switch
        {
            1 => key[0],
            2 => MemoryMarshal.Read<ushort>(key),
            4 => MemoryMarshal.Read<uint>(key),
            _ => MemoryMarshal.Read<ulong>(key),
        };
        Utf8Formatter.TryFormat(number, destination, out int written);
        return written;
    }

    private static Part Compile(string text, bool isVariable, KeyLayout layout)
    {
        if (!isVariable)
        {
            return new Part(Encoding.UTF8.GetBytes(text), null, 0);
        }

        FlowField field = text switch
        {
            "peer_src_ip" => FlowField.ExporterAddress,
            "tag" or "post_tag" => FlowField.Tag,
            "tag2" or "post_tag2" => FlowField.Tag2,
            "src_host" => FlowField.SourceAddress,
            "dst_host" => FlowField.DestinationAddress,
            "src_port" => FlowField.SourcePort,
            "dst_port" => FlowField.DestinationPort,
            "proto" => FlowField.Protocol,
            _ => FlowField.IngressInterface,
        };
        bool isAddress = field is FlowField.ExporterAddress or FlowField.SourceAddress or FlowField.DestinationAddress;
        return layout.Contains(field)
            ? new Part([], field, layout.OffsetOf(field))
            : new Part(isAddress ? "null"u8.ToArray() : "0"u8.ToArray(), null, 0);
    }

    private static IEnumerable<(string Text, bool IsVariable)> Split(string text)
    {
        foreach ((bool isVariable, string part) in VariableText.Split(text))
        {
            string name = isVariable ? part.TrimEnd('_') : part;
            yield return (name, isVariable);
            if (name.Length < part.Length)
            {
                yield return (part[name.Length..], false);
            }
        }
    }

    /// <summary>Constant bytes, or a field of the key.</summary>
    private readonly record struct Part(byte[] Bytes, FlowField? Field, int Offset);
}
