using System.Diagnostics;

namespace Collector.Tests.Replay;

/// <summary>What a replay by the built program wrote, to the byte.</summary>
internal sealed record ReplayProcess(int ExitCode, byte[] Output, string Error)
{
    /// <summary>Runs `collector replay` in a folder that holds no configuration of its own.</summary>
    public static ReplayProcess Run(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "collector"), ["replay", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment["TZ"] = "UTC";
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        return new ReplayProcess(process.ExitCode, output.ToArray(), error.Result);
    }
}
