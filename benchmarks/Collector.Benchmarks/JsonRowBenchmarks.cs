using System.Buffers;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using Collector.Aggregation;
using Collector.Configuration;
using Collector.Flows;
using Collector.Net;
using Collector.Output;

namespace Collector.Benchmarks;

/// <summary>One row of fifteen primitives with stamps and writer_id, as the Kafka output writes it; the target is below 500 ns and 0 bytes.</summary>
[MemoryDiagnoser]
public class JsonRowBenchmarks
{
    private const int Rows = 1024;

    private static readonly string[] Aggregate =
    [
        "src_host", "dst_host", "src_port", "dst_port", "proto", "tos", "tcpflags", "in_iface", "out_iface", "src_as", "dst_as", "peer_src_ip",
        "as_path", "timestamp_start", "flows",
    ];

    private readonly ArrayBufferWriter<byte> _buffer = new(1 << 20);
    private readonly byte[][] _keys = new byte[Rows][];
    private readonly ValueTable _values = new();
    private AggregateEntry _entry;
    private RowWriter _json = null!;
    private RowWriter _csv = null!;

    /// <summary>Compiles the writers and makes keys that differ in addresses, ports and times.</summary>
    [GlobalSetup]
    public void Setup()
    {
        TextOptions text = new() { Utc = true };
        if (!PrimitiveSelection.TryParse(Aggregate, text, out PrimitiveSelection? selection, out IReadOnlyList<string> errors))
        {
            throw new InvalidOperationException(string.Join('\n', errors));
        }

        KeyLayout layout = new(selection.KeyFields);
        OutputOptions options = new() { Name = "kafka", Text = text };
        _json = RowWriter.Create(options, selection, layout);
        _csv = RowWriter.Create(options with { Format = OutputFormat.Csv }, selection, layout);
        _entry = new AggregateEntry { Bin = 1_795_194_720, Packets = 1234, Octets = 567_890, Flows = 3, TcpFlags = 27, Records = 3 };
        Random random = new(1);
        for (int i = 0; i < Rows; i++)
        {
            FlowRecord record = new()
            {
                Family = FlowFamily.IPv4,
                SourceAddress = IpAddress.FromIPv4((uint)random.Next()),
                DestinationAddress = IpAddress.FromIPv4((uint)random.Next()),
                SourcePort = (ushort)random.Next(),
                DestinationPort = 443,
                Protocol = 6,
                IngressInterface = (uint)random.Next(1000),
                EgressInterface = (uint)random.Next(1000),
                SourceAs = (uint)random.Next(400_000),
                DestinationAs = (uint)random.Next(400_000),
                ExporterAddress = IpAddress.FromIPv4(0x0A000001),
                AsPath = _values.Intern("65001_65002_65003"u8),
                StartTime = (1_795_194_720 + random.Next(120)) * 1_000_000L,
            };
            _keys[i] = new byte[layout.Width];
            ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<FlowRecord>(in record));
            foreach (FlowField field in layout.Fields)
            {
                bytes.Slice(FlowRecordLayout.OffsetOf(field), FlowRecordLayout.SizeOf(field)).CopyTo(_keys[i].AsSpan(layout.OffsetOf(field)));
            }
        }
    }

    /// <summary>JSON.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Rows)]
    public int Json() => WriteAll(_json);

    /// <summary>CSV.</summary>
    [Benchmark(OperationsPerInvoke = Rows)]
    public int Csv() => WriteAll(_csv);

    private int WriteAll(RowWriter writer)
    {
        _buffer.ResetWrittenCount();
        foreach (byte[] key in _keys)
        {
            writer.Write(new AggregateRow(in _entry, key, _values.Snapshot), _buffer, 1_795_194_781, "kafka/12345"u8);
        }

        return _buffer.WrittenCount;
    }
}
