using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Collector.Testing;
using Collector.Tests.Live;

namespace Collector.Tests.Oracle;

/// <summary>nfacctd (or sfacctd) and the collector with the same configuration on two ports of 127.0.0.1, each printing to files of its own.</summary>
internal sealed class DaemonPair : IDisposable
{
    public const int Collector = 0;
    public const int Peer = 1;

    private readonly string _folder = Directory.CreateTempSubdirectory("live-windows-").FullName;
    private readonly CollectorProcess[] _daemons;

    /// <summary>Starts both.</summary>
    /// <param name="program">nfacctd or sfacctd.</param>
    /// <param name="boundary">The second at which a bin is to end.</param>
    /// <param name="outputs">The plugins.</param>
    /// <param name="lines">Lines for all of them.</param>
    public DaemonPair(string program, long boundary, LiveOutput[] outputs, params string[] lines)
    {
        Program = program;
        _daemons =
        [
            new CollectorProcess(new Dictionary<string, string> { ["STATE_DIRECTORY"] = _folder }, "run", "-f", Configure(Collector, boundary, outputs, lines)),
            CollectorProcess.OtherProgram(Peers.Find(program)!, "-f", Configure(Peer, boundary, outputs, lines)),
        ];
    }

    /// <summary>The one beside the collector.</summary>
    public string Program { get; }

    /// <summary>The collector's, then the other's.</summary>
    public int[] Ports { get; } = [FreePort.Udp(), FreePort.Udp()];

    public string ErrorOfPeer => _daemons[Peer].Error;

    /// <summary>Waits until both listen.</summary>
    public void WaitUntilReady()
    {
        _daemons[Collector].WaitForError("receiving on ");
        _daemons[Peer].WaitForError(Program == "sfacctd" ? "waiting for sFlow data" : "waiting for NetFlow/IPFIX data");
    }

    public void Stop()
    {
        foreach (CollectorProcess daemon in _daemons)
        {
            daemon.Signal(CollectorProcess.SigInt);
        }

        foreach (CollectorProcess daemon in _daemons)
        {
            daemon.WaitForExit(20);
        }
    }

    /// <summary>The file that a daemon prints an output to; absent until the first purge with rows.</summary>
    public string OutputOf(int daemon, LiveOutput output) => Path.Combine(_folder, $"{NameOf(daemon)}-{output.Name}.json");

    public void Dispose()
    {
        foreach (CollectorProcess daemon in _daemons)
        {
            daemon.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private string NameOf(int daemon) => daemon == Collector ? "collector" : Program;

    private string Configure(int daemon, long boundary, LiveOutput[] outputs, string[] lines)
    {
        string file = Path.Combine(_folder, NameOf(daemon) + ".conf");
        File.WriteAllLines(
            file,
            [
                string.Create(CultureInfo.InvariantCulture, $"{Program}_port: {Ports[daemon]}"), $"{Program}_ip: 127.0.0.1", "daemonize: false",
                "print_output: json", "print_output_file_append: true", $"plugins: {string.Join(", ", outputs.Select(o => $"print[{o.Name}]"))}",
                .. lines, .. outputs.SelectMany(o => o.Lines(boundary)), .. outputs.Select(o => $"print_output_file[{o.Name}]: {OutputOf(daemon, o)}"),
            ]);
        return file;
    }
}
