using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Collector.Sinks.Triggers;

/// <summary>print_trigger_exec and kafka_trigger_exec: a program that is started after each purge that published rows.</summary>
/// <remarks>
/// Publishing never waits for it, as in pmacct, where the writer process of the purge does. It gets the words of the command line as arguments, our
/// environment and nothing on standard input; what it prints goes nowhere but for the last line on standard error, which stands in the log when
/// it fails. <see cref="Start"/> and <see cref="WaitAtStop"/> are called by one thread at a time, the counters may be read by any.
/// </remarks>
public sealed partial class PurgeTrigger
{
    /// <summary>Runs at once beyond which no more are started: pmacct's *_max_writers.</summary>
    public const int MaxRunning = 10;

    private const int MaxLine = 256;

    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly string _output;
    private readonly string _command;
    private readonly string[] _words;
    private readonly bool _waitAtStop;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly HashSet<Process> _running = [];
    private readonly ManualResetEventSlim _idle = new(initialState: true);
    private readonly OncePerMinute _sparing;
    private long _started, _failed, _skipped;

    /// <summary>Starts nothing yet.</summary>
    /// <param name="output">Name of the output.</param>
    /// <param name="command">A program and its arguments, separated by blanks. A name without slash is one of the working directory, as in pmacct.</param>
    /// <param name="waitAtStop">True: the collector stops when the last run has ended; false: it does not wait.</param>
    /// <param name="log">Told of failures, once a minute.</param>
    /// <param name="clock">The clock of that minute.</param>
    public PurgeTrigger(string output, string command, bool waitAtStop, ILogger log, TimeProvider clock)
    {
        (_output, _command, _waitAtStop, _log, _sparing) = (output, command, waitAtStop, log, new OncePerMinute(clock));
        _words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>Runs that were started.</summary>
    public long Started => Volatile.Read(ref _started);

    /// <summary>Runs that could not be started, or ended with another exit code than 0.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Runs left out because <see cref="MaxRunning"/> had not ended.</summary>
    public long Skipped => Volatile.Read(ref _skipped);

    /// <summary>Runs under way.</summary>
    public int Running
    {
        get
        {
            lock (_gate)
            {
                return _running.Count;
            }
        }
    }

    /// <summary>Starts the program and returns at once.</summary>
    public void Start()
    {
        if (Running >= MaxRunning)
        {
            Interlocked.Increment(ref _skipped);
            Report($"{MaxRunning} earlier runs have not ended, so it is not started again");
            return;
        }

        Process process = new() { StartInfo = StartInfo() };
        lock (_gate)
        {
            _running.Add(process);
            _idle.Reset();
        }

        try
        {
            process.Start();
            Interlocked.Increment(ref _started);
            process.StandardInput.Close();
            _ = Task.Run(() => FollowAsync(process));
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException)
        {
            Interlocked.Increment(ref _failed);
            Report(e.Message);
            Forget(process);
        }
    }

    /// <summary>Waits for the runs under way where the configuration asks for it.</summary>
    /// <param name="giveUp">Ends the wait.</param>
    public void WaitAtStop(CancellationToken giveUp)
    {
        try
        {
            if (_waitAtStop)
            {
                _idle.Wait(giveUp);
            }
        }
        catch (OperationCanceledException)
        {
            Report("it has not ended, and the collector stops without it");
        }
    }

    private ProcessStartInfo StartInfo() => new(Path.GetFullPath(_words[0]), _words[1..])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    private async Task FollowAsync(Process process)
    {
        // Both pipes are read to their end, or the program would stand still once they are full.
        Task output = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        Task<string> words = LastLineAsync(process.StandardError);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            // A child of its own may hold the pipes for longer.
            await Task.WhenAny(Task.WhenAll(output, words), Task.Delay(LastWords));
            Interlocked.Increment(ref _failed);
            Report($"exit code {process.ExitCode}{(words.IsCompletedSuccessfully && words.Result.Length > 0 ? $": {words.Result}" : "")}");
        }

        Forget(process);
    }

    private static async Task<string> LastLineAsync(StreamReader error)
    {
        char[] part = new char[1024];
        string last = "";
        while (await error.ReadAsync(part) is > 0 and int length)
        {
            string text = last + new string(part, 0, length);
            string ended = text.TrimEnd();
            int start = ended.LastIndexOf('\n') + 1;
            last = text[Math.Max(start, text.Length - MaxLine)..];
        }

        return last.Trim();
    }

    private void Forget(Process process)
    {
        lock (_gate)
        {
            if (_running.Remove(process) && _running.Count == 0)
            {
                _idle.Set();
            }
        }

        process.Dispose();
    }

    private void Report(string reason)
    {
        long unsaid;
        lock (_gate)
        {
            if (!_sparing.Admit(1, out unsaid))
            {
                return;
            }
        }

        LogFailure(_log, _output, _command, reason, unsaid);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "output '{Output}': trigger {Command}: {Reason}; {Unsaid} failures since the last message")]
    private static partial void LogFailure(ILogger logger, string output, string command, string reason, long unsaid);
}
