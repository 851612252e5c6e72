using System.Text.Json;
using Collector.Testing;

namespace Collector.Differential.Captures;

/// <summary>A capture of the matrix.</summary>
/// <param name="Name">The file's name, or the shared case's.</param>
/// <param name="Files">Full paths, in order.</param>
/// <param name="IgnoredSenders">Senders of damaged datagrams, which are left out.</param>
internal sealed record MatrixCapture(string Name, IReadOnlyList<string> Files, IReadOnlyList<string> IgnoredSenders)
{
    /// <summary>The project's own captures and the made ones; the shared ones where their folder is.</summary>
    public static IReadOnlyList<MatrixCapture> All { get; } =
    [
        .. OfFolder(RepositoryPaths.Pcaps),
        .. OfFolder(RepositoryPaths.MadePcaps),
        .. Directory.Exists(RepositoryPaths.SharedCaptures)
            ? Directory.GetFiles(Path.Combine(RepositoryPaths.SharedCaptures, "cases"), "*.json").Order(StringComparer.Ordinal).Select(Shared)
            : [],
    ];

    /// <summary>The daemon that reads it: what begins with a version of 32 bits is sFlow.</summary>
    public string Daemon => Transcript.IsSFlow(this) ? "sfacctd" : "nfacctd";

    private static IEnumerable<MatrixCapture> OfFolder(string folder) => Directory.GetFiles(folder, "*.pcap*").Order(StringComparer.Ordinal)
        .Select(f => new MatrixCapture(Path.GetFileNameWithoutExtension(f), [f], []));

    private static MatrixCapture Shared(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement root = document.RootElement;
        return new MatrixCapture(
            root.GetProperty("name").GetString()!,
            [.. root.GetProperty("files").EnumerateArray().Select(f => Path.Combine(RepositoryPaths.SharedCaptures, f.GetString()!))],
            root.TryGetProperty("ignore_peers", out JsonElement peers) ? [.. peers.EnumerateArray().Select(p => p.GetString()!)] : []);
    }
}
