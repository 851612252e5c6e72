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
internal sealed class LineIndex
{
    /// <summary>There is no such line.</summary>
    public const int None = int.MaxValue;

    private readonly MatchCondition[] _conditions;
    private readonly int[] _starts;
    private readonly int[] _next;
    private readonly Shape[] _shapes;

    /// <summary>Builds the tables.</summary>
    /// <param name="lines">The conditions of each line, in the order of the file.</param>
    public LineIndex(IReadOnlyList<IReadOnlyList<MatchCondition>> lines)
    {
        Count = lines.Count;
        _conditions = [.. lines.SelectMany(l => l)];
        _starts = new int[Count + 1];
        _next = new int[Count];
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

            if (TryHash(shape.Fields, in input, out ulong hash))
            {
                best = FindIn(shape, hash, in input, from, best);
            }
        }

        return best;
    }

    private int FindIn(Shape shape, ulong hash, in MatchInput input, int from, int best)
    {
        uint mask = (uint)shape.Heads.Length - 1;
        for (uint slot = (uint)hash & mask; shape.Heads[slot] != None; slot = (slot + 1) & mask)
        {
            if (shape.Hashes[slot] != hash)
            {
                continue;
            }

            for (int line = shape.Heads[slot]; line < best; line = _next[line])
            {
                if (line >= from && Holds(line, in input))
                {
                    return line;
                }
            }

            break;
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
        while (size < lines.Count * 2)
        {
            size *= 2;
        }

        var shape = new Shape(fields, new ulong[size], new int[size], lines[0]);
        Array.Fill(shape.Heads, None);

        // From the last line to the first, so that each chain begins with its first line.
        for (int i = lines.Count - 1; i >= 0; i--)
        {
            int line = lines[i];
            ulong hash = HashOf(line, fields);
            uint slot = (uint)hash & (uint)(size - 1);
            while (shape.Heads[slot] != None && shape.Hashes[slot] != hash)
            {
                slot = (slot + 1) & (uint)(size - 1);
            }

            _next[line] = shape.Heads[slot];
            shape.Heads[slot] = line;
            shape.Hashes[slot] = hash;
        }

        return shape;
    }

    private ulong HashOf(int line, FieldOf[] fields)
    {
        ulong hash = Start;
        ReadOnlySpan<MatchCondition> conditions = _conditions.AsSpan(_starts[line].._starts[line + 1]);
        foreach (FieldOf field in fields)
        {
            foreach (ref readonly MatchCondition condition in conditions)
            {
                if (condition.IsExact && condition.Key == field.Key && condition.Length == field.Length)
                {
                    hash = condition.IsAddress ? Mix(hash, condition.Address) : Mix(hash, condition.Number);
                    break;
                }
            }
        }

        return hash;
    }

    private static bool TryHash(FieldOf[] fields, in MatchInput input, out ulong hash)
    {
        hash = Start;
        foreach (FieldOf field in fields)
        {
            if (MatchCondition.IsAddressKey(field.Key))
            {
                hash = Mix(hash, MatchCondition.Masked(input.ReadAddress(field.Key), field.Length));
            }
            else if (input.TryReadNumber(field.Key, out ulong value))
            {
                hash = Mix(hash, value);
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    private const ulong Start = 0x9E37_79B9_7F4A_7C15;

    private static ulong Mix(ulong hash, IpAddress address) => Mix(Mix(hash, address.FirstHostOrder), address.LastHostOrder);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong hash, ulong value)
    {
        hash = (hash ^ value) * 0xBF58_476D_1CE4_E5B9;
        return hash ^ (hash >> 29);
    }

    private readonly record struct FieldOf(MatchKey Key, byte Length);

    private sealed record Shape(FieldOf[] Fields, ulong[] Hashes, int[] Heads, int FirstLine);
}
