using System.Globalization;
using System.Text.Json;
using Collector.Net;
using Collector.Testing;
using Collector.Testing.Captures;
using Xunit;

namespace Collector.Flows.Tests;

/// <summary>The shared NetFlow and IPFIX captures against what tshark and pmacct agree on, summed as their own comparison sums them.</summary>
public sealed class SharedCaseTests
{
    private static readonly Dictionary<string, Func<FlowRecord, string>> Fields = new()
    {
        ["ip_src"] = r => Address(r.SourceAddress),
        ["ip_dst"] = r => Address(r.DestinationAddress),
        ["port_src"] = r => Number(r.SourcePort),
        ["port_dst"] = r => Number(r.DestinationPort),
        ["ip_proto"] = r => r.Protocol switch
        {
            0 => "ip",
            1 => "icmp",
            4 => "ipencap",
            6 => "tcp",
            17 => "udp",
            58 => "ipv6-icmp",
            112 => "vrrp",
            byte other => Number(other),
        },
        ["iface_in"] = r => Number(r.IngressInterface),
        ["iface_out"] = r => Number(r.EgressInterface),
        ["tos"] = r => Number(r.Tos),
        ["as_src"] = r => Number(r.SourceAs),
        ["as_dst"] = r => Number(r.DestinationAs),
        ["mask_src"] = r => Number(r.SourceMask),
        ["mask_dst"] = r => Number(r.DestinationMask),
        ["peer_ip_src"] = r => Address(r.ExporterAddress),
        ["peer_ip_dst"] = r => Address(r.NextHop),
        ["mac_src"] = r => Mac(r.SourceMac),
        ["mac_dst"] = r => Mac(r.DestinationMac),
        ["vlan"] = r => Number(r.Vlan),
        ["vlan_in"] = r => Number(r.IngressVlan),
        ["vlan_out"] = r => Number(r.EgressVlan),
        ["etype"] = r => r.EtherType.ToString("x", CultureInfo.InvariantCulture),
        ["sampling_rate"] = r => Number(r.SamplingInterval),
        ["mpls_label_top"] = r => Number(r.MplsLabelTop),
        ["mpls_label_bottom"] = r => Number(r.MplsLabelBottom),
        ["export_proto_version"] = r => Number(r.ExportVersion),
        ["fwd_status"] = r => Number(r.ForwardingStatus),
        ["fw_event"] = r => Number(r.FirewallEvent),
        ["post_nat_ip_src"] = r => Address(r.PostNatSourceAddress),
        ["post_nat_ip_dst"] = r => Address(r.PostNatDestinationAddress),
        ["post_nat_port_src"] = r => Number(r.PostNatSourcePort),
        ["post_nat_port_dst"] = r => Number(r.PostNatDestinationPort),
    };

    [SharedCapturesFact]
    public void EveryCase_GivesTheExpectedRecords()
    {
        string[] cases = [.. Directory.GetFiles(Path.Combine(RepositoryPaths.SharedCaptures, "cases"), "*.json").Order()];
        var wrong = new List<string>();
        int seen = 0;
        foreach (string file in cases)
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
            JsonElement root = document.RootElement;
            if (root.GetProperty("protocol").GetString() != "sflow5")
            {
                seen++;
                wrong.AddRange(Compare(root).Select(line => $"{Path.GetFileName(file)}: {line}"));
            }
        }

        Assert.True(seen >= 35, $"only {seen} cases in {cases.Length} files");
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong.Take(40)));
    }

    private static IEnumerable<string> Compare(JsonElement root)
    {
        var run = new DecoderRun();
        foreach (JsonElement file in root.GetProperty("files").EnumerateArray())
        {
            foreach (CapturedPayload payload in PcapFile.Read(Path.Combine(RepositoryPaths.SharedCaptures, file.GetString()!)))
            {
                run.Feed(payload);
            }
        }

        bool renormalize = Strings(root.GetProperty("conf")).Contains("nfacctd_renormalize: true");
        string[] ignored = root.TryGetProperty("ignore_peers", out JsonElement peers) ? [.. Strings(peers)] : [];
        string[] keys = [.. Strings(root.GetProperty("fields")).Where(f => f != "tcp_flags")];
        var expected = new Dictionary<string, (ulong Packets, ulong Octets, int Flags)>();
        foreach (JsonElement row in root.GetProperty("expected").EnumerateArray())
        {
            int flags = row.TryGetProperty("tcp_flags", out JsonElement text) ? int.Parse(text.GetString()!, CultureInfo.InvariantCulture) : 0;
            Add(expected, string.Join(' ', keys.Select(k => $"{k}={row.GetProperty(k)}")), row.GetProperty("packets").GetUInt64(), row.GetProperty("bytes").GetUInt64(), flags);
        }

        var actual = new Dictionary<string, (ulong Packets, ulong Octets, int Flags)>();
        foreach (FlowRecord decoded in run.Records.Where(r => !ignored.Contains(Address(r.ExporterAddress))))
        {
            FlowRecord record = decoded;
            if (renormalize && record.RenormalizationFactor != 0)
            {
                record.Packets *= record.RenormalizationFactor;
                record.Octets *= record.RenormalizationFactor;
                record.SamplingInterval = 1;
            }

            Add(actual, string.Join(' ', keys.Select(k => $"{k}={Fields[k](record)}")), record.Packets, record.Octets, record.TcpFlags);
        }

        IEnumerable<string> left = expected.Select(e => $"{e.Key} {e.Value}"), right = actual.Select(a => $"{a.Key} {a.Value}");
        return left.Except(right).Select(e => "missing    " + e).Concat(right.Except(left).Select(a => "unexpected " + a));
    }

    private static void Add(Dictionary<string, (ulong Packets, ulong Octets, int Flags)> sums, string key, ulong packets, ulong octets, int flags)
    {
        (ulong Packets, ulong Octets, int Flags) sum = sums.GetValueOrDefault(key);
        sums[key] = (sum.Packets + packets, sum.Octets + octets, sum.Flags | flags);
    }

    private static IEnumerable<string> Strings(JsonElement array) => array.EnumerateArray().Select(e => e.GetString()!);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Address(IpAddress address) => address.IsUnspecified ? "" : address.ToString();

    private static string Mac(MacAddress mac)
    {
        byte[] bytes = new byte[MacAddress.Size];
        mac.WriteTo(bytes);
        return mac.IsZero ? "" : string.Join(':', bytes.Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));
    }
}
