namespace Collector.Diff;

/// <summary>The rows of one side summed per window and key: a key may stand in several rows of a window, each with its own share.</summary>
public sealed class KeySums
{
    // A mark that no JSON text of a value holds unescaped, so that keys are equal only when all their values are.
    private const char Separator = '\u001f', Absent = '\u0001';

    private KeySums(string[] fields) => Fields = fields;

    /// <summary>The fields that make the key, in order.</summary>
    public string[] Fields { get; }

    /// <summary>Sums by window, then by key.</summary>
    public SortedDictionary<string, Dictionary<string, Sums>> Windows { get; } = new(StringComparer.Ordinal);

    /// <summary>Sums the rows of a side.</summary>
    /// <param name="side">The side.</param>
    /// <param name="fields">The fields that make the key.</param>
    /// <param name="flags">Fields that are or-ed instead of compared (tcp_flags).</param>
    public static KeySums Of(RowSide side, string[] fields, string[] flags)
    {
        var sums = new KeySums(fields);
        foreach (DiffRow row in side.Rows)
        {
            if (!sums.Windows.TryGetValue(row.Window, out Dictionary<string, Sums>? window))
            {
                sums.Windows.Add(row.Window, window = []);
            }

            string key = string.Join(Separator, fields.Select(f => side.Value(row, f) ?? Absent.ToString()));
            if (!window.TryGetValue(key, out Sums? sum))
            {
                window.Add(key, sum = new Sums());
            }

            sum.Rows++;
            sum.Octets += row.Octets;
            sum.Packets += row.Packets;
            sum.Flows += row.Flows;
            foreach (string flag in flags)
            {
                sum.Or(side.Value(row, flag));
            }
        }

        return sums;
    }

    /// <summary>The values of a key, null where the field was absent.</summary>
    public static string?[] Split(string key) => [.. key.Split(Separator).Select(v => v.Length == 1 && v[0] == Absent ? null : v)];

    /// <summary>A key as an operator reads it.</summary>
    public string Describe(string key) =>
        string.Join(' ', Fields.Zip(Split(key)).Where(p => p.Second is not null).Select(p => $"{p.First}={p.Second}"));
}

/// <summary>Counters of one key in one window.</summary>
public sealed class Sums
{
    /// <summary>Rows summed.</summary>
    public long Rows;

    /// <summary>bytes.</summary>
    public ulong Octets;

    /// <summary>packets.</summary>
    public ulong Packets;

    /// <summary>flows.</summary>
    public ulong Flows;

    /// <summary>All flags seen, numbers or-ed; the text of arrays as it is.</summary>
    public string Flags { get; private set; } = "";

    /// <summary>True when all counters and flags are equal; the number of rows may differ, since early flushes repeat keys.</summary>
    public bool Equal(Sums other) => Octets == other.Octets && Packets == other.Packets && Flows == other.Flows && Flags == other.Flags;

    /// <summary>Adds flags.</summary>
    public void Or(string? flags)
    {
        if (flags is null || flags == Flags)
        {
            return;
        }

        Flags = uint.TryParse(Flags.Length == 0 ? "0" : Flags, out uint old) && uint.TryParse(flags, out uint more) ? $"{old | more}" : flags;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"bytes {Octets} packets {Packets}{(Flows > 0 ? $" flows {Flows}" : "")}{(Flags.Length > 0 ? $" tcp_flags {Flags}" : "")}";
}
