using System.Globalization;
using System.Text.Json;

namespace Collector.Diff;

/// <summary>One of the two collections of rows that are compared: every row read so far, its fields by name.</summary>
/// <remarks>Not thread-safe. Rows are kept as text of their values, so that "24" and 24 are equal values of different types.</remarks>
public sealed class RowSide
{
    // Not what a row is about: who wrote it and when.
    private static readonly string[] Ignored = ["stamp_updated", "writer_id"];

    private readonly Dictionary<string, int> _index = [];
    private readonly List<string> _names = [];
    private readonly List<FieldTypes> _types = [];
    private readonly List<DiffRow> _rows = [];
    private readonly HashSet<string> _ignored;

    /// <summary>Makes an empty side.</summary>
    /// <param name="name">The file or topic, for messages.</param>
    /// <param name="ignored">Fields that are left out of the comparison, besides stamp_updated and writer_id.</param>
    public RowSide(string name, IEnumerable<string> ignored)
    {
        Name = name;
        _ignored = [.. Ignored, .. ignored];
    }

    /// <summary>The file or topic.</summary>
    public string Name { get; }

    /// <summary>Rows in the order of reading.</summary>
    public IReadOnlyList<DiffRow> Rows => _rows;

    /// <summary>Names of all fields that any row had, counters and the window not among them.</summary>
    public IReadOnlyList<string> Fields => _names;

    /// <summary>Lines that hold no JSON object.</summary>
    public long BadLines { get; private set; }

    /// <summary>Purge markers and dump events, which are no rows.</summary>
    public long Events { get; private set; }

    /// <summary>The JSON types that a field was seen with.</summary>
    public FieldTypes TypesOf(string field) => _index.TryGetValue(field, out int index) ? _types[index] : FieldTypes.None;

    /// <summary>The value of a field in a row of this side; null where the row lacks it.</summary>
    public string? Value(DiffRow row, string field) =>
        _index.TryGetValue(field, out int index) && index < row.Values.Length ? row.Values[index] : null;

    /// <summary>Adds what one line or message holds: one JSON object, or several with a newline between (multi_values).</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        foreach (ReadOnlySpan<char> line in text.EnumerateLines())
        {
            if (!line.IsWhiteSpace())
            {
                AddLine(line.ToString());
            }
        }
    }

    private void AddLine(string line)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(line);
        }
        catch (JsonException)
        {
            BadLines++;
            return;
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                BadLines++;
            }
            else if (document.RootElement.TryGetProperty("event_type", out JsonElement kind) && kind.GetString() != "purge")
            {
                Events++;
            }
            else
            {
                AddRow(document.RootElement);
            }
        }
    }

    private void AddRow(JsonElement element)
    {
        var row = new DiffRow();
        var values = new List<string?>(_names.Count);
        foreach (JsonProperty property in element.EnumerateObject())
        {
            switch (property.Name)
            {
                case "bytes" when !_ignored.Contains("bytes"):
                    row.Octets = Count(property.Value);
                    break;
                case "packets" when !_ignored.Contains("packets"):
                    row.Packets = Count(property.Value);
                    break;
                case "flows" when !_ignored.Contains("flows"):
                    row.Flows = Count(property.Value);
                    break;
                case "stamp_inserted":
                    row.Window = TextOf(property.Value);
                    break;
                case string name when !_ignored.Contains(name) && name != "event_type":
                    int index = IndexOf(name);
                    while (values.Count <= index)
                    {
                        values.Add(null);
                    }

                    values[index] = TextOf(property.Value);
                    _types[index] |= TypeOf(property.Value.ValueKind);
                    break;
            }
        }

        row.Values = [.. values];
        _rows.Add(row);
    }

    private int IndexOf(string name)
    {
        if (!_index.TryGetValue(name, out int index))
        {
            index = _names.Count;
            _index.Add(name, index);
            _names.Add(name);
            _types.Add(FieldTypes.None);
        }

        return index;
    }

    // pmacct has written counters as strings in some releases.
    private static ulong Count(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetUInt64(out ulong number) => number,
        JsonValueKind.String when ulong.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) => number,
        _ => 0,
    };

    private static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static FieldTypes TypeOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.String => FieldTypes.String,
        JsonValueKind.Number => FieldTypes.Number,
        JsonValueKind.Array => FieldTypes.Array,
        JsonValueKind.Null => FieldTypes.Null,
        _ => FieldTypes.Other,
    };
}
