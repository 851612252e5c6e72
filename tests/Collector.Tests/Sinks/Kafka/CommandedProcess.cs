using System.Diagnostics;
using Xunit;

namespace Collector.Tests.Sinks.Kafka;

/// <summary>A process that takes commands on standard input and answers each with "ok COMMAND"; it ends with its input.</summary>
/// <param name="start">The program and its arguments; both streams are redirected here.</param>
/// <param name="endMilliseconds">How long it may take to end by itself.</param>
internal abstract class CommandedProcess(ProcessStartInfo start, int endMilliseconds) : IDisposable
{
    private readonly Process _process = Start(start);

    public void Do(string command)
    {
        _process.StandardInput.WriteLine(command);
        _process.StandardInput.Flush();
        Assert.Equal($"ok {command}", _process.StandardOutput.ReadLine());
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(endMilliseconds))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    /// <summary>The next line of standard output; throws with the sentence given when there is none.</summary>
    protected string ReadLine(string sentence) => _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException(sentence);

    private static Process Start(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        Process process = Process.Start(start)!;
        if (start.RedirectStandardError)
        {
            // Read and forgotten: a full pipe would stop the process.
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
        }

        return process;
    }
}
