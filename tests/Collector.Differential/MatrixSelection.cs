using Collector.Differential.Captures;
using Collector.Differential.Generation;

namespace Collector.Differential;

/// <summary>Which configuration meets which capture.</summary>
internal static class MatrixSelection
{
    /// <summary>Captures that each configuration meets in the tests.</summary>
    public const int CapturesEach = 3;

    /// <summary>All with all.</summary>
    public static IReadOnlyList<MatrixCase> Full { get; } =
        [.. from configuration in ConfigurationGenerator.Matrix from capture in MatrixCapture.All select new MatrixCase(configuration, capture)];

    /// <summary>The part that the tests run: every configuration with some captures dealt by the seed, every capture about as often as the others.</summary>
    public static IReadOnlyList<MatrixCase> Part { get; } = Deal();

    private static MatrixCase[] Deal()
    {
        var deck = new Deck<MatrixCapture>(MatrixCapture.All, new Draw(ConfigurationGenerator.Seed));
        List<MatrixCase> cases = [];
        foreach (GeneratedConfiguration configuration in ConfigurationGenerator.Matrix)
        {
            HashSet<MatrixCapture> own = [];
            while (own.Count < CapturesEach && deck.TryDeal(c => !own.Contains(c), out MatrixCapture capture))
            {
                own.Add(capture);
                cases.Add(new MatrixCase(configuration, capture));
            }
        }

        return [.. cases];
    }
}
