using System.Diagnostics;
using System.Globalization;
using System.Xml;
using Collector.Testing;

namespace Collector.Tests.Dissection;

/// <summary>A node of tshark's dissection: a protocol or a field, with those inside it.</summary>
/// <param name="Name">tshark's name, as in a display filter; empty for a heading.</param>
/// <param name="Show">The value as tshark shows it.</param>
/// <param name="Hex">The bytes of the field; empty where tshark made it up. Of bit fields the masked value.</param>
/// <param name="Position">Where the bytes lie in the packet.</param>
internal sealed record DissectedField(string Name, string Show, string Hex, int Position)
{
    public List<DissectedField> Children { get; } = [];

    /// <summary>All fields below, in order.</summary>
    public IEnumerable<DissectedField> Descendants() => Children.SelectMany(c => c.Descendants().Prepend(c));

    /// <summary>The number in the bytes.</summary>
    public ulong Number => Hex.Length is > 0 and <= 16 ? ulong.Parse(Hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture) : ulong.Parse(Show, CultureInfo.InvariantCulture);

    /// <summary>Runs tshark over a capture.</summary>
    /// <returns>For every packet the protocols cflow and sflow, of which a packet has at most one.</returns>
    public static List<DissectedField?> OfCapture(string path)
    {
        // No names are looked up; a sampled header is often cut within a fragment, which must not be kept for others.
        using Process process = Process.Start(new ProcessStartInfo(Peers.Find("tshark")!,
            ["-r", path, "-n", "-T", "pdml", "-J", "cflow sflow", "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE", "-o", "tcp.desegment_tcp_streams:FALSE"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        List<DissectedField?> packets = Read(process.StandardOutput);
        process.WaitForExit();
        return process.ExitCode == 0 ? packets : throw new InvalidOperationException($"tshark: {errors.Result}");
    }

    private static List<DissectedField?> Read(TextReader text)
    {
        var packets = new List<DissectedField?>();
        var open = new Stack<DissectedField>();
        using var reader = XmlReader.Create(text, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, CheckCharacters = false });
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.Element && reader.Name == "packet")
            {
                packets.Add(null);
            }
            else if (reader.NodeType == XmlNodeType.Element && reader.Name is "proto" or "field")
            {
                var field = new DissectedField(reader["name"] ?? "", reader["show"] ?? "", reader["value"] ?? "", int.Parse(reader["pos"] ?? "0", CultureInfo.InvariantCulture));
                if (open.TryPeek(out DissectedField? outer))
                {
                    outer.Children.Add(field);
                }
                else if (field.Name is "cflow" or "sflow")
                {
                    packets[^1] = field;
                }

                if (!reader.IsEmptyElement)
                {
                    open.Push(field);
                }
            }
            else if (reader.NodeType == XmlNodeType.EndElement && reader.Name is "proto" or "field")
            {
                open.Pop();
            }
        }

        return packets;
    }
}
