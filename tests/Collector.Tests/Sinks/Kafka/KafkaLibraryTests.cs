using Collector.Configuration;
using Collector.Sinks.Kafka;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Sinks.Kafka;

public sealed class KafkaLibraryTests
{
    [Fact]
    public void FindAmong_NowhereFound_SaysWhatToInstall()
    {
        KafkaConfigurationException error = Assert.Throws<KafkaConfigurationException>(() => KafkaLibrary.FindAmong(["/nonexistent/librdkafka.so", "librdkafka.so.9999"]));

        Assert.Equal(
            "A Kafka output needs librdkafka, which is not installed (looked for /nonexistent/librdkafka.so, then librdkafka.so.9999): "
            + "apt-get install librdkafka1, or name its file with kafka.library.",
            error.Message);
    }

    [Fact]
    public void Open_FileDoesNotExist_SaysSo()
    {
        KafkaConfigurationException error = Assert.Throws<KafkaConfigurationException>(() => KafkaLibrary.Open("/nonexistent/librdkafka.so"));

        Assert.StartsWith("kafka.library: /nonexistent/librdkafka.so does not exist: ", error.Message);
    }

    [Fact]
    public void Open_FileIsNoLibrary_SaysSo()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "not a library");
            KafkaConfigurationException error = Assert.Throws<KafkaConfigurationException>(() => KafkaLibrary.Open(path));
            Assert.StartsWith($"kafka.library: {path} cannot be loaded (", error.Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Open_AnotherLibrary_IsRefused()
    {
        KafkaConfigurationException error = Assert.Throws<KafkaConfigurationException>(() => KafkaLibrary.Open("libc.so.6"));

        Assert.StartsWith("libc.so.6 is not librdkafka", error.Message);
    }

    [KafkaLibraryFact]
    public void Load_SystemLibrary_TellsItsVersion()
    {
        KafkaLibrary library = KafkaLibrary.Load(null);

        Assert.Matches("^[12]\\.[0-9]+\\.[0-9]+", library.Version);
        Assert.Equal(uint.Parse(library.Version.Split('.')[0]), library.Number >> 24);
        Assert.Same(library, KafkaLibrary.Load(library.Path));
    }

    [KafkaLibraryFact]
    public void Load_AnotherFileThanTheLoadedOne_IsRefused()
    {
        KafkaLibrary.Load(null);

        Assert.Contains("one process loads one librdkafka", Assert.Throws<KafkaConfigurationException>(() => KafkaLibrary.Load("/other/librdkafka.so")).Message);
    }

    [KafkaLibraryFact]
    public void Errors_UnknownAndBadProperties_AreAllFound()
    {
        IReadOnlyList<string> errors = KafkaPropertyCheck.Errors(
            KafkaLibrary.Load(null),
            [new("linger.ms", "5"), new("lingr.ms", "5"), new("acks", "several"), new("compression.codec", "none")]);

        Assert.Equal(2, errors.Count);
        Assert.Matches("^librdkafka [0-9.]+ refuses lingr.ms: No such configuration property", errors[0]);
        Assert.Matches("^librdkafka [0-9.]+ refuses acks: Invalid value", errors[1]);
    }

    [KafkaLibraryFact]
    public void Start_PropertiesThatExcludeEachOther_OneSentence()
    {
        KafkaOutputOptions options = SinkHarness.With("flows", ("enable.idempotence", "true"), ("acks", "1"));

        KafkaConfigurationException error = Assert.Throws<KafkaConfigurationException>(() => new SinkHarness("127.0.0.1:1", options));

        Assert.StartsWith("output kk: librdkafka refuses the configuration: ", error.Message);
    }

    [KafkaLibraryFact]
    public void Start_UnknownProperty_NamesOutputAndProperty()
    {
        KafkaConfigurationException error = Assert.Throws<KafkaConfigurationException>(() => new SinkHarness("127.0.0.1:1", SinkHarness.With("flows", ("no.such", "1"))));

        Assert.Matches("^output kk: librdkafka [0-9.]+ refuses no.such: ", error.Message);
    }
}
