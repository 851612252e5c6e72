using System.Globalization;
using System.Text.Json;
using Collector.Net;
using Collector.Testing;
using Collector.Testing.Captures;
using Xunit;

namespace Collector.Flows.Tests.SFlow;

/// <summary>The shared sFlow captures against what tshark and pmacct agree on, field by field.</summary>
public sealed class SharedCaseTests
{
    private static readonly Dictionary<string, Func<FlowRecord, SFlowRun, string>> Fields = new()
    {
        ["ip_src"] = (r, _) => Address(r.SourceAddress, r.Family),
        ["ip_dst"] = (r, _) => Address(r.DestinationAddress, r.Family),
        ["port_src"] = (r, _) => Number(r.SourcePort),
        ["port_dst"] = (r, _) => Number(r.DestinationPort),
        ["ip_proto"] = (r, _) => r.Protocol switch { 1 => "icmp", 4 => "ipencap", 6 => "tcp", 17 => "udp", byte other => Number(other) },
        ["iface_in"] = (r, _) => Number(r.IngressInterface),
        ["iface_out"] = (r, _) => Number(r.EgressInterface),
        ["tos"] = (r, _) => Number(r.Tos),
        ["tcp_flags"] = (r, _) => Number(r.TcpFlags),
        ["as_src"] = (r, _) => Number(r.SourceAs),
        ["as_dst"] = (r, _) => Number(r.DestinationAs),
        ["peer_as_src"] = (r, _) => Number(r.PeerSourceAs),
        ["peer_as_dst"] = (r, _) => Number(r.PeerDestinationAs),
        ["mask_src"] = (r, _) => Number(r.SourceMask),
        ["mask_dst"] = (r, _) => Number(r.DestinationMask),
        ["peer_ip_src"] = (r, _) => r.ExporterAddress.ToString(),
        ["peer_ip_dst"] = (r, _) => Address(r.NextHop, r.NextHopFamily),
        ["mac_src"] = (r, _) => Mac(r.SourceMac),
        ["mac_dst"] = (r, _) => Mac(r.DestinationMac),
        ["vlan"] = (r, _) => Number(r.Vlan),
        ["vlan_in"] = (r, _) => Number(r.IngressVlan),
        ["vlan_out"] = (r, _) => Number(r.EgressVlan),
        ["etype"] = (r, _) => r.EtherType.ToString("x", CultureInfo.InvariantCulture),
        ["sampling_rate"] = (r, _) => Number(r.SamplingInterval),
        ["mpls_label_top"] = (r, _) => Number(r.MplsLabelTop),
        ["mpls_label_bottom"] = (r, _) => Number(r.MplsLabelBottom),
        ["export_proto_version"] = (r, _) => Number(r.ExportVersion),
        ["as_path"] = (r, run) => run.Text(r.AsPath),
        ["comms"] = (r, run) => run.Text(r.StandardCommunities),
        ["local_pref"] = (r, _) => Number(r.LocalPreference),
        ["packets"] = (r, _) => Number((long)r.Packets),
        ["bytes"] = (r, _) => Number((long)r.Octets),
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
            if (root.GetProperty("protocol").GetString() == "sflow5")
            {
                seen++;
                wrong.AddRange(Compare(root).Select(line => $"{Path.GetFileName(file)}: {line}"));
            }
        }

        Assert.True(seen >= 9, $"only {seen} sFlow cases in {cases.Length} files");
        Assert.Empty(wrong);
    }

    private static IEnumerable<string> Compare(JsonElement root)
    {
        var run = new SFlowRun();
        foreach (JsonElement file in root.GetProperty("files").EnumerateArray())
        {
            foreach (CapturedPayload payload in PcapFile.Read(Path.Combine(RepositoryPaths.SharedCaptures, file.GetString()!)))
            {
                run.Feed(payload.Payload, payload.Source, payload.Time);
            }
        }

        string[] ignored = root.TryGetProperty("ignore_peers", out JsonElement peers) ? [.. peers.EnumerateArray().Select(p => p.GetString()!)] : [];
        string[] names = [.. Strings(root.GetProperty("fields")), .. Strings(root.GetProperty("counters"))];
        var expected = root.GetProperty("expected").EnumerateArray()
            .Select(row => string.Join(' ', names.Select(n => $"{n}={row.GetProperty(n)}"))).Order().ToList();
        var actual = run.Records.Where(r => !ignored.Contains(r.ExporterAddress.ToString()))
            .Select(r => string.Join(' ', names.Select(n => $"{n}={Fields[n](r, run)}"))).Order().ToList();
        return expected.Except(actual).Select(e => "missing " + e).Concat(actual.Except(expected).Select(a => "unexpected " + a))
            .Concat(expected.Count == actual.Count ? [] : [$"{actual.Count} records, expected {expected.Count}"]);
    }

    private static IEnumerable<string> Strings(JsonElement array) => array.EnumerateArray().Select(e => e.GetString()!);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Address(IpAddress address, FlowFamily family) => family == FlowFamily.None ? "" : address.ToString();

    private static string Mac(MacAddress mac)
    {
        byte[] bytes = new byte[MacAddress.Size];
        mac.WriteTo(bytes);
        return string.Join(':', bytes.Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));
    }
}
