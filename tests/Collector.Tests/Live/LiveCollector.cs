using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Collector.Tests.Pipeline;
using Collector.Tests.Receiving;
using Xunit;

namespace Collector.Tests.Live;

/// <summary>A daemon on a port of loopback with a folder of its own, and exporters that send to it.</summary>
internal sealed class LiveCollector : IDisposable
{
    private readonly Dictionary<string, string> _environment;
    private CollectorProcess? _process;

    public LiveCollector()
    {
        Folder = Directory.CreateTempSubdirectory("live-collector-").FullName;
        _environment = new Dictionary<string, string> { ["STATE_DIRECTORY"] = Path.Combine(Folder, "state") };
        using var probe = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        Port = ((IPEndPoint)probe.Client.LocalEndPoint!).Port;
        Directory.CreateDirectory(_environment["STATE_DIRECTORY"]);
    }

    public string Folder { get; }

    public int Port { get; }

    public CollectorProcess Process => _process!;

    /// <summary>The rows of one output's file, `NAME.json`.</summary>
    public string[] Rows(string name) => File.Exists(FileOf(name)) ? File.ReadAllLines(FileOf(name)) : [];

    public string FileOf(string name) => Path.Combine(Folder, $"{name}.json");

    /// <summary>Writes the configuration: the lines given behind the address, the port and a file for each output named.</summary>
    public string Configure(string lines, params string[] outputs)
    {
        string path = Path.Combine(Folder, "nfacctd.conf");
        IEnumerable<string> files = outputs.Select(o => $"print_output_file[{o}]: {FileOf(o)}\nprint_output[{o}]: json\n");
        File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $"nfacctd_ip: 127.0.0.1\nnfacctd_port: {Port}\n{string.Concat(files)}{lines}\n"));
        return path;
    }

    /// <summary>Starts the daemon and waits until it receives.</summary>
    public CollectorProcess Start(string configuration, params string[] switches)
    {
        _process = Launch(configuration, switches);
        _process.WaitForError("receiving on ");
        return _process;
    }

    /// <summary>Starts a daemon, which the caller disposes of.</summary>
    public CollectorProcess Launch(string configuration, params string[] switches) => new(_environment, ["run", configuration.EndsWith(".yaml", StringComparison.Ordinal) ? "--config" : "-f", configuration, .. switches]);

    /// <summary>Sends each payload from a port of 127.0.0.1.</summary>
    public void Send(params byte[][] payloads)
    {
        using var sender = new UdpSender("127.0.0.1", Port);
        foreach (byte[] payload in payloads)
        {
            sender.Send(payload);
        }
    }

    /// <summary>Stops the daemon as systemd does, which must take seconds, and returns the ledger that it logs last.</summary>
    public LedgerText StopAndReadLedger()
    {
        Process.Signal(CollectorProcess.SigTerm);
        int exitCode = Process.WaitForExit(20);
        Assert.True(exitCode == 0, $"exit code {exitCode}:\n{Process.Error}");
        return LedgerText.ParseLog(Process.Error);
    }

    /// <summary>Waits until something is so.</summary>
    public void WaitUntil(Func<bool> condition, string what) =>
        Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(20)), $"waited 20 s for {what}:\n{_process?.Error}");

    public void Dispose()
    {
        _process?.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
