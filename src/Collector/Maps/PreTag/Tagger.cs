using Collector.Flows;

namespace Collector.Maps.PreTag;

/// <summary>Applies a pre_tag_map to the records of one worker.</summary>
/// <remarks>
/// One per worker and map. Never allocates once warm. A tag or label that the exporter itself sent (elements 1 to 3 of enterprise 43874) stays in
/// the record, as nfacctd 1.7.7 was seen to do; filters compare what the map gave.
/// </remarks>
internal sealed class Tagger(MapFile<PreTagMap> file, ValueTable values)
{
    // Lines that a record can go through: each jump leads forward, so only a map with a long chain of jumps meets it.
    private const int MaxJumps = 10_000;

    private readonly byte[] _label = new byte[ValueTable.MaxValueLength];
    private FlowRecord[] _copies = [];
    private int[] _lines = [];
    private PreTagMap? _map;
    private uint[] _handles4 = [], _handles6 = [];
    private int _epoch;
    private int _labelLength;

    /// <summary>What the map gave the records returned last.</summary>
    public RecordTags Tags { get; } = new();

    /// <summary>Tags the records in place.</summary>
    /// <returns>The records; more of them, in a place of the tagger's own, when lines with return made several of one.</returns>
    public Span<FlowRecord> Apply(Span<FlowRecord> records)
    {
        PreTagMap map = file.Current!;
        if (map != _map || values.Epoch != _epoch)
        {
            _map = map;
            _epoch = values.Epoch;
            _handles4 = new uint[map.Lines4.Actions.Length];
            _handles6 = new uint[map.Lines6.Actions.Length];
        }

        if (map.Returns)
        {
            return ApplyWithReturns(records, map);
        }

        Tags.Clear(records.Length);
        Find(records, map);
        for (int i = 0; i < records.Length; i++)
        {
            int line = _lines[i];
            if (line == LineIndex.None)
            {
                continue;
            }

            ref FlowRecord record = ref records[i];
            PreTagList lines = record.ExporterAddress.IsIPv4 ? map.Lines4 : map.Lines6;
            ulong tag = lines.PlainTags[line];
            if (tag == lines.NotPlain)
            {
                Apply(ref record, map, i, out _, line);
            }
            else
            {
                Tags.Tag[i] = tag;
                record.Tag = (record.Flags & FlowRecordFlags.TagGiven) == 0 ? tag : record.Tag;
            }
        }

        return records;
    }

    // All lines first: the memory that the lookups wait for is then waited for once, not record by record.
    private void Find(Span<FlowRecord> records, PreTagMap map)
    {
        if (_lines.Length < records.Length)
        {
            _lines = new int[Math.Max(FlowBatch.DefaultCapacity, records.Length)];
        }

        // Runs of one family: a datagram's records nearly always are.
        for (int start = 0; start < records.Length;)
        {
            bool isIPv4 = records[start].ExporterAddress.IsIPv4;
            int end = start + 1;
            while (end < records.Length && records[end].ExporterAddress.IsIPv4 == isIPv4)
            {
                end++;
            }

            (isIPv4 ? map.Lines4 : map.Lines6).Index.FindAll(records[start..end], values, _lines.AsSpan(start));
            start = end;
        }
    }

    private Span<FlowRecord> ApplyWithReturns(Span<FlowRecord> records, PreTagMap map)
    {
        int count = 0;
        foreach (ref FlowRecord record in records)
        {
            for (int from = 0; from >= 0; count++)
            {
                if (count == _copies.Length)
                {
                    Array.Resize(ref _copies, Math.Max(256, _copies.Length * 2));
                }

                _copies[count] = record;
                Tags.Reserve(count + 1);
                (Tags.Tag[count], Tags.Tag2[count], Tags.Label[count]) = (0, 0, 0);
                Apply(ref _copies[count], map, count, out from, from);
            }
        }

        return _copies.AsSpan(0, count);
    }

    // Goes on from a line; `resume` is where the record goes on as another one, or -1.
    private void Apply(ref FlowRecord record, PreTagMap map, int at, out int resume, int from)
    {
        resume = -1;
        bool isIPv4 = record.ExporterAddress.IsIPv4;
        PreTagList lines = isIPv4 ? map.Lines4 : map.Lines6;
        BgpMatchValues bgp = default;
        var input = new MatchInput(in record, in bgp, values);
        _labelLength = 0;
        bool hasTag = false, hasTag2 = false, hasLabel = false;
        for (int jumps = 0, line = lines.Index.Find(in input, from); line != LineIndex.None && jumps < MaxJumps; jumps++)
        {
            ref readonly PreTagAction action = ref lines.Actions[line];
            if (action.Tag is not null)
            {
                Tags.Tag[at] = Combine(action.Stack, action.NextTag(), Tags.Tag[at]);
                hasTag = true;
            }

            if (action.Tag2 is not null)
            {
                Tags.Tag2[at] = Combine(action.Stack, action.NextTag2(), Tags.Tag2[at]);
                hasTag2 = true;
            }

            if (action.Label is not null)
            {
                Tags.Label[at] = Label(action.Label, Tags.Label[at], ref (isIPv4 ? _handles4 : _handles6)[line]);
                hasLabel = true;
            }

            if (action.Tos is { } tos && (record.Flags & FlowRecordFlags.SFlow) == 0)
            {
                record.Tos = tos;
            }

            if (action.Target < 0)
            {
                break;
            }

            if (action.Returns)
            {
                resume = action.Target;
                break;
            }

            line = lines.Index.Find(in input, action.Target);
        }

        Write(ref record, at, hasTag, hasTag2, hasLabel);
    }

    private void Write(ref FlowRecord record, int at, bool hasTag, bool hasTag2, bool hasLabel)
    {
        if (hasTag && (record.Flags & FlowRecordFlags.TagGiven) == 0)
        {
            record.Tag = Tags.Tag[at];
        }

        if (hasTag2 && (record.Flags & FlowRecordFlags.Tag2Given) == 0)
        {
            record.Tag2 = Tags.Tag2[at];
        }

        if (hasLabel && (record.Flags & FlowRecordFlags.LabelGiven) == 0)
        {
            record.Label = Tags.Label[at];
        }
    }

    // The handle of the first label is kept per line; joined ones are looked up anew.
    private uint Label(byte[] label, uint before, ref uint handle)
    {
        if (before == 0)
        {
            handle = handle != 0 ? handle : values.Intern(label);
            label.CopyTo(_label, 0);
            _labelLength = label.Length;
            return handle;
        }

        if (_labelLength + 1 + label.Length > _label.Length)
        {
            return before;
        }

        _label[_labelLength++] = (byte)',';
        label.CopyTo(_label, _labelLength);
        _labelLength += label.Length;
        return values.Intern(_label.AsSpan(0, _labelLength));
    }

    internal static ulong Combine(TagStack stack, ulong tag, ulong before) => stack switch
    {
        TagStack.Sum => unchecked(tag + before),
        TagStack.Or => tag | before,
        _ => tag,
    };
}
