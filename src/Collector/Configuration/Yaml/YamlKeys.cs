using System.Collections;
using Collector.Output;

namespace Collector.Configuration.Yaml;

/// <summary>The keys of one section and what each does to the options <typeparamref name="T"/>.</summary>
internal sealed class YamlKeys<T> : IEnumerable<string>
{
    private readonly Dictionary<string, Func<T, YamlValue, T>> _keys = [];

    /// <summary>Adds a key.</summary>
    public void Add(string name, Func<T, YamlValue, T> apply) => _keys.Add(name, apply);

    /// <summary>Adds all keys of options that <typeparamref name="T"/> contains.</summary>
    public YamlKeys<T> With<TPart>(YamlKeys<TPart> keys, Func<T, TPart> part, Func<T, TPart, T> replace)
    {
        foreach ((string name, Func<TPart, YamlValue, TPart> apply) in keys._keys)
        {
            _keys.Add(name, (options, value) => replace(options, apply(part(options), value)));
        }

        return this;
    }

    /// <summary>Applies a section; every unknown key, duplicate key and value that does not fit is reported.</summary>
    /// <param name="start">Options that hold for keys that are absent.</param>
    /// <param name="section">The section.</param>
    /// <param name="path">Where the section stands: "" for the root, else as outputs[0].</param>
    /// <param name="elsewhere">Known keys of other sections and where they belong, for a better hint.</param>
    /// <param name="findings">Where errors go.</param>
    public T Apply(T start, YamlMapping section, string path, Func<string, string?> elsewhere, Findings findings)
    {
        T options = start;
        var seen = new Dictionary<string, int>();
        foreach (YamlPair pair in section.Pairs)
        {
            string full = path.Length == 0 ? pair.Key : $"{path}.{pair.Key}";
            if (!_keys.TryGetValue(pair.Key, out Func<T, YamlValue, T>? apply))
            {
                string hint = elsewhere(pair.Key) is { } place ? $"; it belongs {place}" : NearestName.Hint(pair.Key, _keys.Keys);
                findings.Error(pair.Line, $"unknown key {full}{hint}");
            }
            else if (!seen.TryAdd(pair.Key, pair.Line))
            {
                findings.Error(pair.Line, $"{full} stands here again (first in line {seen[pair.Key]}); remove one of the two");
            }
            else
            {
                options = apply(options, new YamlValue(pair.Value, full, pair.Line, findings));
            }
        }

        return options;
    }

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => _keys.Keys.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
