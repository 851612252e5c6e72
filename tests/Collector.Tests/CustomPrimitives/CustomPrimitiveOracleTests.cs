using Collector.Testing;
using Collector.Tests.Oracle;
using Xunit;

namespace Collector.Tests.CustomPrimitives;

/// <summary>Debian's nfacctd and sfacctd 1.7.7 and the collector print the same custom primitives, record by record.</summary>
public sealed class CustomPrimitiveOracleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("primitives-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ProgramFact("nfacctd", "sfacctd")]
    public async Task CustomPrimitives_ArePrintedAlike()
    {
        OracleCase[] cases = [.. CustomPrimitiveCase.All.Select((c, i) => c.ToOracle(_folder, i))];
        IReadOnlyList<string> wrong = await OracleComparison.RunAsync(cases, [], [false]);
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }
}
