using Microsoft.Extensions.Logging;

namespace Collector.Telemetry;

/// <summary>Lines of pmacct, word for word, which scripts and monitoring look for (pmacct-compat §9). Written through <see cref="PmacctLog"/>.</summary>
internal static partial class Log
{
    [LoggerMessage(1030, LogLevel.Information, "{Line}", EventName = LineLoggerProvider.Notice)]
    public static partial void PmacctStatistics(ILogger log, string line);

    [LoggerMessage(1031, LogLevel.Information, "{Protocol} Accounting Daemon, collector {Version}")]
    public static partial void PmacctStarted(ILogger log, string protocol, string version);

    [LoggerMessage(1032, LogLevel.Information, "Reading configuration file '{File}'.")]
    public static partial void PmacctConfiguration(ILogger log, string file);

    [LoggerMessage(1033, LogLevel.Information, "waiting for {Protocol} data on {Address}")]
    public static partial void PmacctWaiting(ILogger log, string protocol, string address);

    [LoggerMessage(1034, LogLevel.Information, "[{File}] (re)loading map.")]
    public static partial void PmacctMapLoading(ILogger log, string file);

    [LoggerMessage(1035, LogLevel.Information, "[{File}] map successfully (re)loaded.")]
    public static partial void PmacctMapLoaded(ILogger log, string file);

    [LoggerMessage(1036, LogLevel.Information, "*** Purging cache - START (PID: {Pid}) ***")]
    public static partial void PmacctPurgeStart(ILogger log, int pid);

    [LoggerMessage(1037, LogLevel.Information, "*** Purging cache - END (PID: {Pid}, QN: {Sent}/{Total}, ET: {Seconds}) ***")]
    public static partial void PmacctPurgeEnd(ILogger log, int pid, long sent, long total, string seconds);

    [LoggerMessage(1038, LogLevel.Warning, "Maximum number of writer processes reached ({Limit}).")]
    public static partial void PmacctWritersReached(ILogger log, int limit);

    [LoggerMessage(1039, LogLevel.Information, "OK, Exiting ...")]
    public static partial void PmacctExiting(ILogger log);
}
