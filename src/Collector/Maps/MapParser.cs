using Collector.Configuration;
using Collector.Output;

namespace Collector.Maps;

/// <summary>Reads one kind of map: which keys match, which keys set what.</summary>
/// <typeparam name="T">What a line sets.</typeparam>
internal sealed class MapParser<T>
    where T : new()
{
    private readonly IReadOnlyDictionary<string, MatchKeys.Parser> _match;
    private readonly Dictionary<string, Setter> _set = new(StringComparer.Ordinal);
    private readonly string[] _required;

    /// <param name="match">The match keys.</param>
    /// <param name="required">Keys that every line must have.</param>
    public MapParser(IReadOnlyDictionary<string, MatchKeys.Parser> match, params string[] required) => (_match, _required) = (match, required);

    /// <summary>Sets a part of the value; returns null, or what should be written instead.</summary>
    public delegate string? Setter(ref T value, string text);

    /// <summary>Adds a set key; several names may be given for one.</summary>
    public MapParser<T> Set(Setter setter, params string[] names)
    {
        foreach (string name in names)
        {
            _set.Add(name, setter);
        }

        return this;
    }

    /// <summary>The lines of a map; a line with a fault is reported and left out whole, as in pmacct.</summary>
    /// <param name="text">The file's contents.</param>
    /// <param name="findings">Where errors go; names the file.</param>
    public IReadOnlyList<IdLine<T>> Read(TextReader text, Findings findings)
    {
        var lines = new List<IdLine<T>>();
        foreach (MapLine line in MapReader.Read(text, findings))
        {
            if (TryRead(line, findings, out IdLine<T>? read))
            {
                lines.Add(read!);
            }
        }

        return lines;
    }

    private bool TryRead(MapLine line, Findings findings, out IdLine<T>? read)
    {
        read = null;
        var conditions = new List<MatchCondition>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        T value = new();
        foreach ((string key, string text) in line.Pairs)
        {
            if (!seen.Add(key))
            {
                findings.Error(line.Number, $"key '{key}' stands here twice; write one of the two, or a line for each");
                return false;
            }

            if (_match.TryGetValue(key, out MatchKeys.Parser? parse))
            {
                if (parse(text, out string expected) is not { } condition)
                {
                    findings.Error(line.Number, $"{key}={text} does not fit; write {expected}");
                    return false;
                }

                conditions.Add(condition);
            }
            else if (_set.TryGetValue(key, out Setter? set))
            {
                if (set(ref value, text) is { } expected)
                {
                    findings.Error(line.Number, $"{key}={text} does not fit; write {expected}");
                    return false;
                }
            }
            else
            {
                findings.Error(line.Number, $"unknown key '{key}'{NearestName.Hint(key, _match.Keys.Concat(_set.Keys))}");
                return false;
            }
        }

        string[] missing = [.. _required.Where(k => !k.Split('/').Any(seen.Contains))];
        if (missing.Length > 0)
        {
            findings.Error(line.Number, $"required key missing: write {string.Join(" and ", missing.Select(k => $"{k.Replace("/", "= or ", StringComparison.Ordinal)}="))}");
            return false;
        }

        read = new IdLine<T>(line.Number, conditions, value);
        return true;
    }
}
