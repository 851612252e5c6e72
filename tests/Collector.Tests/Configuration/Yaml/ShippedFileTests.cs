using Collector.Configuration;
using Collector.Configuration.Yaml;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Configuration.Yaml;

/// <summary>Holds collector.yaml at the root, the loader and the defaults of the records together.</summary>
public class ShippedFileTests
{
    /// <summary>What makes the shipped output useful at once; without these keys an output has pmacct's defaults. A replay asks whether refresh is named.</summary>
    private static readonly string[] NotDefaults = ["name", "aggregate", "history", "history_roundoff", "refresh"];

    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(RepositoryPaths.Root, "collector.yaml"));

    public static TheoryData<int> KeyLines => [.. Enumerable.Range(0, Lines.Length).Where(i => IsKey(Lines[i]))];

    [Fact]
    public void Load_ShippedFile_IsTheBuiltInConfiguration()
    {
        var findings = new Findings("collector.yaml");
        CollectorOptions options = YamlConfigurationLoader.Load(new StringReader(string.Join('\n', Lines)), findings);

        Assert.Empty(findings.All);
        Assert.Equal(OptionsText.Of(new CollectorOptions()), OptionsText.Of(options));
    }

    [Fact]
    public void Keys_OfTheFile_AreThoseOfTheLoader()
    {
        var findings = new Findings("collector.yaml");
        var root = (YamlMapping)YamlTree.Read(new StringReader(string.Join('\n', Lines)), findings)!;
        var output = (YamlMapping)((YamlSequence)root.Pairs.Single(p => p.Key == "outputs").Value).Items[0];

        // What may stand in an output and at the root stands at the root of the shipped file.
        IEnumerable<string> inFile = Paths(root, "").Concat(output.Pairs.Select(p => $"outputs.{p.Key}"));
        IEnumerable<string> known = RootKeys.Paths.Concat(OutputKeys.Output.Except(RootKeys.All).Select(k => $"outputs.{k}"));
        Assert.Equal(known.Order(), inFile.Order());
    }

    [Theory]
    [MemberData(nameof(KeyLines))]
    public void Line_WithoutIt_HoldsTheSameDefault(int line)
    {
        string key = Lines[line].TrimStart(' ', '-').Split(':')[0];
        if (NotDefaults.Contains(key) || Lines[line].EndsWith(':'))
        {
            Assert.Contains(key, NotDefaults.Concat(RootKeys.Paths.SelectMany(p => p.Split('.')[..^1])).Append("outputs"));
            return;
        }

        var findings = new Findings("collector.yaml");
        CollectorOptions options = YamlConfigurationLoader.Load(new StringReader(string.Join('\n', Lines.Where((_, i) => i != line))), findings);

        Assert.Empty(findings.All);
        Assert.Equal(OptionsText.Of(new CollectorOptions()), OptionsText.Of(options));
    }

    [Theory]
    [MemberData(nameof(KeyLines))]
    public void Line_HasOneCommentAboveIt(int line)
    {
        bool section = Lines[line].EndsWith(':') && !Lines[line].StartsWith("outputs", StringComparison.Ordinal);
        bool commented = Lines[line - 1].TrimStart().StartsWith('#') && !Lines[line - 2].TrimStart().StartsWith('#');
        Assert.True(section || commented, Lines[line]);
    }

    private static bool IsKey(string line) => line.Length > 0 && !line.TrimStart().StartsWith('#');

    private static IEnumerable<string> Paths(YamlMapping mapping, string prefix) => mapping.Pairs.SelectMany(p =>
        p.Value is YamlMapping { Pairs.Count: > 0 } inner ? Paths(inner, $"{prefix}{p.Key}.").Prepend(prefix + p.Key) : [prefix + p.Key]);
}
