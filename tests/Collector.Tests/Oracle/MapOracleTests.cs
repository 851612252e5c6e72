using Collector.Testing;
using Xunit;

namespace Collector.Tests.Oracle;

/// <summary>Debian's nfacctd and sfacctd 1.7.7 and the collector do the same with the same maps and captures, record by record.</summary>
public sealed class MapOracleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("maps-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ProgramFact("nfacctd", "sfacctd")]
    public async Task Maps_PmacctDoesTheSame()
    {
        OracleCase[] cases = [.. MapCase.All.Select((c, i) => c.ToOracle(_folder, i))];
        Assert.Equal(cases.Length, cases.Select(c => c.Name).Distinct().Count());
        OracleCase[] sampling = [.. cases.Where(c => c.Name.StartsWith("sampling_map", StringComparison.Ordinal))];
        Assert.Equal(3, sampling.Length);
        string[] wrong =
        [
            .. await OracleComparison.RunAsync(cases, KnownDifferences.OfMaps, [false]),
            .. (await OracleComparison.RunAsync(sampling, [], [true])),
        ];
        Assert.True(wrong.Length == 0, string.Join(Environment.NewLine, wrong));
    }
}
