using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Collector.Aggregation;
using Collector.Configuration;
using Collector.Enrichment;
using Collector.Flows;
using Collector.Maps;
using Collector.Net;
using Collector.Output;
using Collector.Pipeline;
using Collector.Testing.Builders;

namespace Collector.Benchmarks;

/// <summary>What a pre_tag_map of exact keys costs the corridor: nanoseconds per record from the datagram into the table, by the number of lines.</summary>
/// <remarks>Every record is tagged, by a line of its exporter and interface, or, of 100 lines, by its interface. Rounds of all sizes take turns, and each size tells its best, so that a busy machine disturbs all alike.</remarks>
internal static class MapMeasurement
{
    private const int Exporters = 200, Interfaces = 100, RecordsPerDatagram = 26, Rounds = 40;

    private static readonly FieldSpecifier[] Template =
    [
        (8, 4), (12, 4), (7, 2), (11, 2), (4, 1), (5, 1), (6, 1), (10, 4), (14, 4), (16, 4), (17, 4), (9, 1), (13, 1), (1, 4), (2, 4), (21, 4), (22, 4),
        (61, 1), (18, 4), (89, 1),
    ];

    /// <summary>Prints one line per size.</summary>
    public static void Run()
    {
        int[] sizes = [0, 100, 100_000];
        Rig[] rigs = [.. sizes.Select(lines => new Rig(lines))];
        double[] best = [.. sizes.Select(_ => double.MaxValue)];
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < rigs.Length; i++)
            {
                best[i] = Math.Min(best[i], rigs[i].Play());
            }
        }

        for (int i = 0; i < sizes.Length; i++)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"pre_tag_map of {sizes[i],7} lines: {best[i]:F1} ns a record, {best[i] / best[0]:P1} of none, {best[i] / best[1]:P1} of 100 lines; {rigs[i].Keys} keys"));
        }
    }

    private sealed class Rig
    {
        private readonly byte[][] _datagrams;
        private readonly FlowWorker _worker;

        public Rig(int lines)
        {
            string path = Path.GetTempFileName();
            File.WriteAllLines(path, Enumerable.Range(0, lines).Select(i => lines > Interfaces ? $"set_tag={i + 1} ip={Exporter(i / Interfaces)} in={i % Interfaces}" : $"set_tag={i + 1} ip=0.0.0.0/0 in={i}"));
            var output = new OutputOptions { Name = "b", Selection = new SelectionOptions { PreTagMap = lines == 0 ? null : path } };
            var options = new CollectorOptions();
            MapSet maps = MapSet.LoadOrRefuse(options, [output]);
            File.Delete(path);
            string[] aggregate = ["src_host", "dst_host", "src_port", "dst_port", "proto", "in_iface", "out_iface", "src_as", "dst_as", "tag"];
            PrimitiveSelection.TryParse(aggregate, output.Text, out PrimitiveSelection? selection, out _);
            FlowFieldSet needed = selection!.NeededFields.Union(maps.Fields);
            var values = new ValueTable();
            _worker = new FlowWorker(
                0,
                new DatagramDecoder(new DecoderOptions { Fields = needed }, values),
                new FlowEnricher(options, needed, maps: maps),
                [new OutputTable(0, new AggregatePlan(selection.KeyFields, selection.Sum), new WindowClock(new WindowOptions { HistorySeconds = 60 }, 0, TimeZoneInfo.Utc), new TableMemory(), values, int.MaxValue)],
                _ => throw new InvalidOperationException("nothing is handed over here"),
                maps);
            var random = new Random(1);
            _datagrams = [.. Enumerable.Range(0, Exporters).Select(_ => Datagram(random))];
            byte[] template = new ExportMessageBuilder(9).Template(300, Template).Build();
            for (int i = 0; i < Exporters; i++)
            {
                Send(template, i);
            }

            Play();
        }

        public long Keys => _worker.Outputs[0].Keys;

        public double Play()
        {
            const int Repeats = 20;
            long start = Stopwatch.GetTimestamp();
            for (int repeat = 0; repeat < Repeats; repeat++)
            {
                for (int i = 0; i < Exporters; i++)
                {
                    Send(_datagrams[i], i);
                }
            }

            _worker.Flush();
            return Stopwatch.GetElapsedTime(start).TotalNanoseconds / (Repeats * Exporters * RecordsPerDatagram);
        }

        private static string Exporter(int i) => IpAddress.FromIPv4(0x0A00_0001u + (uint)i).ToString();

        private void Send(byte[] payload, int exporter) => _worker.Process(new Datagram
        {
            Payload = payload,
            Source = IpAddress.FromIPv4(0x0A00_0001u + (uint)exporter),
            SourcePort = 5_000,
            ArrivalTime = 1_000_000,
            Number = _worker.Datagrams,
        });

        private static byte[] Datagram(Random random)
        {
            byte[][] records = new byte[RecordsPerDatagram][];
            for (int i = 0; i < RecordsPerDatagram; i++)
            {
                records[i] = new byte[Template.Sum(f => f.Length)];
                random.NextBytes(records[i]);
                int ingress = Template.TakeWhile(f => f.Id != 10).Sum(f => f.Length);
                BinaryPrimitives.WriteUInt32BigEndian(records[i].AsSpan(ingress), (uint)random.Next(Interfaces));
            }

            return new ExportMessageBuilder(9).Data(300, records).Build();
        }
    }
}
