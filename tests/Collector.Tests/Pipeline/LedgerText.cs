using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace Collector.Tests.Pipeline;

/// <summary>The lines of the ledger as an operator's script reads them: the last number of each name wins.</summary>
internal sealed partial class LedgerText
{
    private readonly List<string> _lines = [];

    /// <summary>Takes the lines of the ledger out of a log or of the ledger itself.</summary>
    public static LedgerText Parse(IEnumerable<string> lines)
    {
        var ledger = new LedgerText();
        ledger._lines.AddRange(lines.Select(l => l.Split("ledger: ")[^1]));
        return ledger;
    }

    /// <summary>The ledger that a process logged last.</summary>
    public static LedgerText ParseLog(string log)
    {
        string[] lines = [.. log.Split('\n').Where(l => l.Contains("ledger: ", StringComparison.Ordinal))];
        int last = Array.FindLastIndex(lines[..^1], l => l.Contains("ledger: process:", StringComparison.Ordinal));
        return Parse(lines[(last + 1)..]);
    }

    /// <summary>A number of the output's line, such as ("published", "packets").</summary>
    public long Output(string name, string what, string unit)
    {
        string line = Assert.Single(_lines, l => l.StartsWith($"output {name}: ", StringComparison.Ordinal));
        string part = Assert.Single(Parts().Matches(line), m => m.Groups["what"].Value == what).Value;
        Match number = Regex.Match(part, $@"(?<n>\d+) {unit}\b");
        Assert.True(number.Success, $"no {what} in {unit}: {line}");
        return long.Parse(number.Groups["n"].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>The sum of a number over the lines that begin so, such as ("source 127.0.0.1", "missing template"); 0 where it is not named.</summary>
    public long Sum(string start, string what) => _lines.Where(l => l.StartsWith(start, StringComparison.Ordinal))
        .SelectMany(l => Regex.Matches(l, $@"[,:;] {what} (?<n>\d+)")).Sum(m => long.Parse(m.Groups["n"].Value, CultureInfo.InvariantCulture));

    /// <summary>entered = published + pending + queued + named losses, in records, packets and octets.</summary>
    public void AssertCloses(string output)
    {
        foreach (string unit in new[] { "records", "packets", "octets" })
        {
            string[] rest = ["published", "open", "pending", "queued", "lost in the sink", "backlog", "memory"];
            long sum = rest.Sum(what => Output(output, what, unit));
            Assert.True(Output(output, "entered", unit) == sum, $"{unit} do not close:\n{this}");
        }
    }

    public override string ToString() => string.Join('\n', _lines);

    [GeneratedRegex(@"(?<what>entered|published|open|pending|queued|lost in the sink|backlog|memory|refused for want of room)( \d+ (rows|records|packets|octets))+")]
    private static partial Regex Parts();
}
