using BenchmarkDotNet.Attributes;
using Collector.Flows;
using Collector.Flows.SFlow;
using Collector.Net;
using Collector.Testing.Builders;
using static Collector.Testing.Builders.PacketBuilder;

namespace Collector.Benchmarks;

/// <summary>Nanoseconds per flow sample, decoder alone, payloads in the cache; the columns are per sample, not per datagram.</summary>
[MemoryDiagnoser]
public class SFlowDecodingBenchmarks
{
    private const int SamplesPerDatagram = 7;
    private const int Datagrams = 64;

    private readonly byte[][] _payloads = new byte[Datagrams][];
    private readonly FlowBatch _batch = new();
    private SFlowDecoder _decoder = null!;
    private uint _sequence;

    /// <summary>header: a sampled header of 128 bytes; routed: with extended_switch, _router and _gateway; vxlan: with an inner packet.</summary>
    [Params("header", "routed", "vxlan")]
    public string Samples { get; set; } = "header";

    /// <summary>True: all fields; false: addresses, octets and packets only.</summary>
    [Params(true, false)]
    public bool AllFields { get; set; }

    /// <summary>Builds the payloads.</summary>
    [GlobalSetup]
    public void Setup()
    {
        FlowFieldSet fields = AllFields ? FlowFieldSet.All : FlowFieldSet.Of(FlowField.SourceAddress, FlowField.DestinationAddress);
        _decoder = new SFlowDecoder(new DecoderOptions { Fields = fields }, new ValueTable(), new SourceTable());
        for (int i = 0; i < Datagrams; i++)
        {
            var builder = new SFlowBuilder();
            for (int j = 0; j < SamplesPerDatagram; j++)
            {
                uint number = (uint)(i * SamplesPerDatagram + j);
                builder.Flow(new SampleHeader { Sequence = number + 1, Pool = (number + 1) * 1000, SourceIndex = number % 8 }, Records(number));
            }

            _payloads[i] = builder.Build();
        }
    }

    /// <summary>One round over the datagrams.</summary>
    [Benchmark(OperationsPerInvoke = Datagrams * SamplesPerDatagram)]
    public ulong Decode()
    {
        ulong octets = 0;
        foreach (byte[] payload in _payloads)
        {
            var datagram = new Datagram { Payload = payload, Source = IpAddress.FromIPv4(0x0A00_0001), SourcePort = 6343, ArrivalTime = ++_sequence };
            _decoder.Begin(datagram);
            while (_decoder.Continue(datagram, _batch))
            {
                _batch.Clear();
            }

            octets += _batch.Records.IsEmpty ? 0 : _batch.Records[0].Octets;
            _batch.Clear();
        }

        return octets;
    }

    private byte[][] Records(uint number)
    {
        string address = IpAddress.FromIPv4(0x0A00_0000 + number).ToString();
        byte[] packet = (number & 1) == 0
            ? Ethernet(0x8100, Tag(0, 100, 0x800, IPv4(address, "192.0.2.1", 6, [.. Tcp(1111, 80), .. new byte[70]])))
            : Ethernet(0x86DD, IPv6("2001:db8::1", "2001:db8::2", 6, [.. Tcp(1111, 80), .. new byte[54]]));
        return Samples switch
        {
            "routed" =>
            [
                SFlowBuilder.SampledHeader(1, packet), SFlowBuilder.Switch(100, 0, 200, 0), SFlowBuilder.Router("192.0.2.9", 24, 16),
                SFlowBuilder.Gateway("192.0.2.9", 65000, 65001, 65002, [(2, [65010, 65011 + number % 50, 65012])], [65000u << 16 | 1, 65000u << 16 | 2], 100),
            ],
            "vxlan" => [SFlowBuilder.SampledHeader(1, Ethernet(0x800, IPv4(address, "192.0.2.1", 17, Udp(1111, 4789, Vxlan(7, packet)))))],
            _ => [SFlowBuilder.SampledHeader(1, packet)],
        };
    }
}
