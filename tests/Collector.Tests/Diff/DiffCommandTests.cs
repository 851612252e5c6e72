using Collector.Sinks.Kafka;
using Collector.Testing;
using Collector.Tests.Live;
using Confluent.Kafka;
using Xunit;

namespace Collector.Tests.Diff;

/// <summary>The verb as a process: exit codes, and topics of a real broker.</summary>
public sealed class DiffCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("collector-test");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("{\"bytes\": 1}", "{\"bytes\": 1}", 0)]
    [InlineData("{\"bytes\": 1}", "{\"bytes\": 2}", 3)]
    public void Files_ExitCode_SaysWhetherTheyDiffer(string left, string right, int exitCode)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "left"), left);
        File.WriteAllText(Path.Combine(_folder.FullName, "right"), right);
        using var collector = new CollectorProcess("diff", Path.Combine(_folder.FullName, "left"), Path.Combine(_folder.FullName, "right"));

        Assert.Equal(exitCode, collector.WaitForExit());
        Assert.StartsWith("left  ", collector.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "/does/not/exist", "/does/not/exist")]
    [InlineData(2, "kafka://127.0.0.1:9092", "kafka://127.0.0.1:9092")]
    [InlineData(2, "a", "b", "--for", "soon")]
    [InlineData(2, "a", "b", "--tolerance", "101")]
    [InlineData(2, "a", "b", "-X", "name")]
    public void WhatCannotBeRead_IsOneSentence(int exitCode, params string[] arguments)
    {
        using var collector = new CollectorProcess(["diff", .. arguments]);

        Assert.Equal(exitCode, collector.WaitForExit());
        Assert.Empty(collector.Output);
        Assert.NotEmpty(collector.Error);
    }

    [KafkaFact]
    public void Topics_AreReadToTheirEnd()
    {
        string left = $"diff-{Guid.NewGuid():N}", right = $"diff-{Guid.NewGuid():N}";
        KafkaLibrary.Load(null);
        using (IProducer<Null, string> producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = KafkaFactAttribute.Bootstrap }).Build())
        {
            producer.Produce(left, new Message<Null, string> { Value = "{\"ip_src\": \"10.0.0.1\", \"packets\": 1, \"bytes\": 40}" });
            producer.Produce(left, new Message<Null, string> { Value = "{\"ip_src\": \"10.0.0.1\", \"packets\": 2, \"bytes\": 60}" });
            producer.Produce(right, new Message<Null, string> { Value = "{\"ip_src\": \"10.0.0.1\", \"packets\": 3, \"bytes\": 100}\n{\"ip_src\": \"10.0.0.2\", \"packets\": 1, \"bytes\": 1}" });
            producer.Flush(TimeSpan.FromSeconds(20));
        }

        using var collector = new CollectorProcess("diff", $"kafka://{KafkaFactAttribute.Bootstrap}/{left}", $"kafka://{KafkaFactAttribute.Bootstrap}/{right}");
        Assert.Equal(3, collector.WaitForExit());
        Assert.Contains("compared: 1 windows; 1 keys are equal\nonly on the right: 1 key, bytes 1, packets 1\n", collector.Output, StringComparison.Ordinal);
    }

    [KafkaFact]
    public void TopicThatDoesNotExist_IsOneSentence()
    {
        using var collector = new CollectorProcess("diff", "-X", "allow.auto.create.topics=false", $"kafka://{KafkaFactAttribute.Bootstrap}/none-{Guid.NewGuid():N}", "kafka://127.0.0.1:1/x");

        Assert.Equal(1, collector.WaitForExit());
        Assert.Contains("topic none-", collector.Error, StringComparison.Ordinal);
    }
}
