using System.Runtime.CompilerServices;
using Collector.Net;

namespace Collector.Maps;

/// <summary>
/// The lines of a map for one address family, found by their exact values: lines that ask for the same fields (and prefix lengths) share a hash
/// table, so that a lookup costs one probe per kind of line, however many lines there are. Immutable; any thread.
/// </summary>
/// <remarks>
/// What no table can answer (negations, filters, communities) is compared line by line among the lines whose exact values fit. The result is
/// always that of going through the file from top to bottom.
/// </remarks>
internal sealed partial class LineIndex
{
    /// <summary>There is no such line.</summary>
    public const int None = int.MaxValue;

    private readonly MatchCondition[] _conditions;
    private readonly int[] _starts;
    private readonly int[] _next;
    private readonly ulong[] _checks;
    private readonly Shape[] _shapes;

    /// <summary>Builds the tables.</summary>
    /// <param name="lines">The conditions of each line, in the order of the file.</param>
    public LineIndex(IReadOnlyList<IReadOnlyList<MatchCondition>> lines)
    {
        Count = lines.Count;
        _conditions = [.. lines.SelectMany(l => l)];
        _starts = new int[Count + 1];
        _next = new int[Count];
        _checks = new ulong[Count];
        var shapes = new Dictionary<string, (FieldOf[] Fields, List<int> Lines)>(StringComparer.Ordinal);
        for (int i = 0; i < Count; i++)
        {
            _starts[i + 1] = _starts[i] + lines[i].Count;
            FieldOf[] fields = [.. lines[i].Where(c => c.IsExact).Select(c => new FieldOf(c.Key, c.Length)).Distinct().OrderBy(f => f.Key).ThenBy(f => f.Length)];
            string name = string.Join(' ', fields.Select(f => $"{(int)f.Key}/{f.Length}"));
            if (!shapes.TryGetValue(name, out (FieldOf[] Fields, List<int> Lines) shape))
            {
                shapes.Add(name, shape = (fields, []));
            }

            shape.Lines.Add(i);
        }

        _shapes = [.. shapes.Values.Select(s => Build(s.Fields, s.Lines)).OrderBy(s => s.FirstLine)];
    }

    /// <summary>Number of lines.</summary>
    public int Count { get; }

    /// <summary>Kinds of lines: what a lookup costs at most.</summary>
    public int Shapes => _shapes.Length;

    /// <summary>The first line from <paramref name="from"/> on whose conditions all hold, or <see cref="None"/>.</summary>
    public int Find(in MatchInput input, int from)
    {
        int best = None;
        foreach (Shape shape in _shapes)
        {
            if (shape.FirstLine >= best)
            {
                break;
            }

            if (TryHash(shape.Fields, in input, out ulong hash, out ulong check))
            {
                best = FindIn(shape, hash, check, in input, from, best);
            }
        }

        return best;
    }

    private int FindIn(Shape shape, ulong hash, ulong check, in MatchInput input, int from, int best)
    {
        Slot[] slots = shape.Slots;
        uint mask = (uint)slots.Length - 1;
        uint tag = (uint)(hash >> 32);
        for (uint at = (uint)hash & mask; ; at = (at + 1) & mask)
        {
            ref readonly Slot slot = ref slots[at];
            if (slot.Line == None)
            {
                return best;
            }

            if (slot.Tag == tag && _checks[slot.Line] == check)
            {
                return FindInChain(shape, slot.Line, in input, from, best);
            }
        }
    }

    // The first line of a chain without further conditions is the answer: nothing but the slot is looked at.
    private int FindInChain(Shape shape, int first, in MatchInput input, int from, int best)
    {
        if (first >= from && shape.IsExact)
        {
            return Math.Min(first, best);
        }

        for (int line = first; line < best; line = _next[line])
        {
            if (line >= from && (shape.IsExact || Holds(line, in input)))
            {
                return line;
            }
        }

        return best;
    }

    private bool Holds(int line, in MatchInput input)
    {
        for (int i = _starts[line]; i < _starts[line + 1]; i++)
        {
            if (!_conditions[i].Holds(in input))
            {
                return false;
            }
        }

        return true;
    }

    private Shape Build(FieldOf[] fields, List<int> lines)
    {
        int size = 4;
        while (size < lines.Count + (lines.Count / 4) + 1)
        {
            size *= 2;
        }

        var slots = new Slot[size];
        Array.Fill(slots, new Slot { Line = None });

        // From the last line to the first, so that each chain begins with its first line.
        for (int i = lines.Count - 1; i >= 0; i--)
        {
            int line = lines[i];
            (ulong hash, ulong check) = HashOf(line, fields);
            uint at = (uint)hash & (uint)(size - 1);
            while (slots[at].Line != None && (slots[at].Tag != (uint)(hash >> 32) || _checks[slots[at].Line] != check))
            {
                at = (at + 1) & (uint)(size - 1);
            }

            _next[line] = slots[at].Line;
            _checks[line] = check;
            slots[at] = new Slot { Tag = (uint)(hash >> 32), Line = line };
        }

        bool isExact = lines.All(l => _starts[l + 1] - _starts[l] == fields.Length);
        return new Shape(fields, slots, lines[0], isExact);
    }

    private (ulong Hash, ulong Check) HashOf(int line, FieldOf[] fields)
    {
        ulong hash = HashSeed, check = CheckSeed;
        ReadOnlySpan<MatchCondition> conditions = _conditions.AsSpan(_starts[line].._starts[line + 1]);
        foreach (FieldOf field in fields)
        {
            foreach (ref readonly MatchCondition condition in conditions)
            {
                if (condition.IsExact && condition.Key == field.Key && condition.Length == field.Length)
                {
                    if (condition.IsAddress)
                    {
                        Mix(ref hash, ref check, condition.Address);
                    }
                    else
                    {
                        Mix(ref hash, ref check, condition.Number);
                    }

                    break;
                }
            }
        }

        return (hash, check);
    }

    private static bool TryHash(FieldOf[] fields, in MatchInput input, out ulong hash, out ulong check)
    {
        (hash, check) = (HashSeed, CheckSeed);
        return TryMix(fields, in input, ref hash, ref check);
    }

    private static bool TryMix(ReadOnlySpan<FieldOf> fields, in MatchInput input, ref ulong hash, ref ulong check)
    {
        foreach (FieldOf field in fields)
        {
            if (MatchCondition.IsAddressKey(field.Key))
            {
                Mix(ref hash, ref check, MatchCondition.Masked(input.ReadAddress(field.Key), field.Length));
            }
            else if (input.TryReadNumber(field.Key, out ulong value))
            {
                Mix(ref hash, ref check, value);
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    // Two independent hashes with seeds that nobody outside knows: 96 bits of them stand for the values of a line, 32 in its slot, 64 beside the line.
    // Slots are small on purpose: of a map with 100,000 lines they are what does not stay in the second-level cache.
    // For 100,000 lines the chance that a record is taken for one with other values is below 1 in 10^23.
    private static readonly ulong HashSeed = (ulong)Random.Shared.NextInt64(), CheckSeed = (ulong)Random.Shared.NextInt64();

    private static void Mix(ref ulong hash, ref ulong check, IpAddress address)
    {
        if (!address.IsIPv4)
        {
            Mix(ref hash, ref check, address.FirstHostOrder);
        }

        Mix(ref hash, ref check, address.LastHostOrder);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(ref ulong hash, ref ulong check, ulong value)
    {
        hash = (hash ^ value) * 0xBF58_476D_1CE4_E5B9;
        hash ^= hash >> 29;
        check = (check ^ value) * 0x94D0_49BB_1331_11EB;
        check ^= check >> 31;
    }

    private readonly record struct FieldOf(MatchKey Key, byte Length);

    private struct Slot
    {
        public uint Tag;
        public int Line;
    }

    private sealed record Shape(FieldOf[] Fields, Slot[] Slots, int FirstLine, bool IsExact);
}
