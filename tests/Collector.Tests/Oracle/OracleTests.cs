using Collector.Testing;
using Xunit;

namespace Collector.Tests.Oracle;

/// <summary>Debian's nfacctd and sfacctd 1.7.7 and the collector print the same records for the same captures.</summary>
public sealed class OracleTests
{
    [ProgramFact("nfacctd", "sfacctd")]
    public async Task OwnCaptures_PmacctPrintsTheSame()
    {
        IReadOnlyList<OracleCase> cases = OracleCase.OfPcaps();
        Assert.True(cases.Count >= 40, $"only {cases.Count} captures in {RepositoryPaths.Pcaps}");
        IReadOnlyList<string> wrong = await OracleComparison.RunAsync(cases, KnownDifferences.OfPcaps);
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    [ProgramFact("sfacctd")]
    public async Task MadeCaptures_PmacctPrintsTheSame()
    {
        IReadOnlyList<OracleCase> cases = OracleCase.OfMade();
        Assert.True(cases.Count >= 4, $"only {cases.Count} captures in {RepositoryPaths.MadePcaps}");
        IReadOnlyList<string> wrong = await OracleComparison.RunAsync(cases, KnownDifferences.OfMade);
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    [SharedCapturesFact("nfacctd", "sfacctd")]
    public async Task SharedCaptures_PmacctPrintsTheSame()
    {
        IReadOnlyList<OracleCase> cases = OracleCase.OfSharedCaptures();
        Assert.True(cases.Count >= 40, $"only {cases.Count} cases in {RepositoryPaths.SharedCaptures}");
        IReadOnlyList<string> wrong = await OracleComparison.RunAsync(cases, KnownDifferences.OfSharedCaptures);
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }
}
