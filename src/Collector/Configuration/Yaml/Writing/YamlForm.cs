using System.Collections;

namespace Collector.Configuration.Yaml.Writing;

/// <summary>One key with its value, ready to be written.</summary>
/// <param name="Path">The key with its surroundings, as bgp.hold_time or outputs[0].aggregate.</param>
/// <param name="Text">The value in YAML, on one line.</param>
internal readonly record struct YamlEntry(string Path, string Text);

/// <summary>The keys of one section and the text of each for the options <typeparamref name="T"/>: the other direction of <see cref="YamlKeys{T}"/>.</summary>
/// <remarks>A test holds that each key which can be read is here, and one that each option comes back from what is written.</remarks>
internal sealed class YamlForm<T> : IEnumerable<string>
{
    private readonly List<(string Name, Func<T, T, string, IEnumerable<YamlEntry>> Write)> _keys = [];

    /// <summary>Adds a key; null is a value that is not there.</summary>
    public void Add(string name, Func<T, string?> text) =>
        _keys.Add((name, (value, start, path) => text(value) is var written && written == text(start) ? [] : [new YamlEntry(path, written ?? "\"\"")]));

    /// <summary>Adds a section.</summary>
    public void Add<TPart>(string name, YamlForm<TPart> form, Func<T, TPart> part) =>
        _keys.Add((name, (value, start, path) => form.Changes(part(value), part(start), path + ".")));

    /// <summary>Adds a list of sections.</summary>
    public void Add<TPart>(string name, YamlForm<TPart> form, Func<T, IReadOnlyList<TPart>> parts, Func<T, TPart> start) => _keys.Add((
        name, (value, from, path) => parts(value).SelectMany((p, i) => form.Changes(p, start(value), $"{path}[{i}]."))));

    /// <summary>Adds all keys of options that <typeparamref name="T"/> contains.</summary>
    public YamlForm<T> With<TPart>(YamlForm<TPart> form, Func<T, TPart> part)
    {
        foreach ((string name, Func<TPart, TPart, string, IEnumerable<YamlEntry>> write) in form._keys)
        {
            _keys.Add((name, (value, start, path) => write(part(value), part(start), path)));
        }

        return this;
    }

    /// <summary>The keys whose value is another than that of <paramref name="start"/>, in the order of the form.</summary>
    /// <param name="value">What is to be written.</param>
    /// <param name="start">What holds where nothing is written.</param>
    /// <param name="prefix">Stands before each key: "" at the root, else as bgp. with the point.</param>
    public IEnumerable<YamlEntry> Changes(T value, T start, string prefix) => _keys.SelectMany(k => k.Write(value, start, prefix + k.Name));

    /// <summary>The names of the keys.</summary>
    public IEnumerator<string> GetEnumerator() => _keys.Select(k => k.Name).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
