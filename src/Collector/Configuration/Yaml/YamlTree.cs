using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Collector.Configuration.Yaml;

/// <summary>Reads a YAML file into nodes that keep their lines.</summary>
/// <remarks>YamlDotNet's own tree ends at the first duplicate key; this one keeps duplicates, so that all errors are reported at once.</remarks>
internal static class YamlTree
{
    private const int MaxDepth = 16;

    /// <summary>The root of the first document: an empty mapping for an empty file, null when the text is no YAML (the findings say where).</summary>
    public static YamlNode? Read(TextReader text, Findings findings)
    {
        try
        {
            var parser = new Parser(text);
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
            {
                return new YamlMapping(1, []);
            }

            parser.Consume<DocumentStart>();
            YamlNode root = ReadNode(parser, 0);
            parser.Consume<DocumentEnd>();
            if (!parser.Accept<StreamEnd>(out _))
            {
                findings.Error((int)parser.Current!.Start.Line, "a second document begins here; the configuration is one document, remove the line ---");
            }

            return root is YamlScalar { IsNull: true } ? new YamlMapping(1, []) : root;
        }
        catch (YamlException e)
        {
            findings.Error((int)e.Start.Line, $"this is not YAML: {e.Message}");
            return null;
        }
    }

    private static YamlNode ReadNode(Parser parser, int depth)
    {
        ParsingEvent current = parser.Current!;
        int line = (int)current.Start.Line;
        if (depth > MaxDepth)
        {
            throw new YamlException(current.Start, current.End, $"nested deeper than {MaxDepth} levels");
        }

        switch (current)
        {
            case Scalar scalar:
                parser.MoveNext();
                return new YamlScalar(line, scalar.Value, scalar.Style is not ScalarStyle.Plain);
            case SequenceStart:
                return ReadSequence(parser, line, depth);
            case MappingStart:
                return ReadMapping(parser, line, depth);
            default:
                throw new YamlException(current.Start, current.End, "anchors and aliases are not used in this file; write the value out");
        }
    }

    private static YamlSequence ReadSequence(Parser parser, int line, int depth)
    {
        var items = new List<YamlNode>();
        parser.MoveNext();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(parser, depth + 1));
        }

        return new YamlSequence(line, items);
    }

    private static YamlMapping ReadMapping(Parser parser, int line, int depth)
    {
        var pairs = new List<YamlPair>();
        parser.MoveNext();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            ParsingEvent start = parser.Current!;
            if (ReadNode(parser, depth + 1) is not YamlScalar key)
            {
                throw new YamlException(start.Start, start.End, "a key must be a single word");
            }

            pairs.Add(new YamlPair(key.Line, key.Text, ReadNode(parser, depth + 1)));
        }

        return new YamlMapping(line, pairs);
    }
}
