using Collector.Configuration.Pmacct;
using Collector.Differential;
using Collector.Differential.Exceptions;
using Collector.Differential.Generation;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Differential;

/// <summary>A part of the matrix: each drawn configuration over some captures, nfacctd and sfacctd 1.7.7 beside the collector, record by record.</summary>
public sealed class MatrixTests
{
    private const int AtOnce = 28;

    [SharedCapturesFact("nfacctd", "sfacctd")]
    public async Task EveryConfiguration_PrintsWhatPmacctPrints()
    {
        MatrixReport report = await MatrixRun.RunAsync(MatrixSelection.Part, AtOnce);
        Assert.True(report.Results.Count >= ConfigurationGenerator.Count * MatrixSelection.CapturesEach, $"{report.Results.Count} cases");
        string[] wrong =
        [
            .. report.Wrong.SelectMany(r => r.Differences.Take(5).Select(d => $"configuration {r.Case.Configuration.Number}, {r.Case.Capture.Name}: {d}")),
            .. report.Unneeded.Select(e => $"no case needs the exception: {e.Name}"),
            .. report.Complaints.Select(c => $"pmacct left out a line: {c}"),
        ];
        Assert.True(wrong.Length == 0, $"{string.Join(Environment.NewLine, wrong)}{Environment.NewLine}{report}");
    }

    [Fact]
    public void SameSeed_DrawsTheSame()
    {
        string[] texts = [.. Enumerable.Range(0, 2).Select(_ => string.Join('\n', ConfigurationGenerator.Generate(7, 20).Select(Text)))];
        Assert.Equal(texts[0], texts[1]);
        Assert.NotEqual(texts[0], string.Join('\n', ConfigurationGenerator.Generate(8, 20).Select(Text)));
    }

    [Fact]
    public void EveryPrimitive_IsInSeveralConfigurations()
    {
        string[] rare = [.. Primitives.All.Concat(Primitives.Sums).Append("none").Where(p => ConfigurationGenerator.Matrix.Count(c => c.Outputs.Any(o => o.Aggregate.Contains(p))) < 2)];
        Assert.Empty(rare);
    }

    [Fact]
    public void EveryKeyThatShows_IsDrawn()
    {
        HashSet<string> drawn = [.. ConfigurationGenerator.Matrix.SelectMany(c => c.Keys("nfacctd").Concat(c.Keys("sfacctd")))];
        string[] used = [.. PmacctKeyTable.All.Where(k => k.Status == PmacctKeyStatus.Used).Select(k => k.Name)];
        Assert.DoesNotContain(used, k => !drawn.Contains(k) && UndrawnKeys.Reason(k) is null);
        Assert.DoesNotContain(drawn, k => UndrawnKeys.Reason(k) is not null);
    }

    private static string Text(GeneratedConfiguration configuration) =>
        string.Join('\n', configuration.Lines.Select(l => l.Text("nfacctd", "/f")).Concat(configuration.Outputs.SelectMany(o => o.Aggregate)).Concat(configuration.Files.Values));
}
