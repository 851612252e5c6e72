using System.Diagnostics;
using System.Globalization;

namespace Collector.Differential.Running;

/// <summary>What a program left behind when it ended.</summary>
/// <param name="ExitCode">Exit status; 128 + signal number where a signal ended it.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record PeerProcessResult(int ExitCode, string Output, string Error);

/// <summary>Runs a program to its end in a folder of its own, its zone UTC.</summary>
internal static class PeerProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <exception cref="TimeoutException">The program did not end within a minute; it and its children have been killed.</exception>
    public static async Task<PeerProcessResult> RunAsync(string program, IEnumerable<string> arguments, string folder)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TZ"] = "UTC";
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(timeout.Token);

            if (process.ExitCode > 128)
            {
                KillOrphans(folder);
            }

            // pmacct's plugins hold the pipes too: their end means that the print plugin has written its file.
            return new PeerProcessResult(process.ExitCode, await output.WaitAsync(timeout.Token), await error.WaitAsync(timeout.Token));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            KillOrphans(folder);
            throw new TimeoutException($"{program} did not end within {Limit.TotalSeconds} s in {folder}");
        }
    }

    // pmacct's plugins outlive a core that crashed; they are known by the folder they work in.
    private static void KillOrphans(string folder)
    {
        foreach (string entry in Directory.GetDirectories("/proc").Where(e => int.TryParse(Path.GetFileName(e), out _)))
        {
            try
            {
                if (new FileInfo(Path.Combine(entry, "cwd")).LinkTarget == folder)
                {
                    using var orphan = Process.GetProcessById(int.Parse(Path.GetFileName(entry), CultureInfo.InvariantCulture));
                    orphan.Kill();
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
            {
                // It ended meanwhile, or is another user's.
            }
        }
    }
}
