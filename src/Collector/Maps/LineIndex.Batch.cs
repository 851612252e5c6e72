using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Collector.Flows;
using Collector.Net;

namespace Collector.Maps;

/// <content>Lookups of many records at once: the slots of all are asked of the memory before the first is read, so that a large map is waited for once.</content>
internal sealed partial class LineIndex
{
    // As many loads as a core keeps under way at a time.
    private const int BatchSize = 16;

    /// <summary>The first line of each record whose conditions all hold, or <see cref="None"/>.</summary>
    /// <param name="records">The records.</param>
    /// <param name="values">Resolves their communities; null where no condition asks for them.</param>
    /// <param name="lines">Takes the answers, one per record.</param>
    [SkipLocalsInit]
    public void FindAll(ReadOnlySpan<FlowRecord> records, ValueTable? values, Span<int> lines)
    {
        lines[..records.Length].Fill(None);
        Span<Probe> probes = stackalloc Probe[BatchSize];
        for (int start = 0; start < records.Length; start += BatchSize)
        {
            ReadOnlySpan<FlowRecord> batch = records[start..Math.Min(start + BatchSize, records.Length)];
            foreach (Shape shape in _shapes)
            {
                FindBatch(shape, batch, values, lines.Slice(start, batch.Length), probes);
            }
        }
    }

    private void FindBatch(Shape shape, ReadOnlySpan<FlowRecord> records, ValueTable? values, Span<int> lines, Span<Probe> probes)
    {
        BgpMatchValues bgp = default;
        ReadOnlySpan<FieldOf> fields = shape.Fields;
        bool byExporter = fields.Length > 0 && fields[0].Key == MatchKey.Exporter;
        ReadOnlySpan<FieldOf> others = byExporter ? fields[1..] : fields;
        (ulong hash, ulong check) = (HashSeed, CheckSeed);
        IpAddress exporter = default;
        int count = 0;
        for (int i = 0; i < records.Length; i++)
        {
            ref readonly FlowRecord record = ref records[i];
            if (shape.FirstLine >= lines[i])
            {
                continue;
            }

            // The records of a datagram are of one exporter: its address, the first field that is mixed in, is mixed in once.
            if (byExporter && (count == 0 || record.ExporterAddress != exporter))
            {
                exporter = record.ExporterAddress;
                (hash, check) = (HashSeed, CheckSeed);
                Mix(ref hash, ref check, MatchCondition.Masked(exporter, fields[0].Length));
            }

            ref Probe probe = ref probes[count];
            (probe.Hash, probe.Check, probe.Record) = (hash, check, i);
            if (TryMix(others, new MatchInput(in record, in bgp, values), ref probe.Hash, ref probe.Check))
            {
                Prefetch(shape.Slots, probe.Hash);
                count++;
            }
        }

        foreach (ref readonly Probe probe in probes[..count])
        {
            ref int line = ref lines[probe.Record];
            line = FindIn(shape, probe.Hash, probe.Check, new MatchInput(in records[probe.Record], in bgp, values), 0, line);
        }
    }

    // A hint: an address that the collector has moved away from meanwhile does no harm.
    private static unsafe void Prefetch(Slot[] slots, ulong hash)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref slots[(uint)hash & (uint)(slots.Length - 1)]));
        }
    }

    private struct Probe
    {
        public ulong Hash;
        public ulong Check;
        public int Record;
    }
}
