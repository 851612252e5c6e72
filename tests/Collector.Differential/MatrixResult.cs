using Collector.Differential.Comparison;
using Collector.Differential.Exceptions;
using Collector.Differential.Generation;

namespace Collector.Differential;

/// <summary>What one case gave.</summary>
/// <param name="Case">The case.</param>
internal sealed record MatrixResult(MatrixCase Case)
{
    private readonly List<string> _differences = [];
    private readonly Dictionary<KnownException, long> _excepted = [];

    /// <summary>Records of pmacct, over all outputs.</summary>
    public long Records { get; private set; }

    /// <summary>Values of them.</summary>
    public long Values { get; private set; }

    /// <summary>A line for each unexplained difference, the output's name in front.</summary>
    public IReadOnlyList<string> Differences => _differences;

    /// <summary>Differing values by exception.</summary>
    public IReadOnlyDictionary<KnownException, long> Excepted => _excepted;

    /// <summary>What pmacct said of the configuration: lines that it left out.</summary>
    public IReadOnlyList<string> Complaints { get; init; } = [];

    /// <summary>Whether an output of pmacct printed nothing, which it also does when its plugin came too late.</summary>
    public bool IsSilent { get; set; }

    /// <summary>A case in which 1.7.7 crashes as it is known to.</summary>
    public static MatrixResult Crashed(MatrixCase matrixCase)
    {
        var result = new MatrixResult(matrixCase);
        result._excepted[KnownExceptions.Crash] = 0;
        return result;
    }

    /// <summary>A case that one side could not run.</summary>
    public static MatrixResult Failed(MatrixCase matrixCase, string why)
    {
        var result = new MatrixResult(matrixCase);
        result._differences.Add(why);
        return result;
    }

    /// <summary>Adds an output.</summary>
    public void Add(GeneratedOutput output, OutputComparison comparison)
    {
        Records += comparison.Records;
        Values += comparison.Values;
        _differences.AddRange(comparison.Differences.Select(d => $"{output.Name}: {d}"));
        foreach ((KnownException exception, long values) in comparison.Excepted)
        {
            _excepted[exception] = _excepted.GetValueOrDefault(exception) + values;
        }
    }
}
