using System.Net;
using System.Text.Json;
using Collector.Aggregation;
using Collector.Flows;
using Collector.Net;
using Collector.Output;
using Collector.Testing;
using Collector.Tests.Output;

namespace Collector.Tests.Sinks.Kafka;

/// <summary>Rows that know their number: row n is of 10.0.0.0 + n and has n + 1 packets, so that what arrives tells which rows it is of.</summary>
internal static class NumberedRows
{
    public static readonly PrimitiveSelection Selection = TestPurge.Select("src_host,src_port,proto,peer_src_ip,tag");

    public static readonly KeyLayout Layout = new(Selection.KeyFields);

    public static TestPurge Of(int count, int first = 0, bool isReplay = false)
    {
        TestPurge purge = new(Layout) { Number = 1, Time = 1_700_000_000_000_000, TotalEntries = count + 2, IsReplay = isReplay };
        for (int n = first; n < first + count; n++)
        {
            FlowRecord record = new()
            {
                Family = FlowFamily.IPv4,
                SourceAddress = IpAddress.FromIPv4(0x0A00_0000u + (uint)n),
                ExporterAddress = IpAddress.FromIPv4(0xC000_0201u + (uint)(n % 2)),
                SourcePort = (ushort)(n % 10),
                Protocol = 17,
                Tag = 7,
                Packets = (ulong)n + 1,
                Octets = (ulong)(n + 1) * 100,
            };
            purge.Add(record, records: (uint)(n % 3) + 1);
        }

        return purge;
    }

    /// <summary>The rows in a consumed message, one a line.</summary>
    public static IEnumerable<JsonElement> Rows(this ConsumedMessage message) =>
        message.Value.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement);

    /// <summary>The numbers of the rows in a consumed message.</summary>
    public static IEnumerable<int> Numbers(this ConsumedMessage message) =>
        message.Rows().Select(r => (int)(IpAddress.From(IPAddress.Parse(r.GetProperty("ip_src").GetString()!)).ToIPv4() - 0x0A00_0000u));
}
