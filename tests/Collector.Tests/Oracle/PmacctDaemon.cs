using System.Diagnostics;
using System.Text;
using Collector.Tests.Live;

namespace Collector.Tests.Oracle;

/// <summary>nfacctd or sfacctd in the foreground, as a process with its plugins. Ended when disposed of, whatever state it is in.</summary>
internal sealed class PmacctDaemon : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _error = new();

    public PmacctDaemon(string program, string configuration, string folder)
    {
        var start = new ProcessStartInfo(program, ["-f", configuration]) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["TZ"] = "UTC";
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, e) =>
        {
            lock (_error)
            {
                _error.Append(e.Data).Append('\n');
            }
        };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    /// <summary>What it has logged.</summary>
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

    /// <summary>Waits for a text in the log; <paramref name="again"/> is done every quarter of a second, as pmacct looks at signals only when datagrams come.</summary>
    public void WaitFor(string text, Action? again = null)
    {
        for (int i = 0; !Error.Contains(text, StringComparison.Ordinal); i++)
        {
            if (i == 80 || _process.HasExited)
            {
                throw new TimeoutException($"'{text}' did not appear in the log:\n{Error}");
            }

            again?.Invoke();
            SpinWait.SpinUntil(() => Error.Contains(text, StringComparison.Ordinal), TimeSpan.FromMilliseconds(250));
        }
    }

    public void Signal(int signal) => CollectorProcess.SendSignal(_process.Id, signal);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
