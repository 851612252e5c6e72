using Xunit;

namespace Collector.Testing;

/// <summary>
/// Decides whether a test that needs something beyond the .NET SDK (a Debian package, a folder, a broker, root) runs, is Skipped with the
/// reason, or, where COLLECTOR_REQUIRE_PEERS=1, runs all the same so that the missing part makes it fail.
/// </summary>
public static class Peers
{
    /// <summary>True when a missing part must fail instead of skip (continuous integration sets it).</summary>
    public static bool Required { get; } = Environment.GetEnvironmentVariable("COLLECTOR_REQUIRE_PEERS") == "1";

    /// <summary>The reason to skip, or null when all <paramref name="programs"/> are on PATH or in /usr/sbin, or peers are required.</summary>
    public static string? MissingPrograms(params string[] programs)
    {
        var missing = programs.Where(p => Find(p) is null).ToArray();
        return missing.Length == 0 || Required ? null : $"not installed: {string.Join(", ", missing)}";
    }

    /// <summary>The reason to skip, or null when the process runs as root or peers are required.</summary>
    public static string? NotRoot() => Environment.UserName == "root" || Required ? null : "needs root (network namespaces)";

    /// <summary>The full path of a program, or null.</summary>
    public static string? Find(string program)
    {
        string path = (Environment.GetEnvironmentVariable("PATH") ?? "") + ":/usr/sbin:/sbin:/usr/local/sbin";
        return path.Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(d => Path.Combine(d, program))
            .FirstOrDefault(File.Exists);
    }
}

/// <summary>A test that needs programs of Debian packages; Skipped with their names where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProgramFactAttribute : FactAttribute
{
    /// <summary>Names the programs, for example "nfacctd", "tshark".</summary>
    public ProgramFactAttribute(params string[] programs) => Skip = Peers.MissingPrograms(programs);
}

/// <summary>A theory that needs programs of Debian packages; Skipped with their names where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProgramTheoryAttribute : TheoryAttribute
{
    /// <summary>Names the programs, for example "nfacctd", "tshark".</summary>
    public ProgramTheoryAttribute(params string[] programs) => Skip = Peers.MissingPrograms(programs);
}

/// <summary>A test that makes network namespaces: it needs root, iproute2 and the named programs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NamespaceFactAttribute : FactAttribute
{
    /// <summary>Names the programs needed besides ip(8).</summary>
    public NamespaceFactAttribute(params string[] programs) => Skip = Peers.NotRoot() ?? Peers.MissingPrograms([.. programs, "ip"]);
}

/// <summary>A test that reads the captures beside the repository; Skipped where that folder, or a program named besides, is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedCapturesFactAttribute : FactAttribute
{
    /// <summary>Skips unless the folder of shared captures is there, and the programs are.</summary>
    public SharedCapturesFactAttribute(params string[] programs) => Skip =
        Directory.Exists(RepositoryPaths.SharedCaptures) || Peers.Required ? Peers.MissingPrograms(programs) : $"no folder {RepositoryPaths.SharedCaptures}";
}

/// <summary>A test that needs a Kafka broker; Skipped where KAFKA_BOOTSTRAP_SERVERS is not set.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KafkaFactAttribute : FactAttribute
{
    /// <summary>Skips unless KAFKA_BOOTSTRAP_SERVERS is set.</summary>
    public KafkaFactAttribute() => Skip = Bootstrap is not null || Peers.Required ? null : "KAFKA_BOOTSTRAP_SERVERS is not set";

    /// <summary>Skips as well where the programs are not installed, or the process does not run as root (ports below 1024).</summary>
    public KafkaFactAttribute(params string[] programs)
        : this() => Skip ??= Peers.NotRoot() ?? Peers.MissingPrograms(programs);

    /// <summary>The broker's address list, or null.</summary>
    public static string? Bootstrap => Environment.GetEnvironmentVariable("KAFKA_BOOTSTRAP_SERVERS");
}
