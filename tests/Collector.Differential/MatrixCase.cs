using Collector.Differential.Captures;
using Collector.Differential.Comparison;
using Collector.Differential.Exceptions;
using Collector.Differential.Generation;
using Collector.Differential.Running;

namespace Collector.Differential;

/// <summary>A configuration over a capture.</summary>
/// <param name="Configuration">The configuration.</param>
/// <param name="Capture">The capture.</param>
internal sealed record MatrixCase(GeneratedConfiguration Configuration, MatrixCapture Capture)
{
    /// <summary>On a busy machine pmacct's print plugin can start too late for (a part of) the records.</summary>
    private const int Attempts = 4;

    /// <summary>Runs both sides and compares every output.</summary>
    /// <param name="path">The capture's transcript.</param>
    public async Task<MatrixResult> RunAsync(string path)
    {
        SideResult collector = await Task.Run(() => CollectorSide.Run(Configuration, Capture.Daemon, path));
        if (collector.Failure is not null)
        {
            return MatrixResult.Failed(this, $"collector: {collector.Failure}");
        }

        MatrixResult result = MatrixResult.Failed(this, "not run");
        for (int attempt = 0; attempt < Attempts && result.Differences.Count > 0; attempt++)
        {
            SideResult pmacct = await PmacctSide.RunAsync(Configuration, Capture.Daemon, path);
            if (pmacct.Failure == SideResult.Crash && KnownExceptions.Crash.AppliesTo(new CaseContext(Configuration, Configuration.Outputs[0], Capture)))
            {
                return MatrixResult.Crashed(this);
            }

            MatrixResult again = pmacct.Failure is null ? Compare(pmacct, collector) : MatrixResult.Failed(this, $"pmacct: {pmacct.Failure}");
            bool isSame = again.Differences.SequenceEqual(result.Differences) && !again.IsSilent;
            result = again;
            if (isSame)
            {
                break;
            }
        }

        return result;
    }

    private MatrixResult Compare(SideResult pmacct, SideResult collector)
    {
        var result = new MatrixResult(this) { Complaints = pmacct.Complaints };
        foreach (GeneratedOutput output in Configuration.Outputs)
        {
            result.IsSilent |= !pmacct.Files.Any(f => f.Key.StartsWith(output.Name, StringComparison.Ordinal));
            result.Add(output, OutputComparison.Compare(new CaseContext(Configuration, output, Capture), pmacct.Files, collector.Files, KnownExceptions.All));
        }

        return result;
    }
}
