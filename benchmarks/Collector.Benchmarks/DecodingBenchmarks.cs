using BenchmarkDotNet.Attributes;
using Collector.Flows;
using Collector.Net;
using Collector.Testing.Builders;

namespace Collector.Benchmarks;

/// <summary>From the bytes of a datagram to flow records, the template known: nanoseconds per record.</summary>
[MemoryDiagnoser]
public class DecodingBenchmarks
{
    private const int Records = 26;
    private const int Template = 300;

    // 18 fields as routers send them, and the two that make it 20.
    private static readonly FieldSpecifier[] Fields =
    [
        (8, 4), (12, 4), (7, 2), (11, 2), (4, 1), (5, 1), (6, 1), (10, 4), (14, 4), (16, 4), (17, 4), (9, 1), (13, 1), (1, 4), (2, 4), (21, 4), (22, 4),
        (61, 1), (18, 4), (89, 1),
    ];

    private static readonly FieldSpecifier[] VariableFields = [.. Fields, (82, 65_535)];

    private readonly FlowBatch _batch = new();
    private byte[] _datagram = [];
    private DatagramDecoder _decoder = new(new DecoderOptions(), new ValueTable());

    /// <summary>v9 and ipfix: all 20 fields are read, or addresses and counters only; ipfix-variable has one string that is not read.</summary>
    [Params("v5", "v9-20", "v9-addresses", "ipfix-20", "ipfix-addresses", "ipfix-variable")]
    public string Form { get; set; } = "v9-20";

    /// <summary>Builds the datagram and announces its template.</summary>
    [GlobalSetup]
    public void Setup()
    {
        FlowFieldSet fields = Form.EndsWith("-addresses", StringComparison.Ordinal) ? FlowFieldSet.Of(FlowField.SourceAddress, FlowField.DestinationAddress) : FlowFieldSet.All;
        _decoder = new DatagramDecoder(new DecoderOptions { Fields = fields }, new ValueTable());
        if (Form == "v5")
        {
            var builder = new NetFlow5Builder();
            for (uint i = 0; i < Records; i++)
            {
                builder.Record(new NetFlow5Record(IpAddress.FromIPv4(0x0A000000 + i), IpAddress.FromIPv4(0xC0A80000 + i), 6, 1000 + (int)i, 443));
            }

            _datagram = builder.Build();
            return;
        }

        int version = Form.StartsWith("v9", StringComparison.Ordinal) ? 9 : 10;
        FieldSpecifier[] template = Form == "ipfix-variable" ? VariableFields : Fields;
        Decode(new ExportMessageBuilder(version).Template(Template, template).Build());
        var random = new Random(1);
        byte[][] records = [.. Enumerable.Range(0, Records).Select(_ => Record(random, template))];
        _datagram = new ExportMessageBuilder(version).Data(Template, records).Build();
    }

    /// <summary>Decodes the datagram.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public int Decode() => Decode(_datagram);

    private static byte[] Record(Random random, FieldSpecifier[] fields)
    {
        var writer = new WireWriter();
        foreach (FieldSpecifier field in fields)
        {
            if (field.Length == 65_535)
            {
                writer.U8(5).Bytes("eth10"u8);
                continue;
            }

            byte[] bytes = new byte[field.Length];
            random.NextBytes(bytes);
            writer.Bytes(bytes);
        }

        return writer.ToArray();
    }

    private int Decode(byte[] payload)
    {
        _batch.Clear();
        var datagram = new Datagram { Payload = payload, Source = IpAddress.FromIPv4(0x0A4D0001), SourcePort = 2055, ArrivalTime = 1_700_000_000_000_000 };
        _decoder.Begin(datagram);
        _decoder.Continue(datagram, _batch);
        return _batch.Count;
    }
}
