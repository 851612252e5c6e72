using Collector.Flows;
using Collector.Flows.Extras;

namespace Collector.Aggregation;

/// <summary>Which fields of <see cref="FlowRecord"/> make the key of an output, and where each lies in it. Fields are packed back to back.</summary>
public sealed class KeyLayout
{
    private readonly int[] _offsets = new int[128];
    private readonly Dictionary<ExtraPlace, int> _extraOffsets = [];

    /// <summary>Packs the fields in the order of the record, so that neighbours there are copied as one block.</summary>
    /// <param name="fields">Fields of the record.</param>
    /// <param name="extras">Values of its row of extra values; they lie behind.</param>
    public KeyLayout(IEnumerable<FlowField> fields, IEnumerable<ExtraPlace>? extras = null)
    {
        Array.Fill(_offsets, -1);
        Fields = [.. fields.Distinct().OrderBy(FlowRecordLayout.OffsetOf)];
        foreach (FlowField field in Fields)
        {
            _offsets[(int)field] = Width;
            Width += FlowRecordLayout.SizeOf(field);
        }

        Extras = [.. (extras ?? []).Distinct().OrderBy(e => e.Offset)];
        foreach (ExtraPlace extra in Extras)
        {
            _extraOffsets.Add(extra, Width);
            Width += extra.Width;
        }
    }

    /// <summary>The fields in key order.</summary>
    public IReadOnlyList<FlowField> Fields { get; }

    /// <summary>The extra values in key order.</summary>
    public IReadOnlyList<ExtraPlace> Extras { get; }

    /// <summary>Bytes of a key.</summary>
    public int Width { get; }

    /// <summary>Bytes of a key, rounded up to a multiple of eight with zeros.</summary>
    public int PaddedWidth => (Width + 7) & ~7;

    /// <summary>Where a field lies in the key.</summary>
    /// <exception cref="ArgumentException">The field is not part of the key.</exception>
    public int OffsetOf(FlowField field) =>
        _offsets[(int)field] >= 0 ? _offsets[(int)field] : throw new ArgumentException($"{field} is not part of this key.", nameof(field));

    /// <summary>Where an extra value lies in the key.</summary>
    /// <exception cref="ArgumentException">It is not part of the key.</exception>
    public int OffsetOf(ExtraPlace extra) =>
        _extraOffsets.TryGetValue(extra, out int offset) ? offset : throw new ArgumentException($"{extra} is not part of this key.", nameof(extra));

    /// <summary>True when the field is part of the key.</summary>
    public bool Contains(FlowField field) => _offsets[(int)field] >= 0;
}
