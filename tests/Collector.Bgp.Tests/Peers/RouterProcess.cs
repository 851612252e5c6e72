using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Collector.Bgp.Sessions;
using Collector.Bgp.Tests.Sessions;
using Collector.Testing;

namespace Collector.Bgp.Tests.Peers;

/// <summary>A routing daemon in the network namespace of the test, with a folder of its own.</summary>
internal sealed class RouterProcess : IDisposable
{
    /// <summary>Addresses of the speaker under test and of the router.</summary>
    internal const string Speaker = "10.0.0.1", Router = "10.0.0.2";

    private readonly string _program;
    private readonly string[] _arguments;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly StringBuilder _output = new();
    private Process _process;

    private RouterProcess(string program, string[] arguments, IReadOnlyDictionary<string, string> environment)
    {
        (_program, _arguments, _environment) = (program, arguments, environment);
        _process = Start();
    }

    /// <summary>What the daemon printed.</summary>
    internal string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Runs a test in a network of its own, with a speaker on port 1790 and a folder for the daemon's files.</summary>
    internal static void Run(SpeakerOptions options, Action<SpeakerRig, string> test) => PrivateNetwork.Run(() =>
    {
        PrivateNetwork.Ip($"link add r0 type veth peer name r1\nlink set r0 up\nlink set r1 up\naddr add {Speaker}/24 dev r0\naddr add {Router}/24 dev r0");
        string folder = Directory.CreateTempSubdirectory("collector-bgp-").FullName;

        // Some daemons give up root; the files are theirs to read and their sockets theirs to make.
        Command("chmod", "777", folder);
        var rig = new SpeakerRig(options with { Listen = [new IPEndPoint(IPAddress.Parse(Speaker), 1790)] });
        try
        {
            test(rig, folder);
        }
        finally
        {
            rig.DisposeAsync().AsTask().Wait();
            Directory.Delete(folder, recursive: true);
        }
    });

    /// <summary>Writes a file of configuration.</summary>
    internal static string Write(string folder, string name, string text)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Starts a daemon that stays in the foreground.</summary>
    internal static RouterProcess Start(string program, string[] arguments, params (string Name, string Value)[] environment) =>
        new(program, arguments, environment.ToDictionary(e => e.Name, e => e.Value));

    /// <summary>Runs a command to its end and gives what it printed.</summary>
    internal static string Command(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Peer(program), arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output + error.Result;
    }

    /// <summary>The daemon dies as by a crash and starts again.</summary>
    /// <param name="whileAway">Done when it is dead.</param>
    internal void Crash(Action whileAway)
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        whileAway();
        _process.Dispose();
        _process = Start();
    }

    internal void Signal(int signal) => Command("kill", $"-{signal.ToString(CultureInfo.InvariantCulture)}", _process.Id.ToString(CultureInfo.InvariantCulture));

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private static string Peer(string program) => program.StartsWith('/') ? program : Testing.Peers.Find(program)!;

    private Process Start()
    {
        var start = new ProcessStartInfo(Peer(_program), _arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in _environment)
        {
            start.Environment[name] = value;
        }

        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, e) => Append(e.Data);
        process.ErrorDataReceived += (_, e) => Append(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Append(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
