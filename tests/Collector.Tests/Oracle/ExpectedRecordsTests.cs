using System.Collections.Concurrent;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Oracle;

/// <summary>The shipped captures give the records shipped beside them; needs no peer program.</summary>
public sealed class ExpectedRecordsTests
{
    [Fact]
    public async Task EveryCapture_GivesItsExpectedRecords()
    {
        IReadOnlyList<OracleCase> cases = OracleCase.OfPcaps();
        Assert.True(cases.Count >= 40, $"only {cases.Count} captures in {RepositoryPaths.Pcaps}");
        var wrong = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(cases, async (oracle, cancellation) =>
        {
            string[] expected = await File.ReadAllLinesAsync(Path.Combine(RepositoryPaths.Pcaps, "expected", oracle.Name + ".json"), cancellation);
            foreach (string line in RecordComparison.Differences(expected, await OracleRun.CollectorAsync(oracle, renormalize: false), new HashSet<string>()))
            {
                wrong.Add($"{oracle.Name}: {line}");
            }
        });
        Assert.True(wrong.IsEmpty, string.Join(Environment.NewLine, wrong.Order(StringComparer.Ordinal)));
    }
}
