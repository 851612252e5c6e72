using Collector.Configuration;
using Collector.Telemetry;
using Microsoft.Extensions.Logging;

namespace Collector.Hosting;

/// <summary>Opens the log as the configuration says.</summary>
internal static class LogSetup
{
    /// <summary>The log on stderr or in the configured file; null after one line on stderr when the file cannot be opened.</summary>
    /// <param name="options">Where to.</param>
    /// <param name="coreName">core_proc_name, with which lines begin as pmacct's; null: they do not.</param>
    public static LineLoggerProvider? TryOpen(LogOptions options, string? coreName)
    {
        try
        {
            // systemd sets JOURNAL_STREAM where stderr goes to the journal.
            bool journal = Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 };
            return new LineLoggerProvider(options, TimeProvider.System, journal, Console.Error, coreName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"the log file {options.File} cannot be opened: {e.Message}; name another one, or none for stderr");
            return null;
        }
    }

    /// <summary>A factory whose loggers write to <paramref name="lines"/>, which it does not own.</summary>
    /// <remarks>What the generic host logs of its own are exceptions that it throws as well: <see cref="CollectorHost"/> tells them in one sentence.</remarks>
    public static ILoggerFactory CreateFactory(LineLoggerProvider lines, LogLevel level) => LoggerFactory.Create(builder => builder
        .SetMinimumLevel(level).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None).AddProvider(new Borrowed(lines)));

    /// <summary>Writes warnings and notes of the configuration.</summary>
    public static void WriteFindings(ILogger log, IEnumerable<Finding> findings)
    {
        foreach (Finding finding in findings)
        {
            if (finding.Severity == FindingSeverity.Warning)
            {
                Log.ConfigurationWarning(log, finding.ToString());
            }
            else
            {
                Log.ConfigurationNote(log, finding.ToString());
            }
        }
    }

    /// <summary>A factory disposes its providers; the log must outlive it for the last line.</summary>
    private sealed class Borrowed(LineLoggerProvider lines) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => lines.CreateLogger(categoryName);

        public void Dispose()
        {
        }
    }
}
