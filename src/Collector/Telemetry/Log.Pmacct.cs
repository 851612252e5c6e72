using Microsoft.Extensions.Logging;

namespace Collector.Telemetry;

/// <summary>Lines of pmacct, word for word, which scripts and monitoring look for (pmacct-compat §9). Logged where the configuration has a core_proc_name, as behind -f.</summary>
internal static partial class Log
{
    [LoggerMessage(1030, LogLevel.Information, "{Line}", EventName = LineLoggerProvider.Notice)]
    public static partial void PmacctStatistics(ILogger log, string line);
}
