using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Collector.Tests.Live;

/// <summary>The built program as an operator runs it: its own process, signals, exit code, standard output and error.</summary>
internal sealed class CollectorProcess : IDisposable
{
    public const int SigHup = 1;
    public const int SigInt = 2;
    public const int SigUsr1 = 10;
    public const int SigTerm = 15;
    public const int SigCont = 18;
    public const int SigStop = 19;

    private readonly Process _process;
    private readonly StringBuilder _error = new();
    private readonly StringBuilder _output = new();

    public CollectorProcess(params string[] arguments)
        : this(null, arguments)
    {
    }

    public CollectorProcess(IReadOnlyDictionary<string, string>? environment, params string[] arguments)
        : this(Path.Combine(AppContext.BaseDirectory, "collector"), environment, arguments)
    {
    }

    private CollectorProcess(string program, IReadOnlyDictionary<string, string>? environment, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["TZ"] = "UTC";
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _process.ErrorDataReceived += (_, e) => Append(_error, e.Data);
        _process.OutputDataReceived += (_, e) => Append(_output, e.Data);
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    public int Id => _process.Id;

    /// <summary>Another daemon, handled in the same way.</summary>
    public static CollectorProcess OtherProgram(string program, params string[] arguments) => new(program, null, arguments);

    public string Error
    {
        get
        {
            lock (_error)
            {
                return _error.ToString();
            }
        }
    }

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Waits until a line of standard error holds the text.</summary>
    public void WaitForError(string text, int seconds = 30)
    {
        if (!SpinWait.SpinUntil(() => Error.Contains(text, StringComparison.Ordinal) || _process.HasExited, TimeSpan.FromSeconds(seconds))
            || !Error.Contains(text, StringComparison.Ordinal))
        {
            throw new TimeoutException($"'{text}' did not appear on standard error:\n{Error}");
        }
    }

    public void Signal(int signal) => SendSignal(_process.Id, signal);

    /// <summary>Signals any process.</summary>
    public static void SendSignal(int process, int signal) => _ = Kill(process, signal);

    /// <summary>Waits for the end and returns the exit code.</summary>
    public int WaitForExit(int seconds = 60)
    {
        if (!_process.WaitForExit(TimeSpan.FromSeconds(seconds)))
        {
            throw new TimeoutException($"The collector did not end within {seconds} s:\n{Error}");
        }

        WaitForStreams();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit(TimeSpan.FromSeconds(10));
        }

        _process.Dispose();
    }

    // Until both streams have been read to their end, which a plugin that outlives its daemon would keep open for ever. A thread of its own: the
    // pool may be busy with other tests for seconds.
    private void WaitForStreams() =>
        Task.Factory.StartNew(_process.WaitForExit, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Wait(TimeSpan.FromSeconds(10));

    private static void Append(StringBuilder text, string? line)
    {
        if (line is not null)
        {
            lock (text)
            {
                text.Append(line).Append('\n');
            }
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
