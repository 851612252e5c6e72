using System.Text;
using System.Text.RegularExpressions;
using Collector.Testing;
using Xunit;

namespace Collector.Flows.Tests.Quirks;

/// <summary>
/// Every quirk has a test whose name begins with its id, in whichever test project. Quirks.md lists them: with COLLECTOR_WRITE_QUIRKS=1 the test writes
/// it anew; else each test named there must exist, and each quirk must name one.
/// </summary>
public sealed partial class QuirkIndexTests
{
    private static readonly string Document = Path.Combine(RepositoryPaths.Root, "tests", "Collector.Flows.Tests", "Quirks.md");

    private static readonly string[] Tests = FindTests();

    [Fact]
    public void EveryQuirk_HasATest()
    {
        string[] missing = [.. QuirkList.All.Where(q => !Array.Exists(Tests, q.IsTest)).Select(q => $"{q.Id} ({q.Input})")];

        Assert.True(missing.Length == 0, $"no test that is not skipped for: {string.Join("; ", missing)}");
        Assert.Equal(QuirkList.All.Count, QuirkList.All.Select(q => q.Id).Distinct().Count());
    }

    [Fact]
    public void Document_ListsEveryQuirkWithTestsThatExist()
    {
        if (Environment.GetEnvironmentVariable("COLLECTOR_WRITE_QUIRKS") == "1")
        {
            File.WriteAllText(Document, Generate());
        }

        Dictionary<string, (string Input, string[] Tests)> rows = File.ReadLines(Document).Where(l => l.StartsWith("| ", StringComparison.Ordinal) && !l.StartsWith("| id", StringComparison.Ordinal))
            .Select(l => l.Split('|', StringSplitOptions.TrimEntries)).ToDictionary(c => c[1], c => (c[2], c[3].Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal(QuirkList.All.Select(q => q.Id), rows.Keys);
        string[] wrong =
        [
            .. QuirkList.All.Where(q => rows[q.Id].Input != q.Input).Select(q => $"{q.Id}: another description"),
            .. QuirkList.All.Where(q => rows[q.Id].Tests.Length == 0).Select(q => $"{q.Id}: no test listed"),
            .. QuirkList.All.SelectMany(q => rows[q.Id].Tests.Where(t => !q.IsTest(t) || !Tests.Contains(t)).Select(t => $"{q.Id}: there is no {t}")),
        ];
        Assert.True(wrong.Length == 0, $"run this test with COLLECTOR_WRITE_QUIRKS=1 to write {Document} anew: {string.Join("; ", wrong)}");
    }

    private static string Generate()
    {
        var text = new StringBuilder("# Quirks and their tests\n\nWhat devices send, and the tests that show it survived. Written and checked by QuirkIndexTests; `dotnet test` runs them all.\n\n");
        text.Append("| id | input | tests |\n|----|-------|-------|\n");
        foreach (Quirk quirk in QuirkList.All)
        {
            text.Append($"| {quirk.Id} | {quirk.Input} | {string.Join(' ', Tests.Where(quirk.IsTest))} |\n");
        }

        return text.ToString();
    }

    // From the sources, so that the tests of all projects count, built or not; a test that is always skipped shows nothing.
    private static string[] FindTests() =>
    [
        .. Directory.GetFiles(Path.Combine(RepositoryPaths.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .SelectMany(f => TestMethod().Matches(File.ReadAllText(f))).Where(m => !m.Groups["attributes"].Value.Contains("Skip =", StringComparison.Ordinal))
            .Select(m => m.Groups["name"].Value).Distinct().Order(StringComparer.Ordinal),
    ];

    [GeneratedRegex(@"(?<attributes>(^    \[[^\n]*\]\n)*^    \[\w*(Fact|Theory)[^\n]*\]\n(^    \[[^\n]*\]\n)*)^    public (static )?(async Task|void) (?<name>\w+)\(", RegexOptions.Multiline)]
    private static partial Regex TestMethod();
}
