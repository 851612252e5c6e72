using Microsoft.Extensions.Logging;

namespace Collector.Sinks;

/// <summary>Says once a minute and output that rows are lost and why; what it keeps to itself meanwhile is added to the next sentence.</summary>
/// <remarks>Owned by the publishing thread of its output.</remarks>
internal sealed partial class LossLog(string outputName, ILogger logger, TimeProvider time)
{
    private readonly OncePerMinute _sparing = new(time);

    /// <summary>Reports rows lost for a reason.</summary>
    /// <param name="place">The file or stream that failed.</param>
    /// <param name="reason">The error in the words of the system.</param>
    /// <param name="rows">Rows lost, possibly 0 when only a link or an empty file failed.</param>
    public void Report(string place, string reason, long rows)
    {
        if (_sparing.Admit(rows, out long unsaid))
        {
            LogLoss(logger, outputName, place, reason, rows, unsaid);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "output '{Output}': cannot write {Place}: {Reason}; {Rows} rows lost now, {Unsaid} since the last message")]
    private static partial void LogLoss(ILogger logger, string output, string place, string reason, long rows, long unsaid);
}
