using Collector.Flows;
using Collector.Net;
using Collector.Testing;
using Xunit;
using Xunit.Abstractions;

namespace Collector.Tests.Dissection;

/// <summary>tshark as a second oracle: what it dissects in every capture against the decoded records, record by record and field by field.</summary>
public sealed class DissectionTests(ITestOutputHelper output)
{
    [ProgramFact("tshark")]
    public void OwnCaptures_AreDecodedAsTsharkDissectsThem() => Compare(CaptureSet.Read(RepositoryPaths.Pcaps), 90_000, IsOwn);

    [SharedCapturesFact("tshark")]
    public void SharedCaptures_AreDecodedAsTsharkDissectsThem() => Compare(CaptureSet.Read(RepositoryPaths.SharedCaptures), 30_000, n => !IsOwn(n));

    // Shared captures lie in folders of their own; of ours only those that a script has made do.
    private static bool IsOwn(string capture) => !capture.Contains('/') || capture.StartsWith("made/", StringComparison.Ordinal);

    private void Compare(CaptureSet captures, int leastValues, Func<string, bool> isOne)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("dissection-");
        List<DissectedField?> packets;
        try
        {
            string path = Path.Combine(folder.FullName, "all.pcap");
            captures.WriteFile(path);
            packets = DissectedField.OfCapture(path);
        }
        finally
        {
            folder.Delete(true);
        }

        Assert.Equal(captures.Datagrams.Count, packets.Count);
        var comparison = new Comparison();
        for (int i = 0; i < packets.Count; i++)
        {
            comparison.Add(captures.Datagrams[i], packets[i]);
        }

        output.WriteLine($"{comparison.Records} records, {comparison.Values} values compared: {string.Join(", ", comparison.ValuesByField.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key} {p.Value}"))}");
        (string, string)[] known = [.. KnownDissectionDifferences.All.Where(d => isOne(d.Capture)).Select(d => (d.Capture, d.Field))];
        string[] wrong =
        [
            .. comparison.Differences.Where(d => !known.Contains(d.Key)).Select(d => $"{d.Key.Capture} {d.Key.Field}: {d.Value}"),
            .. known.Except(comparison.Differences.Keys).Select(k => $"{k.Item1} {k.Item2}: no longer a difference, the row is to be deleted"),
        ];
        Assert.True(wrong.Length == 0, string.Join(Environment.NewLine, wrong));
        Assert.True(comparison.Values >= leastValues, $"only {comparison.Values} values compared");
    }

    private sealed class Comparison
    {
        private readonly FlowBatch _batch = new(4096);
        private readonly Dictionary<(IpAddress, string), HashSet<ulong>> _optionsTemplates = [];
        private DatagramDecoder _decoder = null!;
        private string _capture = "";

        public Dictionary<(string Capture, string Field), string> Differences { get; } = [];

        public Dictionary<string, int> ValuesByField { get; } = [];

        public int Records { get; private set; }

        public int Values => ValuesByField.Values.Sum();

        public void Add(CapturedPayload captured, DissectedField? dissected)
        {
            if (captured.Capture != _capture)
            {
                _capture = captured.Capture;
                _optionsTemplates.Clear();
                _decoder = new DatagramDecoder(new DecoderOptions { Pmacct17 = false, AggregateUnknownEtherType = true, UseIpNextHop = true }, new ValueTable());
            }

            FlowRecord[] records = Decode(captured);
            List<DissectedFlow> flows = dissected is null ? [] : DissectedFlow.Of(dissected, OptionsTemplates(captured, dissected));
            if (flows.Count != records.Length)
            {
                Differ(KnownDissectionDifference.Records, captured, $"tshark sees {flows.Count}, decoded are {records.Length}");
                return;
            }

            IReadOnlyList<FieldCheck> checks = captured.IsSFlow ? SampleChecks.All : MessageChecks.All;
            for (int i = 0; i < records.Length; i++)
            {
                Records++;
                foreach (FieldCheck check in checks)
                {
                    if (check.Expected(flows[i]) is not { } expected)
                    {
                        continue;
                    }

                    ValuesByField[check.Name] = ValuesByField.GetValueOrDefault(check.Name) + 1;
                    string actual = check.Actual(new DecodedFlow(records[i], _decoder.Values));
                    if (actual != expected)
                    {
                        Differ(check.Name, captured, $"record {i}: tshark says {expected}, decoded is {actual}");
                    }
                }
            }
        }

        private HashSet<ulong> OptionsTemplates(CapturedPayload captured, DissectedField dissected)
        {
            string domain = dissected.Children.Find(c => c.Name is "cflow.source_id" or "cflow.od_id")?.Show ?? "";
            if (!_optionsTemplates.TryGetValue((captured.Source, domain), out HashSet<ulong>? known))
            {
                _optionsTemplates.Add((captured.Source, domain), known = []);
            }

            return known;
        }

        private FlowRecord[] Decode(CapturedPayload captured)
        {
            var datagram = new Datagram { Payload = captured.Payload, Source = captured.Source, SourcePort = captured.SourcePort, ArrivalTime = captured.Time };
            _batch.Clear();
            _decoder.Begin(datagram);
            Assert.False(_decoder.Continue(datagram, _batch));
            return _batch.Records.ToArray();
        }

        private void Differ(string field, CapturedPayload captured, string what) =>
            Differences.TryAdd((captured.Capture, field), $"datagram {captured.Index}, {what}");
    }
}
