using System.Globalization;
using System.Threading.Channels;
using Collector.Configuration;
using Collector.Sinks.Files;
using Microsoft.Extensions.Logging;

namespace Collector.Telemetry;

/// <summary>Writes the log to stderr, to a file or to syslog, one line per entry, from a thread of its own so that a full pipe never blocks who logs.</summary>
/// <remarks>Thread-safe. Beyond 8,192 lines waiting, lines are left out and their number is written instead.</remarks>
public sealed class LineLoggerProvider : ILoggerProvider
{
    /// <summary>Name of events of pmacct's level NOTICE, which lies between INFO and WARN.</summary>
    internal const string Notice = "NOTICE";

    private const int Waiting = 8_192;

    private readonly Channel<Entry> _lines = Channel.CreateBounded<Entry>(new BoundedChannelOptions(Waiting) { SingleReader = true });
    private readonly LogOptions _options;
    private readonly TimeProvider _clock;
    private readonly bool _journal;
    private readonly string? _coreName;
    private readonly SyslogWriter? _syslog;
    private readonly Task _writer;
    private TextWriter _output;
    private volatile bool _reopen;
    private long _leftOut;

    /// <param name="options">Where to, from which level on, with or without times.</param>
    /// <param name="clock">The clock of the times.</param>
    /// <param name="journal">True behind systemd's journal: lines begin with their priority instead of their time.</param>
    /// <param name="stderr">Takes the lines when the options name no file.</param>
    /// <param name="coreName">core_proc_name: lines begin as pmacct's, as in "INFO ( default/core ): "; null: they do not.</param>
    /// <param name="syslogPath">The socket of syslog.</param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be opened.</exception>
    public LineLoggerProvider(LogOptions options, TimeProvider clock, bool journal, TextWriter stderr, string? coreName = null, string syslogPath = "/dev/log")
    {
        (_options, _clock, _journal, _coreName) = (options, clock, journal && options.File is null, coreName);
        _output = options.File is { } file ? Open(file) : stderr;
        if (options.Syslog is { } name && SyslogFacility.Find(name) is { } facility)
        {
            _syslog = new SyslogWriter(facility, options.SyslogIdent, clock, syslogPath);
            if (_syslog.Connect() is { } reason)
            {
                _output.WriteLine(Format(LogLevel.Warning, false, Owner, $"there is no syslog ({reason}); the log goes to {(options.File is null ? "stderr" : "its file")}, and to syslog once there is one").Line);
            }
        }

        _writer = Task.Factory.StartNew(Write, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    /// <summary>A logger. Lines of pmacct's plugins have a category as "name/kafka", which stands in them; all others are of the core.</summary>
    public ILogger CreateLogger(string categoryName) => new LineLogger(this, _coreName is null ? null : categoryName.Contains('/', StringComparison.Ordinal) ? categoryName : $"{_coreName}/core");

    /// <summary>SIGHUP: the file is closed and opened anew before the next line.</summary>
    public void Reopen() => _reopen = true;

    /// <summary>Writes what is waiting, for a second at most, and closes the file.</summary>
    public void Dispose()
    {
        _lines.Writer.TryComplete();
        if (_writer.Wait(TimeSpan.FromSeconds(1)))
        {
            _syslog?.Dispose();
            if (_options.File is not null)
            {
                _output.Dispose();
            }
        }
    }

    private static StreamWriter Open(string file)
    {
        var opened = new StreamWriter(file, append: true);
        FileOwner.Give(file);
        return opened;
    }

    private async Task Write()
    {
        while (await _lines.Reader.WaitToReadAsync())
        {
            while (_lines.Reader.TryRead(out Entry entry))
            {
                if (_reopen)
                {
                    ReopenFile();
                }

                await WriteAsync(entry);
            }

            if (Interlocked.Exchange(ref _leftOut, 0) is > 0 and long number)
            {
                await WriteAsync(Format(LogLevel.Warning, false, Owner, $"{number} log lines left out, the log could not be written fast enough"));
            }

            await _output.FlushAsync();
        }
    }

    // As with pmacct, syslog and a file may both be had; stderr takes what neither does.
    private Task WriteAsync(Entry entry) =>
        _syslog?.Write(entry.Severity, entry.Text) == true && _options.File is null ? Task.CompletedTask : _output.WriteLineAsync(entry.Line);

    private void ReopenFile()
    {
        _reopen = false;
        if (_options.File is not { } file)
        {
            return;
        }

        try
        {
            StreamWriter opened = Open(file);
            _output.Dispose();
            _output = opened;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _output.WriteLine(Format(LogLevel.Error, false, Owner, $"{file} cannot be opened anew ({e.Message}); the log goes on in the file that was open").Line);
        }
    }

    private string? Owner => _coreName is null ? null : $"{_coreName}/core";

    private Entry Format(LogLevel level, bool isNotice, string? owner, string text)
    {
        // The severities of syslog and of sd-daemon(3).
        (string name, int severity) = level switch
        {
            _ when isNotice => (Notice, 5),
            LogLevel.Trace or LogLevel.Debug => ("DEBUG", 7),
            LogLevel.Information => ("INFO", 6),
            LogLevel.Warning => ("WARN", 4),
            LogLevel.Error => ("ERROR", 3),
            _ => ("ERROR", 2),
        };
        text = text.ReplaceLineEndings(" | ");
        string named = owner is null ? $"{name}: {text}" : $"{name} ( {owner} ): {text}";

        // The journal takes the priority from the line.
        string line = _journal ? $"<{severity}>{(owner is null ? text : named)}" : _options.Timestamps ? $"{Time()} {named}" : named;
        return new Entry(severity, named, line);
    }

    // pmacct has whole seconds, and Z for UTC that was asked for.
    private string Time()
    {
        DateTimeOffset now = _options.Utc ? _clock.GetUtcNow() : _clock.GetLocalNow();
        string zone = _options.Utc ? "Z" : now.ToString("zzz", CultureInfo.InvariantCulture);
        return now.ToString(_coreName is null ? "yyyy-MM-ddTHH:mm:ss.fff" : "yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture) + zone;
    }

    private readonly record struct Entry(int Severity, string Text, string Line);

    private sealed class LineLogger(LineLoggerProvider provider, string? owner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= provider._options.Level && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            string text = formatter(state, exception);
            Entry entry = provider.Format(logLevel, eventId.Name == Notice, owner, exception is null ? text : $"{text}: {exception}");
            if (!provider._lines.Writer.TryWrite(entry))
            {
                Interlocked.Increment(ref provider._leftOut);
            }
        }
    }
}
