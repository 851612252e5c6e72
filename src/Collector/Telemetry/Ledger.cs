using System.Globalization;
using Collector.Aggregation;
using Collector.Enrichment;
using Collector.Flows;
using Collector.Pipeline;
using Collector.Receiving;
using Collector.Sinks;

namespace Collector.Telemetry;

/// <summary>What came in and what became of it, gathered from the counters of those who did the work. No number here is derived from another.</summary>
public static class Ledger
{
    /// <summary>The totals of the whole process.</summary>
    public static Summary Summary(PipelineParts parts, ReceiveSockets? sockets)
    {
        ReceiveSocket[] all = SocketsOf(parts, sockets);
        return new Summary
        {
            Datagrams = parts.Workers.Sum(w => (long)w.Datagrams),
            Records = parts.Workers.Sum(w => w.OfferedRecords),
            KernelDrops = all.Sum(s => s.KernelDrops),
            Losses = [.. Losses(parts, all)],
            Keys = parts.Workers.Sum(w => w.Outputs.Sum(o => (long)o.Keys)) + parts.Mergers.Sum(m => (long)m.PendingEntries),
            Published = parts.Publishers.Sum(p => p.Published.PublishedRows),
        };
    }

    /// <summary>One line per source and domain, per socket and per output.</summary>
    public static IEnumerable<string> Lines(PipelineParts parts, ReceiveSockets? sockets, GcPauses pauses)
    {
        CultureInfo c = CultureInfo.InvariantCulture;
        foreach (SourceCounters source in parts.Workers.SelectMany(w => w.SourceTables).SelectMany(t => t.Snapshot.ToArray()).Where(s => s.Datagrams > 0))
        {
            string faults = string.Concat(Enum.GetValues<DecodeFault>().Where(f => source[f] > 0).Select(f => string.Create(c, $", {PeerFaultWatch.NameOf(f)} {source[f]}")));
            yield return string.Create(
                c,
                $"source {source.Source} {(source.IsSFlow ? "sflow" : "version")} {source.Version} domain {source.Domain}: datagrams {source.Datagrams}, octets {source.Octets}, "
                + $"records {source.Records}, options {source.OptionsRecords}, templates {source.Templates}, other samples {source.OtherSamples}{Remarks(source)}{faults}");
        }

        foreach (ReceiveSocket socket in SocketsOf(parts, sockets))
        {
            yield return string.Create(
                c, $"socket {socket.Endpoint} worker {socket.Worker}: datagrams {socket.Datagrams}, kernel drops {socket.KernelDrops}, truncated {socket.Truncated}, buffer {socket.GrantedBufferBytes}");
        }

        foreach (string line in AsZeroLines(parts))
        {
            yield return line;
        }

        for (int i = 0; i < parts.Publishers.Count; i++)
        {
            yield return OutputLine(parts, i);
        }

        yield return string.Create(
            c, $"process: gc pauses {pauses.Count}, longest {pauses.LongestMicroseconds} us, all {pauses.TotalMicroseconds} us; longest merge {parts.Collector.MaxMergeMicroseconds} us; table memory {parts.TableBytes} bytes");
    }

    // Why AS numbers are 0, for both directions: not a loss, but what operators ask first.
    private static IEnumerable<string> AsZeroLines(PipelineParts parts)
    {
        AsZeroCounters[] counters = [.. parts.Workers.Select(w => w.Enricher.AsZero)];
        foreach ((string direction, Func<AsZeroCounters, AsZeroReason, long> count) in
            new (string, Func<AsZeroCounters, AsZeroReason, long>)[] { ("source", (c, r) => c.Sources(r)), ("destination", (c, r) => c.Destinations(r)) })
        {
            string[] told = [.. Enum.GetValues<AsZeroReason>().Select(r => (Reason: r, Count: counters.Sum(c => count(c, r)))).Where(r => r.Count > 0)
                .Select(r => string.Create(CultureInfo.InvariantCulture, $"{AsZeroCounters.NameOf(r.Reason)} {r.Count}"))];
            if (told.Length > 0)
            {
                yield return $"as_zero {direction}: {string.Join(", ", told)}";
            }
        }
    }

    // What is no loss and yet worth knowing about an exporter.
    private static string Remarks(SourceCounters source)
    {
        (string Name, long Count)[] remarks =
        [
            ("reverse records", source.ReverseRecords), ("records in lists", source.ListRecords), ("records of unknown sampling", source.UnsampledRecords),
            ("ends before starts", source.EndsBeforeStart), ("late records", source.LateRecords), ("future records", source.FutureRecords),
            ("datagrams of a wrong clock", source.WrongClocks),
        ];
        string text = string.Concat(remarks.Where(r => r.Count > 0).Select(r => string.Create(CultureInfo.InvariantCulture, $", {r.Name} {r.Count}")));
        return source.WrongClocks == 0 ? text : string.Create(CultureInfo.InvariantCulture, $"{text}, clock {source.ClockOffset / 1_000_000} s ahead");
    }

    private static string OutputLine(PipelineParts parts, int index)
    {
        OutputTable[] tables = [.. parts.Workers.Select(w => w.Outputs[index])];
        OutputPublisher publisher = parts.Publishers[index];
        PurgeMerger merger = parts.Mergers[index];
        PublishResult published = publisher.Published, backlog = publisher.Backlog, queued = publisher.Queued;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"output {publisher.Name}: offered {parts.Workers.Sum(w => w.OfferedRecords)}, duplicated by rule {tables.Sum(t => t.DuplicatedRecords)}, "
            + $"entered {tables.Sum(t => t.EnteredRecords)} records {Sum(tables, t => t.EnteredPackets)} packets {Sum(tables, t => t.EnteredOctets)} octets; "
            + $"published {published.PublishedRows} rows {published.PublishedRecords} records {published.PublishedPackets} packets {published.PublishedOctets} octets; "
            + $"pending {merger.PendingRecords} records {merger.PendingPackets} packets {merger.PendingOctets} octets, "
            + $"queued {queued.PublishedRecords} records {queued.PublishedPackets} packets {queued.PublishedOctets} octets; "
            + $"lost in the sink {published.LostRows} rows {published.LostRecords} records {published.LostPackets} packets {published.LostOctets} octets, "
            + $"backlog {backlog.LostRows} rows {backlog.LostRecords} records {backlog.LostPackets} packets {backlog.LostOctets} octets, "
            + $"memory {merger.LostRecords} records {merger.LostPackets} packets {merger.LostOctets} octets, "
            + $"refused for want of room {tables.Sum(t => t.LostRecords)} records {Sum(tables, t => t.LostPackets)} packets {Sum(tables, t => t.LostOctets)} octets; "
            + $"early flushes {tables.Sum(t => t.EarlyFlushes) + merger.EarlyFlushes}");
    }

    private static IEnumerable<NamedLoss> Losses(PipelineParts parts, ReceiveSocket[] sockets)
    {
        foreach (DecodeFault fault in Enum.GetValues<DecodeFault>().Where(f => f != DecodeFault.None))
        {
            long count = 0;
            foreach (FlowWorker worker in parts.Workers)
            {
                foreach (SourceTable table in worker.SourceTables)
                {
                    foreach (SourceCounters source in table.Snapshot)
                    {
                        count += source[fault];
                    }
                }
            }

            yield return new NamedLoss(PeerFaultWatch.NameOf(fault), count);
        }

        yield return new NamedLoss("truncated by the socket", sockets.Sum(s => s.Truncated));
        yield return new NamedLoss("left at stop", parts.Workers.Sum(w => w.LeftAtStop));
        yield return new NamedLoss("rows in backlog", parts.Publishers.Sum(p => p.Backlog.LostRows));
        yield return new NamedLoss("rows in sinks", parts.Publishers.Sum(p => p.Published.LostRows));
        yield return new NamedLoss("records for want of memory", parts.Mergers.Sum(m => m.LostRecords) + parts.Workers.Sum(w => w.Outputs.Sum(o => o.LostRecords)));
        yield return new NamedLoss("values refused", parts.Workers.Sum(w => w.Decoder.Values.Refused));
    }

    private static ReceiveSocket[] SocketsOf(PipelineParts parts, ReceiveSockets? sockets) =>
        sockets is null ? [] : [.. Enumerable.Range(0, parts.Workers.Count).SelectMany(i => sockets.ForWorker(i).Sockets)];

    private static ulong Sum(OutputTable[] tables, Func<OutputTable, ulong> value) => tables.Aggregate(0UL, (sum, table) => sum + value(table));
}
