using System.Collections.Concurrent;
using System.Diagnostics;
using Collector.Differential.Captures;
using Collector.Differential.Running;

namespace Collector.Differential;

/// <summary>Runs cases, many at once: pmacct spends its four seconds a case asleep.</summary>
internal static class MatrixRun
{
    /// <summary>Runs the cases.</summary>
    /// <param name="cases">Which.</param>
    /// <param name="atOnce">How many at once.</param>
    /// <param name="done">Told of each when it is done, from any thread; null for nobody.</param>
    public static async Task<MatrixReport> RunAsync(IReadOnlyList<MatrixCase> cases, int atOnce, Action<MatrixResult>? done = null)
    {
        var watch = Stopwatch.StartNew();
        using var folder = new TemporaryFolder();
        Dictionary<MatrixCapture, string> transcripts = cases.Select(c => c.Capture).Distinct().ToDictionary(c => c, c => Transcript.Write(c, folder.Path));
        ConcurrentBag<MatrixResult> results = [];
        await Parallel.ForEachAsync(cases, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (matrixCase, _) =>
        {
            MatrixResult result = await matrixCase.RunAsync(transcripts[matrixCase.Capture]);
            results.Add(result);
            done?.Invoke(result);
        });
        return new MatrixReport([.. results.OrderBy(r => r.Case.Configuration.Number).ThenBy(r => r.Case.Capture.Name, StringComparer.Ordinal)], watch.Elapsed);
    }
}
