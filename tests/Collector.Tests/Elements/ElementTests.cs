using System.Text.Json;
using Collector.Output;
using Collector.Testing;
using Collector.Tests.Oracle;
using Collector.Tests.Replay;
using Xunit;

namespace Collector.Tests.Elements;

/// <summary>Every row of pmacct-compat §8.5, as elements.txt has it, in all its lengths, from a capture to what is printed; and nfacctd beside it.</summary>
public sealed class ElementTests
{
    private static readonly string[] Settings =
        ["plugins: print", "print_output: json", "nfacctd_time_new: true", "timestamps_utc: true", "nfacctd_as: netflow", "use_ip_next_hop: true"];

    // nfacctd 1.7.7 does not know the others (pmacct-compat §11.1), and takes fw_event for nat_event repeated.
    private static readonly string[] Of17 =
    [
        "tag", "tag2", "label", "class", "src_mac", "dst_mac", "vlan", "cos", "etype", "src_as", "dst_as", "peer_src_as", "peer_dst_as", "peer_src_ip",
        "peer_dst_ip", "in_iface", "out_iface", "mpls_vpn_rd", "mpls_pw_id", "src_host", "src_net", "dst_host", "dst_net", "src_mask", "dst_mask", "src_port",
        "dst_port", "tcpflags", "proto", "tos", "sampling_rate", "sampling_direction", "post_nat_src_host", "post_nat_dst_host", "post_nat_src_port",
        "post_nat_dst_port", "nat_event", "mpls_label_top", "mpls_label_bottom", "vxlan", "timestamp_start", "timestamp_end", "export_proto_sysid",
        "flows",
    ];

    [Fact]
    public void EveryRow_IsPrinted_InEveryLength()
    {
        string[] primitives = [.. ElementRow.All.Select(r => r.Primitive).Except(["bytes", "packets", "flows", "export_proto_sysid"]).Distinct(), "flows", "export_proto_sysid"];
        Dictionary<uint, JsonElement> printed = ByDomain(Collector(ElementCase.All, primitives));
        string[] wrong =
        [
            .. ElementCase.All.Select(c => (Case: c, Expected: c.Row.Printed(c.Length), Printed: ValueOf(printed, c)))
                .Where(c => c.Expected != c.Printed).Select(c => $"{c.Case}: printed {c.Printed}, not {c.Expected}"),
        ];
        Assert.True(wrong.Length == 0, string.Join(Environment.NewLine, wrong));
    }

    [Fact]
    public void Table_HasEveryPrimitiveThatElementsFill()
    {
        string[] headers = ["timestamp_arrival", "timestamp_export", "export_proto_seqno", "export_proto_version", "export_proto_sysid"];
        string[] lookups =
        [
            "std_comm", "ext_comm", "lrg_comm", "as_path", "local_pref", "med", "dst_roa", "src_std_comm", "src_ext_comm", "src_lrg_comm", "src_as_path",
            "src_local_pref", "src_med", "src_roa", "src_host_country", "dst_host_country", "src_host_pocode", "dst_host_pocode", "src_host_coords", "dst_host_coords",
        ];

        // The depth is that of the stack, the name of a VRF one of the two by the direction.
        string[] derived = ["none", "mpls_stack_depth", "vrf_name"];
        IEnumerable<string> all = PrimitiveTable.All.Select(p => p.Name).Where(n => !n.StartsWith("sum_", StringComparison.Ordinal));
        Assert.Empty(all.Except(headers).Except(lookups).Except(derived).Except(ElementRow.All.Select(r => r.Primitive)));
    }

    [ProgramFact("nfacctd")]
    public async Task EveryRowThatNfacctdReads_IsPrintedAlike()
    {
        ElementCase[] cases = [.. ElementCase.All.Where(c => !c.Row.CrashesNfacctd && (Of17.Contains(c.Row.Primitive) || c.Row.Primitive is "bytes" or "packets"))];
        string folder = Directory.CreateTempSubdirectory("elements-").FullName;
        try
        {
            string capture = Path.Combine(folder, "elements.pcap");
            await File.WriteAllBytesAsync(capture, ElementCase.Capture(cases));
            var oracle = new OracleCase("elements", [capture], [.. Settings, $"aggregate: {string.Join(", ", Of17)}"], []);
            Dictionary<uint, JsonElement> theirs = ByDomain(await OracleRun.PmacctAsync(oracle, renormalize: false) ?? []);
            Dictionary<uint, JsonElement> ours = ByDomain(await OracleRun.CollectorAsync(oracle, renormalize: false));
            string[] wrong =
            [
                .. cases.Select(c => (Case: c, Differences: Differences(theirs, ours, c)))
                    .Where(c => (c.Differences.Length == 0) != c.Case.Row.IsPrintedByNfacctd(c.Case.Length))
                    .Select(c => $"{c.Case}: {(c.Differences.Length == 0 ? "nfacctd prints the same, which the table denies" : c.Differences)}"),
            ];
            Assert.True(wrong.Length == 0, string.Join(Environment.NewLine, wrong));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<string> Collector(IEnumerable<ElementCase> cases, IEnumerable<string> primitives)
    {
        string folder = Directory.CreateTempSubdirectory("elements-").FullName;
        try
        {
            string capture = Path.Combine(folder, "elements.pcap"), configuration = Path.Combine(folder, "nfacctd.conf");
            File.WriteAllBytes(capture, ElementCase.Capture(cases));
            File.WriteAllLines(configuration, [.. Settings, $"aggregate: {string.Join(", ", primitives)}"]);
            ReplayProcess run = ReplayProcess.Run(folder, "-f", configuration, capture);
            Assert.True(run.ExitCode == 0, run.Error);
            return System.Text.Encoding.UTF8.GetString(run.Output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Dictionary<uint, JsonElement> ByDomain(IEnumerable<string> lines) =>
        lines.Select(line => JsonDocument.Parse(line).RootElement).ToDictionary(o => o.GetProperty("export_proto_sysid").GetUInt32());

    private static string ValueOf(Dictionary<uint, JsonElement> printed, ElementCase one)
    {
        string key = one.Row.Primitive is "bytes" or "packets"
            ? one.Row.Primitive
            : PrimitiveTable.All.Single(p => p.Name == one.Row.Primitive).Columns[0].JsonKey;
        return printed.TryGetValue(one.Domain, out JsonElement record) && record.TryGetProperty(key, out JsonElement value) ? value.GetRawText() : "nothing";
    }

    private static string Differences(Dictionary<uint, JsonElement> theirs, Dictionary<uint, JsonElement> ours, ElementCase one)
    {
        if (!theirs.TryGetValue(one.Domain, out JsonElement their) || !ours.TryGetValue(one.Domain, out JsonElement our))
        {
            return "one of the two printed no record";
        }

        Dictionary<string, string> members = our.EnumerateObject().ToDictionary(m => m.Name, m => m.Value.GetRawText());
        return string.Join(", ", their.EnumerateObject()
            .Where(m => m.Name is not ("stamp_inserted" or "stamp_updated") && members.GetValueOrDefault(m.Name) != m.Value.GetRawText())
            .Select(m => $"{m.Name} is {members.GetValueOrDefault(m.Name)}, nfacctd has {m.Value.GetRawText()}")
            .Concat(members.Keys.Except(their.EnumerateObject().Select(m => m.Name)).Select(name => $"nfacctd has no {name}")));
    }
}
