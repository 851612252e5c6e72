using System.Diagnostics;
using Xunit;

namespace Collector.Tests.Sinks.Kafka;

/// <summary>The mock cluster of Collector.MockKafka in a process of its own.</summary>
internal sealed class MockKafkaProcess : IDisposable
{
    private readonly Process _process;

    public MockKafkaProcess(int brokers = 1)
    {
        _process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Collector.MockKafka"), brokers.ToString())
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        BootstrapServers = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The mock cluster did not start.");
    }

    public string BootstrapServers { get; }

    public void Do(string command)
    {
        _process.StandardInput.WriteLine(command);
        _process.StandardInput.Flush();
        Assert.Equal($"ok {command}", _process.StandardOutput.ReadLine());
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(2000))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
