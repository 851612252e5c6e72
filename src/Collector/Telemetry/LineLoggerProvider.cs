using System.Threading.Channels;
using Collector.Configuration;
using Microsoft.Extensions.Logging;

namespace Collector.Telemetry;

/// <summary>Writes the log to stderr or to a file, one line per entry, from a thread of its own so that a full pipe never blocks who logs.</summary>
/// <remarks>Thread-safe. Beyond 8,192 lines waiting, lines are left out and their number is written instead.</remarks>
public sealed class LineLoggerProvider : ILoggerProvider
{
    private const int Waiting = 8_192;

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(new BoundedChannelOptions(Waiting) { SingleReader = true });
    private readonly LogOptions _options;
    private readonly TimeProvider _clock;
    private readonly bool _journal;
    private readonly Task _writer;
    private TextWriter _output;
    private volatile bool _reopen;
    private long _leftOut;

    /// <param name="options">Where to, from which level on, with or without times.</param>
    /// <param name="clock">The clock of the times.</param>
    /// <param name="journal">True behind systemd's journal: lines begin with their priority instead of their time.</param>
    /// <param name="stderr">Takes the lines when the options name no file.</param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be opened.</exception>
    public LineLoggerProvider(LogOptions options, TimeProvider clock, bool journal, TextWriter stderr)
    {
        (_options, _clock, _journal) = (options, clock, journal && options.File is null);
        _output = options.File is { } file ? Open(file) : stderr;
        _writer = Task.Factory.StartNew(Write, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new LineLogger(this);

    /// <summary>SIGHUP: the file is closed and opened anew before the next line.</summary>
    public void Reopen() => _reopen = true;

    /// <summary>Writes what is waiting, for a second at most, and closes the file.</summary>
    public void Dispose()
    {
        _lines.Writer.TryComplete();
        if (_writer.Wait(TimeSpan.FromSeconds(1)) && _options.File is not null)
        {
            _output.Dispose();
        }
    }

    private static StreamWriter Open(string file) => new(file, append: true);

    private async Task Write()
    {
        while (await _lines.Reader.WaitToReadAsync())
        {
            while (_lines.Reader.TryRead(out string? line))
            {
                if (_reopen)
                {
                    ReopenFile();
                }

                await _output.WriteLineAsync(line);
            }

            if (Interlocked.Exchange(ref _leftOut, 0) is > 0 and long number)
            {
                await _output.WriteLineAsync(Format(LogLevel.Warning, $"{number} log lines left out, the log could not be written fast enough"));
            }

            await _output.FlushAsync();
        }
    }

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
            _output.WriteLine(Format(LogLevel.Error, $"{file} cannot be opened anew ({e.Message}); the log goes on in the file that was open"));
        }
    }

    private string Format(LogLevel level, string text)
    {
        string name = level switch
        {
            LogLevel.Trace or LogLevel.Debug => "DEBUG",
            LogLevel.Information => "INFO",
            LogLevel.Warning => "WARN",
            _ => "ERROR",
        };
        text = text.ReplaceLineEndings(" | ");
        if (_journal)
        {
            // sd-daemon(3): the journal takes the priority from the line.
            int priority = level switch { LogLevel.Trace or LogLevel.Debug => 7, LogLevel.Information => 6, LogLevel.Warning => 4, LogLevel.Error => 3, _ => 2 };
            return $"<{priority}>{text}";
        }

        return _options.Timestamps ? $"{_clock.GetLocalNow():yyyy-MM-ddTHH:mm:ss.fffzzz} {name}: {text}" : $"{name}: {text}";
    }

    private sealed class LineLogger(LineLoggerProvider owner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= owner._options.Level && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            string text = formatter(state, exception);
            string line = owner.Format(logLevel, exception is null ? text : $"{text}: {exception}");
            if (!owner._lines.Writer.TryWrite(line))
            {
                Interlocked.Increment(ref owner._leftOut);
            }
        }
    }
}
