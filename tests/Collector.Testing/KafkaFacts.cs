using System.Runtime.InteropServices;
using Xunit;

namespace Collector.Testing;

/// <summary>A test that needs librdkafka (and no broker); Skipped where the library is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KafkaLibraryFactAttribute : FactAttribute
{
    private static readonly bool Installed = NativeLibrary.TryLoad("librdkafka.so.1", out _);

    /// <summary>Skips unless librdkafka.so.1 can be loaded.</summary>
    public KafkaLibraryFactAttribute() => Skip = Installed || Peers.Required ? null : "not installed: librdkafka1";
}

/// <summary>A test that starts and stops a broker of its own; Skipped where the shared folder's Kafka or Java is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KafkaControlFactAttribute : FactAttribute
{
    /// <summary>Skips unless the shared Kafka, python3 and java are there.</summary>
    public KafkaControlFactAttribute() =>
        Skip = (File.Exists(Runner) || Peers.Required ? null : $"no file {Runner}") ?? Peers.MissingPrograms("python3", "java");

    /// <summary>The program that runs a real Kafka on loopback.</summary>
    public static string Runner => Path.GetFullPath(Path.Combine(RepositoryPaths.Root, "..", "shared", "kafka", "run"));
}
