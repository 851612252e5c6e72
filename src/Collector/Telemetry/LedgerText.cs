using System.Globalization;
using Collector.Flows.Sequences;

namespace Collector.Telemetry;

/// <summary>The ledger as lines of the log.</summary>
internal static class LedgerText
{
    private static readonly CultureInfo C = CultureInfo.InvariantCulture;

    /// <summary>One line per source and domain, per socket and per output.</summary>
    /// <param name="ledger">The copy to print.</param>
    /// <param name="now">Microseconds since the Unix epoch, for the age of missing templates.</param>
    internal static IEnumerable<string> Lines(LedgerSnapshot ledger, long now) =>
    [
        .. ledger.Sources.Select(s => Line(s, now)), .. ledger.Sockets.Select(Line), .. ledger.AsZero.Where(a => a.Reasons.Any(r => r.Count > 0)).Select(Line),
        .. ledger.Outputs.Select(Line),
        .. ledger.SFlowCounters is { } counters ? [Line(counters)] : Array.Empty<string>(),
    ];

    private static string Line(CounterLedger c) => string.Create(
        C,
        $"sflow counters: blocks {c.Blocks}, lost for want of room in the queue {c.BlocksLost}, objects {c.Objects}; "
        + $"files {c.FileObjects}, lost {c.FileLosses}; Kafka {c.KafkaObjects}, lost {c.KafkaLosses}");

    private static string Line(SourceLedger s, long now)
    {
        string name = s.IsOther ? "other sources (beyond the limit)" : s.IsEvicted ? "other sources (silent, gave way)"
            : string.Create(C, $"source {s.Source} {(s.IsSFlow ? "sflow" : "version")} {s.Version} {(s.IsSFlow ? $"agent {s.Agent} " : "")}domain {s.Domain}");
        return string.Create(
            C,
            $"{name}: datagrams {s.Datagrams}, decoded {s.DecodedDatagrams}, octets {s.Octets}, records {s.Records}, options {s.OptionsRecords}, "
            + $"templates {s.Templates}, other samples {s.OtherSamples}{Templates(s, now)}{Named(s.Remarks)}{Clock(s)}{Named(s.DatagramLosses)}{Named(s.PartLosses)}"
            + $"{Sequence(s)}{Intervals(s)}{Missing(s, now)}");
    }

    // Only what an operator must know: agents that sample otherwise than they say.
    private static string Intervals(SourceLedger s)
    {
        DataSourceLedger[] off = [.. s.DataSources.Where(d => d.IsOff)];
        return off.Length == 0 ? "" : string.Create(
            C,
            $"; sampling intervals other than announced {off.Length}: "
            + $"{string.Join(", ", off.Take(8).Select(d => string.Create(C, $"{d.Class}:{d.Index} announced {d.Announced} effective {d.Effective:F1}")))}");
    }

    private static string Templates(SourceLedger s, long now) => Named(
    [
        new("options as records", s.AccountedOptionsRecords), new("redefinitions", s.TemplateRedefinitions), new("conflicts", s.TemplateConflicts),
        new("withdrawals", s.TemplateWithdrawals), new("expired templates", s.TemplatesExpired), new("sets held", s.HeldSets), new("sets replayed", s.ReplayedSets),
    ]) + (s.TemplatesChanged == 0 ? "" : string.Create(C, $", last changed {Age(now - s.TemplatesChanged)} ago"));

    private static string Clock(SourceLedger s) =>
        s.Remarks.All(r => r.Name != "datagrams of a wrong clock") ? "" : string.Create(C, $", clock {s.ClockOffset / 1_000_000} s ahead");

    private static string Named(IEnumerable<NamedLoss> numbers) => string.Concat(numbers.Where(n => n.Count > 0).Select(n => string.Create(C, $", {n.Name} {n.Count}")));

    private static string Sequence(SourceLedger s)
    {
        if (s.IsOther)
        {
            return "; sequence lost unknown";
        }

        return s.Version == 1 && !s.IsSFlow ? "; sequence none" : $"; sequence {Of(s.Sequence, Unit(s))}{(s.IsSFlow ? $"; samples {Of(s.Samples, "samples")}" : "")}";
    }

    private static string Unit(SourceLedger s) => (s.Sequence.OtherUnit, s.IsSFlow || s.Version == 9) switch
    {
        (SequenceUnit.None, _) => "(the numbers stand still)",
        (SequenceUnit.Records, _) => "records (it counts these)",
        (SequenceUnit.Datagrams, _) => "datagrams (it counts these)",
        (_, true) => "datagrams",
        _ => "records",
    };

    // What cannot be told is never printed as 0.
    private static string Of(SequenceLedger s, string unit)
    {
        string lost = s.OtherUnit == SequenceUnit.None ? "lost unknown" : s.Unknown == 0 ? string.Create(C, $"lost {s.Lost}")
            : string.Create(C, $"lost {s.Lost} and unknown {s.Unknown} times, lost or undecoded {s.LostOrUndecoded}");
        return string.Create(C, $"{lost} {unit}, awaited {s.Awaited}, duplicates {s.Duplicates}, reordered {s.Reordered}, restarts {s.Restarts}");
    }

    private static string Missing(SourceLedger s, long now) => s.MissingTemplates.Count == 0 ? "" : "; templates not announced: "
        + string.Join(", ", s.MissingTemplates.Select(m => string.Create(C, $"{m.Id} for {Age(now - m.Since)} ({m.Sets} sets)")));

    private static string Age(long microseconds) => string.Create(C, $"{Math.Max(0, microseconds) / 1_000_000} s");

    private static string Line(SocketLedger s) => string.Create(
        C, $"socket {s.Endpoint} worker {s.Worker}: datagrams {s.Datagrams}, kernel drops {s.KernelDrops}, truncated {s.Truncated}, buffer {s.BufferBytes}");

    private static string Line(AsZeroLedger a) =>
        $"as_zero {a.Direction}: {string.Join(", ", a.Reasons.Where(r => r.Count > 0).Select(r => string.Create(C, $"{r.Name} {r.Count}")))}";

    private static string Triggers(OutputLedger o) =>
        o.Triggers is { } t ? string.Create(C, $"; triggers started {t.Started}, failed {t.Failed}, left out {t.Skipped}") : "";

    private static string LongFlows(OutputLedger o) => o.LongFlows == 0 ? "" : string.Create(C, $", flows too long to pro-rate {o.LongFlows}");

    private static string Line(OutputLedger o)
    {
        string losses = string.Join(", ", o.Losses.Select(l => l.Name == "memory" ? $"{l.Name} {l.Amount}" : string.Create(C, $"{l.Name} {l.Rows} rows {l.Amount}")));
        return string.Create(
            C,
            $"output {o.Name}: offered {o.Offered}, duplicated by rule {o.Duplicated}, entered {o.Entered}, filtered {o.Filtered}; published {o.PublishedRows} rows {o.Published}; "
            + $"open {o.Open}, pending {o.Pending}, queued {o.Queued}; {losses}, refused for want of room {o.Refused}; early flushes {o.EarlyFlushes}{LongFlows(o)}{Triggers(o)}");
    }
}
