using System.Text;
using Collector.Configuration;
using Collector.Sinks.Objects;
using Collector.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Collector.Tests.Sinks.Objects;

/// <summary>Objects on their way to files and to a real broker, and the ones that find no place.</summary>
public sealed class ObjectPublisherTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("collector-test");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Log_IsAddedToTheFile_AndOpenedAnewAfterReopen()
    {
        string path = Path.Combine(_folder.FullName, "sub", "log");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "old\n");
        using ObjectPublisher publisher = Files();
        publisher.Start();
        Assert.True(publisher.Publish(Batch(path, "one", "two")));
        WaitFor(() => publisher.Published == 2);
        Assert.Equal("old\none\ntwo\n", File.ReadAllText(path));

        File.Move(path, path + ".1");
        publisher.Reopen();
        WaitFor(() =>
        {
            publisher.Publish(Batch(path, "three"));
            return File.Exists(path);
        });
        publisher.Stop(CancellationToken.None);

        Assert.StartsWith("old\none\ntwo\n", File.ReadAllText(path + ".1"), StringComparison.Ordinal);
        Assert.StartsWith("three\n", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Equal((publisher.Offered, 0, 0), (publisher.Published, publisher.Failed, publisher.Dropped));
    }

    [Fact]
    public void Dump_WritesItsFileAnew_AndTheLinkPointsAtItWhenComplete()
    {
        string path = Path.Combine(_folder.FullName, "dump"), link = Path.Combine(_folder.FullName, "latest");
        File.WriteAllText(path, "the dump of before\n");
        using ObjectPublisher publisher = Files(link);
        publisher.Start();
        publisher.Publish(Batch(path, "init") with { Place = EventPlace.Begin });
        publisher.Publish(Batch(path, "route") with { Place = EventPlace.Middle });
        WaitFor(() => publisher.Published == 2);
        Assert.False(File.Exists(link));
        publisher.Publish(Batch(path, "close") with { Place = EventPlace.End });
        publisher.Stop(CancellationToken.None);

        Assert.Equal("init\nroute\nclose\n", File.ReadAllText(path));
        Assert.Equal(path, new FileInfo(link).LinkTarget);
    }

    [Fact]
    public void WhatCannotBeWritten_IsCounted_AndTheNextIsTried()
    {
        string blocked = Path.Combine(_folder.FullName, "folder");
        Directory.CreateDirectory(blocked);
        using ObjectPublisher publisher = Files();
        publisher.Start();
        publisher.Publish(Batch(blocked, "a", "b", "c"));
        publisher.Publish(Batch(Path.Combine(_folder.FullName, "good"), "d"));
        publisher.Stop(CancellationToken.None);

        Assert.Equal((4, 1, 3, 0), (publisher.Offered, publisher.Published, publisher.Failed, publisher.Dropped));
    }

    [Fact]
    public void Backlog_BeyondItsLimit_IsDroppedAndCounted()
    {
        var options = new ObjectOutputOptions { Path = "unused", MaxBacklogBytes = 10 };
        using ObjectPublisher publisher = ObjectPublisher.Create("log", options, NullLogger.Instance, TimeProvider.System);
        string path = Path.Combine(_folder.FullName, "log");

        // The thread does not run yet, so everything waits.
        Assert.True(publisher.Publish(Batch(path, "12345")));
        Assert.False(publisher.Publish(Batch(path, "67890")));
        Assert.True(publisher.Publish(Batch(path, "abc")));
        publisher.Start();
        publisher.Stop(CancellationToken.None);

        Assert.Equal("12345\nabc\n", File.ReadAllText(path));
        Assert.Equal((3, 2, 0, 1), (publisher.Offered, publisher.Published, publisher.Failed, publisher.Dropped));
    }

    [KafkaFact]
    public void Kafka_GetsOneMessageAnObject_WithItsKey()
    {
        string topic = $"objects-{Guid.NewGuid():N}";
        var options = new ObjectOutputOptions { Kafka = new KafkaOutputOptions { Brokers = KafkaFactAttribute.Bootstrap! } };
        using ObjectPublisher publisher = ObjectPublisher.Create("log", options, NullLogger.Instance, TimeProvider.System);
        publisher.Start();
        publisher.Publish(Batch(topic, "{\"a\": 1}", "{\"a\": 2}") with { Key = "k"u8.ToArray() });
        publisher.Stop(CancellationToken.None);

        Assert.Equal([("k", "{\"a\": 1}"), ("k", "{\"a\": 2}")], KafkaTopicReader.Read(KafkaFactAttribute.Bootstrap!, topic).Select(m => (m.Key!, m.Value)));
        Assert.Equal((2, 2, 0, 0), (publisher.Offered, publisher.Published, publisher.Failed, publisher.Dropped));
    }

    private static ObjectPublisher Files(string? latest = null) =>
        ObjectPublisher.Create("log", new ObjectOutputOptions { Path = "unused", LatestFile = latest }, NullLogger.Instance, TimeProvider.System);

    private static ObjectBatch Batch(string target, params string[] objects) =>
        new(target, null, Encoding.UTF8.GetBytes(string.Concat(objects.Select(o => o + "\n"))), objects.Length);

    private static void WaitFor(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(20)));
}
