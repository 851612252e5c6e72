using Collector.Differential.Captures;
using Collector.Differential.Generation;

namespace Collector.Differential;

/// <summary>Which configuration meets which capture.</summary>
internal static class MatrixSelection
{
    /// <summary>Captures that each configuration meets in the tests.</summary>
    public const int CapturesEach = 3;

    private static readonly (int Configuration, string Capture)[] Witnesses =
    [
        (15, "sflow5-sfprobe-tunnel"), (9, "pma-500"), (41, "pma-500"), (80, "pma-500"), (80, "akv-nf9-data-after-template-twice"), (29, "sflow5-sfprobe-sampling"),
        (11, "sflow5-sfprobe-tags"), (38, "sflow5-sfprobe-vlan"), (55, "ipfix-softflowd-psamp"), (77, "ipfix-ovs-cached"), (84, "akv-sflow-local-interface"), (87, "lsc-ipfix-mikrotik-routeros-6-39-2"), (22, "pma-100"), (72, "pma-403"),
    ];

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

        // Exceptions that the dealt cases do not meet.
        cases.AddRange(from witness in Witnesses
                       from capture in MatrixCapture.All
                       where capture.Name == witness.Capture
                       select new MatrixCase(ConfigurationGenerator.Matrix[witness.Configuration], capture));
        return [.. cases.Distinct()];
    }
}
