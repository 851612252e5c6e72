using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Collector.Aggregation;
using Collector.Configuration;
using Collector.Flows;
using Collector.Net;
using Collector.Output;

namespace Collector.Sinks.Files;

/// <summary>A file name of pmacct's print plugin, understood: strftime conversions of the bin's time and $ variables. Immutable.</summary>
public sealed class FileNameTemplate
{
    private static readonly string[] Variables = ["tzone", "ref", "hst", "peer_src_ip", "tag", "tag2", "post_tag", "post_tag2"];

    private readonly IReadOnlyList<(PartKind Kind, string Text)> _parts;
    private readonly WindowOptions _window;
    private readonly TimeZoneInfo _zone;
    private readonly bool _zuluForUtc;
    private readonly int _exporterOffset;
    private readonly int _tagOffset;
    private readonly int _tag2Offset;

    private FileNameTemplate(IReadOnlyList<(PartKind Kind, string Text)> parts, OutputOptions output, KeyLayout layout, TimeZoneInfo? zone)
    {
        _parts = parts;
        _window = output.Window;
        _zone = output.Text.Utc ? TimeZoneInfo.Utc : zone ?? TimeZoneInfo.Local;
        _zuluForUtc = output.Text.Pmacct17;
        HasTime = parts.Any(p => p.Kind == PartKind.Time || p is (PartKind.Variable, "tzone" or "hst"));
        _exporterOffset = OffsetIf(layout, FlowField.ExporterAddress, "peer_src_ip");
        _tagOffset = OffsetIf(layout, FlowField.Tag, "tag", "post_tag");
        _tag2Offset = OffsetIf(layout, FlowField.Tag2, "tag2", "post_tag2");
    }

    private enum PartKind
    {
        Text,
        Time,
        Variable,
    }

    /// <summary>True when the name depends on the time of the bin.</summary>
    public bool HasTime { get; }

    /// <summary>Reads a template.</summary>
    /// <param name="path">The configured path.</param>
    /// <param name="output">History, refresh, zone and dialect.</param>
    /// <param name="layout">The key; a variable whose primitive is not in it prints null or 0, as in pmacct.</param>
    /// <param name="template">What was read, or null.</param>
    /// <param name="errors">Every mistake, each a sentence that says what to write instead.</param>
    /// <param name="zone">The zone without timestamps_utc; null: that of the system (TZ).</param>
    public static bool TryParse(
        string path,
        OutputOptions output,
        KeyLayout layout,
        [NotNullWhen(true)] out FileNameTemplate? template,
        out IReadOnlyList<string> errors,
        TimeZoneInfo? zone = null)
    {
        List<(PartKind, string)> parts = [];
        List<string> found = [];
        foreach ((bool isVariable, string text) in VariableText.Split(path))
        {
            if (!isVariable)
            {
                SplitTime(path, text, parts, found);
            }
            else if (Variables.Contains(text))
            {
                parts.Add((PartKind.Variable, text));
            }
            else
            {
                found.Add($"{path}: unknown variable '${text}'; the variables are {string.Join(", ", Variables.Select(v => "$" + v))}");
            }
        }

        errors = found;
        template = found.Count == 0 ? new FileNameTemplate(parts, output, layout, zone) : null;
        return template is not null;
    }

    /// <summary>The values that tell names apart; rows with equal keys go to one file.</summary>
    /// <param name="row">The row.</param>
    /// <param name="time">Its bin, or the time of the purge without history; seconds since the Unix epoch.</param>
    internal FileNameKey KeyOf(in AggregateRow row, long time) => new(
        HasTime ? time : 0,
        _exporterOffset >= 0 ? ValueText.Read<IpAddress>(row.Key, _exporterOffset) : default,
        _tagOffset >= 0 ? ValueText.Read<ulong>(row.Key, _tagOffset) : 0,
        _tag2Offset >= 0 ? ValueText.Read<ulong>(row.Key, _tag2Offset) : 0);

    /// <summary>The name for a key.</summary>
    internal string Expand(in FileNameKey key)
    {
        StringBuilder name = new();
        foreach ((PartKind kind, string text) in _parts)
        {
            name.Append(kind switch
            {
                PartKind.Text => text,
                PartKind.Time => StrftimeText.Format(text[0], key.Time, _zone),
                _ => Variable(text, key),
            });
        }

        return name.ToString();
    }

    private static void SplitTime(string path, string text, List<(PartKind, string)> parts, List<string> errors)
    {
        string? unknown = StrftimeText.Split(text, part => parts.Add((part.IsTime ? PartKind.Time : PartKind.Text, part.Text)));
        if (unknown is not null)
        {
            errors.Add(StrftimeText.Unknown(path, unknown));
        }
    }

    private int OffsetIf(KeyLayout layout, FlowField field, params string[] variables) =>
        layout.Contains(field) && _parts.Any(p => p.Kind == PartKind.Variable && variables.Contains(p.Text)) ? layout.OffsetOf(field) : -1;

    private string Variable(string name, in FileNameKey key) => name switch
    {
        "ref" => Invariant($"{_window.RefreshSeconds}"),
        "hst" => Invariant($"{HistorySeconds(key.Time)}"),
        "tzone" => Zone(key.Time),
        "peer_src_ip" => _exporterOffset < 0 ? "null" : VariableText.Of(key.Exporter),
        "tag" or "post_tag" => Invariant($"{key.Tag}"),
        _ => Invariant($"{key.Tag2}"),
    };

    private long HistorySeconds(long time)
    {
        DateTime local = Local(time);
        return _window.HistoryMonths > 0 ? (long)(local.AddMonths(_window.HistoryMonths) - local).TotalSeconds : _window.HistorySeconds;
    }

    private string Zone(long time)
    {
        int minutes = TimestampText.OffsetAt(_zone, time) / 60;
        return minutes == 0 && _zuluForUtc
            ? "Z"
            : Invariant($"{(minutes < 0 ? '-' : '+')}{Math.Abs(minutes) / 60:D2}:{Math.Abs(minutes) % 60:D2}");
    }

    private DateTime Local(long time) => StrftimeText.Local(time, _zone);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What tells the names of one template apart.</summary>
internal readonly record struct FileNameKey(long Time, IpAddress Exporter, ulong Tag, ulong Tag2);
