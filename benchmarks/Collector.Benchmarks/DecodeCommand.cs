using System.Diagnostics;
using System.Globalization;
using Collector.Flows;
using Collector.Net;
using Collector.Replay;
using Collector.Testing;

namespace Collector.Benchmarks;

/// <summary>
/// `Collector.Benchmarks -- decode`: decoding alone, one thread, payloads in memory. Every capture replayed over and over, then built datagrams; a table
/// within a minute, the best of several rounds, because other work on the machine only ever makes a round slower.
/// </summary>
internal static class DecodeCommand
{
    private const int Rounds = 5;
    private static readonly TimeSpan RoundTime = TimeSpan.FromMilliseconds(40);

    /// <summary>Measures and prints.</summary>
    /// <param name="arguments">`--captures` prints a line for each capture.</param>
    public static int Run(string[] arguments)
    {
        Console.WriteLine("decoding alone, one thread, replayed from memory, all fields taken");
        string[] folders = Directory.Exists(RepositoryPaths.SharedCaptures) ? [RepositoryPaths.Pcaps, RepositoryPaths.SharedCaptures] : [RepositoryPaths.Pcaps];
        List<ReplayedCapture> captures = [.. folders.SelectMany(f => Directory.GetFiles(f, "*.pcap*", SearchOption.AllDirectories)).Order(StringComparer.Ordinal).Select(f => new ReplayedCapture(f))];
        captures.RemoveAll(c => c.Records == 0);
        captures.ForEach(c => c.Measured = Measure(c.Replay));
        Console.WriteLine($"{"",-52}{"ns/record",10}{"records/datagram",18}{"B/record",10}");
        foreach (ReplayedCapture c in arguments.Contains("--captures") ? captures.OrderBy(c => c.Protocol, StringComparer.Ordinal) : Enumerable.Empty<ReplayedCapture>())
        {
            Print($"{c.Protocol} {c.Name}", c.Measured.Nanoseconds / c.Records, (double)c.Records / c.Datagrams, (double)c.Measured.Allocated / c.Records);
        }

        foreach (IGrouping<string, ReplayedCapture> protocol in captures.GroupBy(c => c.Protocol).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            double records = protocol.Sum(c => c.Records);
            Print($"{protocol.Key}, {protocol.Count()} captures", protocol.Sum(c => c.Measured.Nanoseconds) / records, records / protocol.Sum(c => c.Datagrams), protocol.Sum(c => c.Measured.Allocated) / records);
        }

        Console.WriteLine("built datagrams: 26 records of 20 fields (v5: 26 records), 64 datagrams of 7 flow samples");
        foreach ((string form, string title) in (ReadOnlySpan<(string, string)>)[("v5", "v5, all fields"), ("v9-20", "v9, all 20 fields"), ("v9-addresses", "v9, addresses, octets, packets"),
            ("ipfix-20", "IPFIX, all 20 fields"), ("ipfix-addresses", "IPFIX, addresses, octets, packets"), ("ipfix-variable", "IPFIX, 20 fields and a string")])
        {
            var benchmark = new DecodingBenchmarks { Form = form };
            benchmark.Setup();
            Built(title, benchmark.Decode(), () => benchmark.Decode());
        }

        foreach ((string samples, bool all) in (ReadOnlySpan<(string, bool)>)[("header", true), ("header", false), ("routed", true), ("routed", false), ("vxlan", true)])
        {
            var benchmark = new SFlowDecodingBenchmarks { Samples = samples, AllFields = all };
            benchmark.Setup();
            Built($"sFlow, {samples}, {(all ? "all fields" : "addresses, octets, packets")}", 64 * 7, () => (long)benchmark.Decode());
        }

        return 0;
    }

    private static void Built(string title, int records, Func<long> decode)
    {
        (double nanoseconds, long allocated) = Measure(decode);
        Print(title, nanoseconds / records, records, (double)allocated / records);
    }

    private static void Print(string title, double nanoseconds, double perDatagram, double allocated) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{(title.Length > 51 ? title[..51] : title),-52}{nanoseconds,10:F1}{perDatagram,18:F1}{allocated,10:F2}"));

    // Nanoseconds and bytes of one call, of the best round. The first rounds are for the compiler, which needs calls and time.
    private static (double Nanoseconds, long Allocated) Measure(Func<long> call)
    {
        (double Nanoseconds, long Allocated) best = (double.MaxValue, long.MaxValue);
        for (int round = 0; round < Rounds + 2; round++)
        {
            long calls = 0, before = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            TimeSpan elapsed;
            do
            {
                for (int i = 0; i < 8; i++)
                {
                    call();
                }

                calls += 8;
                elapsed = Stopwatch.GetElapsedTime(start);
            }
            while (elapsed < RoundTime);
            if (round >= 2)
            {
                best = (Math.Min(best.Nanoseconds, elapsed.TotalNanoseconds / calls), Math.Min(best.Allocated, (GC.GetAllocatedBytesForCurrentThread() - before) / calls));
            }
        }

        return best;
    }

    // The datagrams of a capture, and a decoder that has seen them.
    private sealed class ReplayedCapture
    {
        private readonly List<(byte[] Payload, IpAddress Source, ushort Port, long Time)> _datagrams = [];
        private readonly DatagramDecoder _decoder = new(new DecoderOptions(), new ValueTable());
        private readonly FlowBatch _batch = new();

        public ReplayedCapture(string path)
        {
            Name = Path.GetFileNameWithoutExtension(path);
            using var reader = new CaptureReader([path], _ => { });
            while (reader.TryRead(out CapturedDatagram d))
            {
                _datagrams.Add((d.Payload.ToArray(), d.Source, d.SourcePort, d.Time));
            }

            Protocol = _datagrams.Select(d => ProtocolOf(d.Payload)).FirstOrDefault(p => p.Length != 0, "");

            // Once to learn templates; then as often as it will be, so that what the first pass makes is made.
            Replay();
            Records = Replay();
        }

        public string Name { get; }

        public string Protocol { get; }

        public long Records { get; }

        public int Datagrams => _datagrams.Count;

        public (double Nanoseconds, long Allocated) Measured { get; set; }

        private static string ProtocolOf(ReadOnlySpan<byte> payload) => payload switch
        {
            [0, 0, 0, 5, ..] => "sFlow",
            [0, 0, 0, 2 or 4, ..] => "sFlow v2 and v4",
            [0, 5, ..] => "v5",
            [0, 9, ..] => "v9",
            [0, 10, ..] => "IPFIX",
            _ => "",
        };

        public long Replay()
        {
            long records = 0;
            foreach ((byte[] payload, IpAddress source, ushort port, long time) in _datagrams)
            {
                var datagram = new Datagram { Payload = payload, Source = source, SourcePort = port, ArrivalTime = time };
                _decoder.Begin(datagram);
                bool more;
                do
                {
                    more = _decoder.Continue(datagram, _batch);
                    records += _batch.Count;
                    _batch.Clear();
                }
                while (more);
            }

            return records;
        }
    }
}
