using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Collector.Sinks.Kafka;

/// <summary>The librdkafka that Confluent.Kafka calls: found and loaded by us, as the package that would bring it is not taken.</summary>
/// <remarks>
/// Nothing here runs, and librdkafka is not looked for, until a Kafka output is opened or checked. Safe to call from any thread.
/// </remarks>
public sealed class KafkaLibrary
{
    /// <summary>The first librdkafka that can log in to Kafka 4 by SCRAM: older ones send a nonce that it refuses.</summary>
    public const uint FirstWithScramOfKafka4 = 0x02_06_01_00;

    private const string SystemName = "librdkafka.so.1";

    private static readonly Lock Gate = new();
    private static KafkaLibrary? Loaded;

    private KafkaLibrary(string path, nint handle)
    {
        Path = path;
        Handle = handle;
        Number = VersionNumber(handle);
        Version = VersionText(handle);
    }

    /// <summary>The name or path it was loaded by.</summary>
    public string Path { get; }

    /// <summary>Its own version text, for example 2.0.2.</summary>
    public string Version { get; }

    /// <summary>The version as 0xMMmmrrpp.</summary>
    public uint Number { get; }

    internal nint Handle { get; }

    /// <summary>
    /// Loads librdkafka once per process: <paramref name="configured"/> (<c>kafka.library</c>) if given and nothing else, else librdkafka.so
    /// beside the program, else the system's librdkafka.so.1.
    /// </summary>
    /// <exception cref="KafkaConfigurationException">It is not there, is no librdkafka, or another one is loaded already.</exception>
    public static KafkaLibrary Load(string? configured)
    {
        lock (Gate)
        {
            if (Loaded is { } present)
            {
                return configured is null || configured == present.Path
                    ? present
                    : throw new KafkaConfigurationException(
                        $"kafka.library: one process loads one librdkafka: {present.Path} is loaded already, so {configured} cannot be; "
                        + "name the same file in all outputs.");
            }

            KafkaLibrary library = configured is null
                ? FindAmong([System.IO.Path.Combine(AppContext.BaseDirectory, "librdkafka.so"), SystemName])
                : Open(configured);
            NativeLibrary.SetDllImportResolver(typeof(ProducerConfig).Assembly, (name, _, _) => name == "librdkafka" ? library.Handle : 0);
            return Loaded = library;
        }
    }

    internal static KafkaLibrary FindAmong(IReadOnlyList<string> places)
    {
        foreach (string place in places)
        {
            if (NativeLibrary.TryLoad(place, out nint handle))
            {
                return Checked(place, handle);
            }
        }

        throw new KafkaConfigurationException(
            $"A Kafka output needs librdkafka, which is not installed (looked for {string.Join(", then ", places)}): "
            + "apt-get install librdkafka1, or name its file with kafka.library.");
    }

    internal static KafkaLibrary Open(string path)
    {
        try
        {
            return Checked(path, NativeLibrary.Load(path));
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            string why = File.Exists(path) ? $"cannot be loaded ({e.Message.ReplaceLineEndings(" ").Trim()})" : "does not exist";
            throw new KafkaConfigurationException(
                $"kafka.library: {path} {why}: name the file of librdkafka, or leave the key out and apt-get install librdkafka1.", e);
        }
    }

    private static KafkaLibrary Checked(string path, nint handle) =>
        NativeLibrary.TryGetExport(handle, "rd_kafka_version_str", out _)
            ? new KafkaLibrary(path, handle)
            : throw new KafkaConfigurationException(
                $"{path} is not librdkafka (it has no rd_kafka_version_str): name the file of librdkafka with kafka.library.");

    private static unsafe uint VersionNumber(nint handle) =>
        (uint)((delegate* unmanaged[Cdecl]<int>)NativeLibrary.GetExport(handle, "rd_kafka_version"))();

    private static unsafe string VersionText(nint handle) =>
        Marshal.PtrToStringUTF8(((delegate* unmanaged[Cdecl]<nint>)NativeLibrary.GetExport(handle, "rd_kafka_version_str"))()) ?? "";
}
