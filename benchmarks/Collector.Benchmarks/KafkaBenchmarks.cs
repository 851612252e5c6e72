using System.Buffers;
using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Collector.Aggregation;
using Collector.Configuration;
using Collector.Flows;
using Collector.Output;
using Collector.Sinks;
using Collector.Sinks.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace Collector.Benchmarks;

/// <summary>
/// Publishing a purge of a million rows of 300 bytes, from the formatted row to the last delivery report: time and garbage per row.
/// Goes to the brokers of KAFKA_BOOTSTRAP_SERVERS where it is set, else to librdkafka's mock cluster in a process of its own.
/// </summary>
[Config(typeof(OnePurgeAnIteration))]
[MemoryDiagnoser]
public class KafkaBenchmarks
{
    private const int Rows = 1_000_000;

    private readonly ManyRows _purge = new() { Number = 1, Time = 0, TotalEntries = Rows };
    private Process? _mock;
    private KafkaSink _sink = null!;

    /// <summary>0 sends one row a message.</summary>
    [Params(0, 16_384)]
    public int MultiValues { get; set; }

    [GlobalSetup]
    public void Start()
    {
        string? brokers = Environment.GetEnvironmentVariable("KAFKA_BOOTSTRAP_SERVERS");
        if (brokers is null)
        {
            _mock = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Collector.MockKafka"))
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            brokers = _mock.StandardOutput.ReadLine()!;
        }

        KafkaOutputOptions kafka = new() { Brokers = brokers, Topic = "collector-bench", MultiValues = MultiValues };
        OutputOptions output = new() { Name = "bench", Kind = OutputKind.Kafka, Kafka = kafka };
        _sink = new KafkaSink(output, new KeyLayout([]), new SameRow(), NullLogger.Instance);
        _sink.Start();
    }

    [Benchmark(OperationsPerInvoke = Rows)]
    public long Publish()
    {
        PublishResult result = _sink.Publish(_purge, CancellationToken.None);
        return result.LostRows == 0 ? result.PublishedRows : throw new InvalidOperationException($"{result.LostRows} rows lost");
    }

    [GlobalCleanup]
    public void Stop()
    {
        _sink.Dispose();
        _mock?.Kill();
        _mock?.Dispose();
    }

    /// <summary>In this process, because the mock cluster's program lies beside it.</summary>
    private sealed class OnePurgeAnIteration : ManualConfig
    {
        public OnePurgeAnIteration() => AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithStrategy(RunStrategy.Monitoring)
            .WithWarmupCount(2).WithIterationCount(5).WithInvocationCount(1).WithUnrollFactor(1));
    }

    /// <summary>A million times one entry: what is measured begins behind the row writer.</summary>
    private sealed class ManyRows : Purge
    {
        private readonly AggregateEntry[] _entry = [new() { Packets = 1, Octets = 100, Records = 1, Flows = 1 }];
        private readonly ValueSnapshot _values = new ValueTable().Snapshot;

        public override int Count => Rows;

        public override AggregateRow this[int index] => new(ref _entry[0], default, _values);

        public override void Dispose()
        {
        }
    }

    /// <summary>No formatting: the same 300 bytes for every row.</summary>
    private sealed class SameRow : RowWriter
    {
        private static readonly byte[] Row = [(byte)'{', .. Enumerable.Repeat((byte)' ', 298), (byte)'}'];

        public override void Write(in AggregateRow row, ArrayBufferWriter<byte> buffer, long updatedSeconds, ReadOnlySpan<byte> writerId) =>
            buffer.Write(Row);

        public override bool WriteHeader(ArrayBufferWriter<byte> buffer) => false;

        public override void WriteOpeningMarker(string outputName, int processId, ArrayBufferWriter<byte> buffer) => buffer.Write(Row);

        public override void WriteClosingMarker(string outputName, int processId, MarkerTally tally, ArrayBufferWriter<byte> buffer) =>
            buffer.Write(Row);
    }
}
