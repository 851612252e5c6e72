using Collector.Differential.Generation;
using Collector.Testing;

namespace Collector.Differential.Running;

/// <summary>nfacctd or sfacctd 1.7.7 over one capture.</summary>
internal static class PmacctSide
{
    // "unknown", "ignored", "invalid" in all their spellings: a line that pmacct leaves out makes a comparison of two other configurations.
    private static readonly string[] Complaint = ["nknown key", "nknown symbol", "gnored", "gnoring", "nvalid", "ERROR", "not supported", "Globalized"];

    /// <summary>Runs it to its end; it takes about four seconds, nearly all of them asleep.</summary>
    public static async Task<SideResult> RunAsync(GeneratedConfiguration configuration, string daemon, string capture)
    {
        using var folder = new TemporaryFolder();
        string file = configuration.Write(daemon, folder.Path, "daemonize: false", $"pcap_savefile: {capture}", "plugin_buffer_size: 10240", "plugin_pipe_size: 10240000");
        PeerProcessResult result;
        try
        {
            result = await PeerProcess.RunAsync(Peers.Find(daemon)!, ["-f", file], folder.Path);
        }
        catch (TimeoutException e)
        {
            return SideResult.Failed(e.Message);
        }

        if (result.ExitCode > 128)
        {
            return SideResult.Failed(SideResult.Crash);
        }

        string[] log = result.Error.Split('\n');
        string[] complaints = [.. log.Where(IsComplaint).Select(l => l.Replace(folder.Path, "", StringComparison.Ordinal)).Distinct()];
        // With a name that has variables the end is not logged.
        bool purged = configuration.Outputs.All(o => log.Any(l => l.Contains($"( {o.Name}/print ): *** Purging cache - {(o.Path.Contains('$', StringComparison.Ordinal) || o.Path.Contains('%', StringComparison.Ordinal) ? "START" : "END")}", StringComparison.Ordinal)));
        return result.ExitCode != 0 || !purged
            ? SideResult.Failed($"exit code {result.ExitCode}, {(purged ? "all" : "not all")} outputs purged: {string.Join(" | ", complaints)}") with { Complaints = complaints }
            : new SideResult(SideResult.ReadFiles(folder.Path), null, complaints);
    }

    // Without an index maps work all the same; a jump to a line of the other family's list is none.
    private static bool IsComplaint(string line) => Complaint.Any(c => line.Contains(c, StringComparison.Ordinal))
        && !line.Contains("Negations not supported", StringComparison.Ordinal) && !line.Contains("Unresolved label", StringComparison.Ordinal);
}
