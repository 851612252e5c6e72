namespace Collector.Configuration.Yaml;

/// <summary>One node of a YAML file with the line it starts on.</summary>
internal abstract record YamlNode(int Line);

/// <summary>A single value. <paramref name="Quoted"/> text is text even where it reads like a number or is empty.</summary>
internal sealed record YamlScalar(int Line, string Text, bool Quoted) : YamlNode(Line)
{
    /// <summary>True for a key without a value, for ~ and for null.</summary>
    public bool IsNull => !Quoted && Text is "" or "~" or "null";
}

/// <summary>A list.</summary>
internal sealed record YamlSequence(int Line, IReadOnlyList<YamlNode> Items) : YamlNode(Line);

/// <summary>Keys and values in file order, duplicates included.</summary>
internal sealed record YamlMapping(int Line, IReadOnlyList<YamlPair> Pairs) : YamlNode(Line);

/// <summary>One key with its value; the line is the key's.</summary>
internal sealed record YamlPair(int Line, string Key, YamlNode Value);
