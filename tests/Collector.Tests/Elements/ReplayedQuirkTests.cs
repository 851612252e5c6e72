using System.Text;
using System.Text.Json;
using Collector.Net;
using Collector.Testing.Builders;
using Collector.Tests.Replay;
using Xunit;

namespace Collector.Tests.Elements;

/// <summary>Rows of quirks.md whose point is what is printed in the end.</summary>
public sealed class ReplayedQuirkTests
{
    private const int Template = 300;

    private static readonly IpAddress Client = IpAddress.Parse("10.1.2.3"), Server = IpAddress.Parse("192.168.5.47");

    // Huawei sends an interval of 0 although it samples 1:1000.
    [Theory]
    [InlineData("", 10, 1, 0)]
    [InlineData("ext_sampling_rate: 1000", 10_000, 1_000, 0)]
    public void S2_ConfiguredInterval_StandsInForOneThatIsNotTold(string setting, int packets, int factor, int rate)
    {
        byte[] datagram = new NetFlow5Builder().Record(new NetFlow5Record(Client, Server, 6, 1, 2, 10, 1500)).Build();
        JsonElement row = Assert.Single(Rows(["renormalize: true", setting], "sampling_rate", (datagram, null)));
        Assert.Equal((packets, 1_500 * factor, rate), (Number(row, "packets"), Number(row, "bytes"), Number(row, "sampling_rate")));
    }

    // Two ESX hosts of a VMware switch both report a flow between their machines: told apart by who reports them, added up without.
    [Fact]
    public void C7_FlowThatTwoExportersReport_IsCountedOnceForEach()
    {
        byte[] datagram = new NetFlow5Builder().Record(new NetFlow5Record(Client, Server, 6, 1, 2, 10, 1500)).Build();
        (byte[], IpAddress?)[] twice = [(datagram, IpAddress.Parse("192.0.2.11")), (datagram, IpAddress.Parse("192.0.2.12"))];
        Assert.Equal([1500, 1500], Rows([], "peer_src_ip, src_host", twice).Select(r => Number(r, "bytes")));
        Assert.Equal([3000], Rows([], "src_host", twice).Select(r => Number(r, "bytes")));
    }

    [Fact]
    public void C5_NatEvent_IsPrintedWithoutCounters()
    {
        byte[] record = new WireWriter().Address(Client).Address(Server).U8(4).ToArray();
        byte[] datagram = ExportMessageBuilder.Ipfix().Template(Template, (8, 4), (225, 4), (230, 1)).Data(Template, record).Build();
        JsonElement row = Assert.Single(Rows([], "src_host, post_nat_src_host, nat_event, flows", (datagram, null)));
        Assert.Equal(["event_type", "ip_src", "post_nat_ip_src", "nat_event"], row.EnumerateObject().Select(m => m.Name));
    }

    // An exporter that writes its IPv4 address in the mapped form.
    [Fact]
    public void C15_MappedExporter_IsPrintedAsIPv4()
    {
        byte[] record = new WireWriter().Bytes(new byte[10]).U16(0xFFFF).Address(Client).U32(1).ToArray();
        byte[] datagram = ExportMessageBuilder.Ipfix().Template(Template, (131, 16), (1, 4)).Data(Template, record).Build();
        Assert.Equal("10.1.2.3", Assert.Single(Rows([], "peer_src_ip", (datagram, null))).GetProperty("peer_ip_src").GetString());
    }

    [Fact]
    public void C18_CountersOfSixtyFourBits_AreExactNumbers()
    {
        byte[] datagram = ExportMessageBuilder.Ipfix().Template(Template, (1, 8), (2, 8)).Data(Template, new WireWriter().U64(ulong.MaxValue).U64(1UL << 63).ToArray()).Build();
        JsonElement row = Assert.Single(Rows([], "none", (datagram, null)));
        Assert.Equal(("18446744073709551615", "9223372036854775808"), (row.GetProperty("bytes").GetRawText(), row.GetProperty("packets").GetRawText()));
    }

    [Theory]
    [InlineData("biflow: forward", 1)]
    [InlineData("biflow: both", 2)]
    public void Biflow_IsPrintedAsConfigured(string setting, int rows)
    {
        byte[] record = new WireWriter().Address(Client).Address(Server).U32(100).U32(2000).ToArray();
        byte[] datagram = ExportMessageBuilder.Ipfix()
            .Template(Template, (8, 4), (12, 4), (1, 4), new FieldSpecifier(1, 4, 29_305)).Data(Template, record).Build();
        IReadOnlyList<JsonElement> printed = Rows([setting], "src_host, dst_host", (datagram, null));
        Assert.Equal(
            new[] { ("10.1.2.3", 100), ("192.168.5.47", 2000) }.Take(rows).ToHashSet(),
            printed.Select(r => (r.GetProperty("ip_src").GetString()!, Number(r, "bytes"))).ToHashSet());
    }

    [Theory]
    [InlineData("nsel_counters: none", 0, 0)]
    [InlineData("nsel_counters: pmacct", 100, 200)]
    public void C4_NselCounters_ArePrintedAsConfigured(string setting, int octets, int packets)
    {
        byte[] datagram = ExportMessageBuilder.NetFlow9().Template(Template, (8, 4), (233, 1), (231, 4), (232, 4))
            .Data(Template, new WireWriter().Address(Client).U8(5).U32(100, 200).ToArray()).Build();
        JsonElement row = Assert.Single(Rows([setting], "src_host", (datagram, null)));
        Assert.Equal((octets, packets), (Number(row, "bytes"), Number(row, "packets")));
    }

    // Nothing but the bins of an output asks for the time that makes them: templates decode it all the same.
    [Theory]
    [InlineData(9, 22, 1_000_000 - 3_600_000L)]
    [InlineData(10, 152, (1_700_000_000 - 3_600) * 1_000L)]
    public void Flow_IsInTheBinOfItsStart(int version, int element, long start)
    {
        byte[] record = new WireWriter().Address(Client).U64((ulong)start).U32(1).ToArray();
        byte[] datagram = new ExportMessageBuilder(version).Template(Template, (8, 4), (element, 8), (1, 4)).Data(Template, record).Build();
        JsonElement row = Assert.Single(Rows(["    history: 1h", "    history_roundoff: h"], "src_host", (datagram, null)));
        Assert.Equal("2023-11-14 21:00:00", row.GetProperty("stamp_inserted").GetString());
    }

    private static int Number(JsonElement row, string name) => row.GetProperty(name).GetInt32();

    private static IReadOnlyList<JsonElement> Rows(string[] settings, string aggregate, params (byte[] Payload, IpAddress? Source)[] datagrams)
    {
        string folder = Directory.CreateTempSubdirectory("quirks-").FullName;
        try
        {
            string capture = Path.Combine(folder, "quirk.pcap"), configuration = Path.Combine(folder, "collector.yaml");
            var pcap = new PcapBytes();
            foreach ((byte[] payload, IpAddress? source) in datagrams)
            {
                pcap.Add(PacketBytes.Ethernet(PacketBytes.IPv4(PacketBytes.Udp(payload), source: source)));
            }

            File.WriteAllBytes(capture, pcap.ToArray());
            File.WriteAllLines(
                configuration,
                [
                    .. settings.Where(s => !s.StartsWith(' ')), "outputs:", "  - name: out", "    type: stdout", $"    aggregate: [{aggregate}]",
                    .. settings.Where(s => s.StartsWith(' ')),
                ]);
            ReplayProcess run = ReplayProcess.Run(folder, "--config", configuration, capture);
            Assert.True(run.ExitCode == 0, run.Error);
            return [.. Encoding.UTF8.GetString(run.Output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
