using Collector.Bgp.PathAttributes;
using Collector.Bgp.Rib;
using Collector.Configuration;
using Collector.Flows;

namespace Collector.Enrichment.Routes;

/// <summary>The texts of AS paths and communities as flow records carry them: written once per value, then found by the value's serial number.</summary>
/// <remarks>One per worker. Allocates only while its buffer grows to the longest text seen.</remarks>
public sealed class AttributeTexts
{
    private const int Slots = 1 << 15;
    private const int PathKind = 3;

    private readonly RouteReader _reader;
    private readonly ValueTable _values;
    private readonly int _radius;
    private readonly bool _numeric;
    private readonly CommunityPatterns?[] _patterns;
    private readonly Slot[] _slots = new Slot[Slots];
    private byte[] _text = new byte[4096];

    /// <summary>Makes an empty cache.</summary>
    /// <param name="reader">Owned by the same worker.</param>
    /// <param name="values">Where texts are interned; owned by the same worker.</param>
    /// <param name="options">Radius, patterns, numbers.</param>
    public AttributeTexts(RouteReader reader, ValueTable values, EnrichmentOptions options)
    {
        _reader = reader;
        _values = values;
        _radius = options.AsPathRadius;
        _numeric = options.NumericCommunities;
        _patterns = [Parse(options.StandardCommunityPattern), Parse(options.ExtendedCommunityPattern), Parse(options.LargeCommunityPattern)];
    }

    private struct Slot
    {
        public ulong Key;
        public int Epoch;
        public uint Text;
    }

    /// <summary>The text of an AS path; the argument and the result are handles, of the route table and of the worker's values.</summary>
    public uint AsPath(uint path) => Text(path, PathKind);

    /// <summary>The text of communities.</summary>
    public uint Communities(uint list, CommunityKind kind) => Text(list, (int)kind);

    private uint Text(uint value, int kind)
    {
        if (value == 0)
        {
            return 0;
        }

        // Equal bytes are one value there, whatever they mean: the kind is part of the key.
        ulong key = (_reader.Serial(value) << 2) | (uint)kind;
        ref Slot slot = ref _slots[(int)((key * 0x9E37_79B9_7F4A_7C15UL) >> 49)];
        if (slot.Key != key || slot.Epoch != _values.Epoch)
        {
            slot = new Slot { Key = key, Epoch = _values.Epoch, Text = Write(_reader.Value(value), kind) };
        }

        return slot.Text;
    }

    private uint Write(ReadOnlySpan<byte> value, int kind)
    {
        CommunityPatterns? patterns = kind == PathKind ? null : _patterns[kind];
        int needed = kind == PathKind ? AsPathText.MaxLength(value.Length) : CommunityText.MaxLength((CommunityKind)kind, value.Length, patterns);
        if (_text.Length < needed)
        {
            _text = new byte[needed];
        }

        int length = kind == PathKind
            ? AsPathText.Write(value, (byte)'_', _radius, _text)
            : CommunityText.Write((CommunityKind)kind, value, (byte)'_', _numeric, patterns, _text);
        return _values.Intern(_text.AsSpan(0, length));
    }

    private static CommunityPatterns? Parse(string? text) => text is not null && CommunityPatterns.TryParse(text, out CommunityPatterns? patterns) ? patterns : null;
}
