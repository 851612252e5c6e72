using System.Diagnostics;
using Collector.Configuration;
using Collector.Sinks;
using Collector.Sinks.Kafka;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Sinks.Kafka;

/// <summary>Every way in which rows can be lost, injected by exact number and read back; the harness checks the sums of each purge.</summary>
public sealed class KafkaSinkFaultTests : IDisposable
{
    private const int ProduceRequest = 0;
    private const int InitProducerIdRequest = 22;

    /// <summary>One batch holds a whole purge: it is sent when Publish flushes, so one failed request is one failed purge.</summary>
    private static readonly (string, string) OneBatch = ("linger.ms", "5000");

    private readonly MockKafkaProcess? _mock = new KafkaLibraryFactAttribute().Skip is null ? new MockKafkaProcess() : null;

    [KafkaLibraryFact]
    public void Publish_RetriableErrors_NothingIsLostOrDoubled()
    {
        const int NotLeader = 6;
        const int RequestTimedOut = 7;
        _mock!.Do("topic flows 1");
        using SinkHarness harness = new(_mock.BootstrapServers, SinkHarness.With("flows", OneBatch, ("retry.backoff.ms", "50")));

        _mock.Do($"errors {ProduceRequest} {NotLeader} {RequestTimedOut} {NotLeader}");
        PublishResult result = harness.Publish(NumberedRows.Of(300));

        Assert.Equal((300, 0), (result.PublishedRows, result.LostRows));
        Assert.Equal(Enumerable.Range(0, 300), KafkaTopicReader.Read(_mock.BootstrapServers, "flows").SelectMany(m => m.Numbers()));
    }

    [KafkaLibraryFact]
    public void Publish_BrokerRefusesABatch_ItsRowsAreCountedAsFailedAndTheNextPurgeArrives()
    {
        const int InvalidRecord = 87;
        _mock!.Do("topic flows 1");
        using SinkHarness harness = new(_mock.BootstrapServers, SinkHarness.With("flows", OneBatch));

        _mock.Do($"errors {ProduceRequest} {InvalidRecord}");
        PublishResult refused = harness.Publish(NumberedRows.Of(300));
        PublishResult taken = harness.Publish(NumberedRows.Of(20, first: 300));

        Assert.Equal((0, 300), (refused.PublishedRows, refused.LostRows));
        Assert.Equal((20, 0), (taken.PublishedRows, taken.LostRows));
        Assert.Equal(300, harness.Sink.Counters.LostRows(KafkaLoss.Failed));
        Assert.Equal(Enumerable.Range(300, 20), KafkaTopicReader.Read(_mock.BootstrapServers, "flows").SelectMany(m => m.Numbers()));
        Assert.Contains(harness.Log.Warnings, l => l.Contains("output kk: 300 of 300 rows of purge 1 were lost (Broker: Broker failed to validate record)"));
    }

    [KafkaLibraryFact]
    public void Publish_AnyMixtureOfErrors_WhatIsCountedAsPublishedIsWhatArrived()
    {
        // Retriable, not retriable, and 45 (out of order sequence number), which is fatal. Not 29 (topic authorization failed): after it
        // librdkafka refuses the topic until its next look at the metadata, so that most of this test would see nothing else.
        int[] errors = [3, 5, 6, 7, 9, 10, 13, 19, 20, 45, 47, 59, 87];
        _mock!.Do("topic flows 1");
        KafkaOutputOptions options = SinkHarness.With("flows", ("linger.ms", "1500"), ("retry.backoff.ms", "20"), ("message.timeout.ms", "2000"), ("topic.metadata.refresh.fast.interval.ms", "50"));
        using SinkHarness harness = new(_mock.BootstrapServers, options);
        Random random = new(2);
        long published = 0;
        for (int purge = 0; purge < 12; purge++)
        {
            _mock.Do($"clear {ProduceRequest}");
            _mock.Do($"errors {ProduceRequest} {string.Join(' ', random.GetItems(errors, 2))}");
            published += harness.Publish(NumberedRows.Of(50, first: purge * 50)).PublishedRows;
        }

        _mock.Do($"clear {ProduceRequest}");
        List<int> arrived = [.. KafkaTopicReader.Read(_mock.BootstrapServers, "flows").SelectMany(m => m.Numbers())];
        Assert.Equal(published, arrived.Count);
        Assert.Equal(arrived.Distinct(), arrived);
        Assert.InRange(published, 1, 599);
        Assert.InRange(harness.Sink.Counters.ProducersMade, 2, 12);
    }

    [KafkaLibraryFact]
    public void Publish_FatalError_RowsUnderWayAreLostOnceAndANewProducerGoesOn()
    {
        const int ClusterAuthorizationFailed = 31;
        _mock!.Do("topic flows 1");
        _mock.Do($"errors {InitProducerIdRequest} {ClusterAuthorizationFailed}");
        using SinkHarness harness = new(_mock.BootstrapServers, SinkHarness.With("flows", OneBatch));

        PublishResult first = harness.Publish(NumberedRows.Of(300));
        PublishResult second = harness.Publish(NumberedRows.Of(50, first: 300));

        Assert.Equal((50, 0), (second.PublishedRows, second.LostRows));
        // A row produced in the instant between librdkafka's fatal state and its call-back is told from the outside as refused.
        Assert.Equal(first.LostRows, harness.Sink.Counters.LostRows(KafkaLoss.Fatal) + harness.Sink.Counters.LostRows(KafkaLoss.Refused));
        Assert.Equal(2, harness.Sink.Counters.ProducersMade);
        List<int> arrived = [.. KafkaTopicReader.Read(_mock.BootstrapServers, "flows").SelectMany(m => m.Numbers())];
        Assert.Equal(first.PublishedRows + 50, arrived.Count);
        Assert.Equal(Enumerable.Range((int)first.LostRows, arrived.Count), arrived);
        Assert.Contains(harness.Log.Warnings, l => l.Contains("met a fatal error"));
    }

    [KafkaLibraryFact]
    public void Publish_FatalErrorAgainAndAgain_ThePurgeIsGivenUpAndTheNextOneTriesAnew()
    {
        const int ClusterAuthorizationFailed = 31;
        _mock!.Do("topic flows 1");
        _mock.Do($"errors {InitProducerIdRequest} {string.Join(' ', Enumerable.Repeat(ClusterAuthorizationFailed, 3))}");
        KafkaOutputOptions smallQueue = SinkHarness.With("flows", OneBatch, ("queue.buffering.max.messages", "10"));
        using SinkHarness harness = new(_mock.BootstrapServers, smallQueue);

        PublishResult given = harness.Publish(NumberedRows.Of(300));
        PublishResult taken = harness.Publish(NumberedRows.Of(5, first: 300));

        Assert.Equal((0, 300), (given.PublishedRows, given.LostRows));
        Assert.Equal((5, 0), (taken.PublishedRows, taken.LostRows));
        Assert.Equal(300, harness.Sink.Counters.LostRows(KafkaLoss.Fatal) + harness.Sink.Counters.LostRows(KafkaLoss.Refused));
        Assert.Equal(4, harness.Sink.Counters.ProducersMade);
    }

    [KafkaLibraryFact]
    public void Publish_QueueFull_WaitsAndLosesNothing()
    {
        _mock!.Do("topic flows 1");
        _mock.Do("delay 1 20");
        using SinkHarness harness = new(_mock.BootstrapServers, SinkHarness.With("flows", ("queue.buffering.max.messages", "50"), ("linger.ms", "0")));

        PublishResult result = harness.Publish(NumberedRows.Of(1_000));

        Assert.Equal((1_000, 0), (result.PublishedRows, result.LostRows));
        Assert.True(harness.Sink.Counters.QueueFullWaits > 0);
        Assert.Equal(Enumerable.Range(0, 1_000), KafkaTopicReader.Read(_mock.BootstrapServers, "flows").SelectMany(m => m.Numbers()));
    }

    [KafkaLibraryFact]
    public void Publish_BrokerDownLongerThanTheTimeout_RowsAreCountedAsTimeoutAndLaterOnesArrive()
    {
        _mock!.Do("topic flows 1");
        using SinkHarness harness = new(_mock.BootstrapServers, SinkHarness.With("flows", ("message.timeout.ms", "3000"), ("reconnect.backoff.max.ms", "200")));
        harness.Publish(NumberedRows.Of(10));

        _mock.Do("down 1");
        PublishResult lost = harness.Publish(NumberedRows.Of(200, first: 10));
        _mock.Do("up 1");
        PublishResult taken = harness.Publish(NumberedRows.Of(10, first: 210));

        Assert.Equal((0, 200), (lost.PublishedRows, lost.LostRows));
        Assert.Equal((10, 0), (taken.PublishedRows, taken.LostRows));
        Assert.Equal(200, harness.Sink.Counters.LostRows(KafkaLoss.Timeout));
        Assert.Equal([.. Enumerable.Range(0, 10), .. Enumerable.Range(210, 10)], KafkaTopicReader.Read(_mock.BootstrapServers, "flows").SelectMany(m => m.Numbers()));
        Assert.Single(harness.Log.Warnings, l => l.Contains($"no broker of {_mock.BootstrapServers} can be reached"));
        Assert.Contains(harness.Log.All, l => l.Contains("the brokers take rows again"));
    }

    [KafkaLibraryFact]
    public void Publish_BrokerDownForAMoment_EverythingArrivesOnce()
    {
        _mock!.Do("topic flows 1");
        using SinkHarness harness = new(_mock.BootstrapServers, SinkHarness.With("flows", ("reconnect.backoff.max.ms", "200"), ("queue.buffering.max.messages", "500")));
        harness.Publish(NumberedRows.Of(10));

        _mock.Do("down 1");
        using Timer back = new(_ => _mock.Do("up 1"), null, TimeSpan.FromMilliseconds(700), Timeout.InfiniteTimeSpan);
        PublishResult result = harness.Publish(NumberedRows.Of(2_000, first: 10));

        Assert.Equal((2_000, 0), (result.PublishedRows, result.LostRows));
        Assert.Equal(Enumerable.Range(0, 2_010), KafkaTopicReader.Read(_mock.BootstrapServers, "flows").SelectMany(m => m.Numbers()));
    }

    [KafkaLibraryFact]
    public void Publish_AnswerLaterThanTheTimeout_LostRowsAreMarkedAsPossiblyWritten()
    {
        _mock!.Do("topic flows 1");
        using SinkHarness harness = new(_mock.BootstrapServers, SinkHarness.With("flows", OneBatch with { Item2 = "0" }, ("message.timeout.ms", "3000"), ("socket.timeout.ms", "4000")));
        harness.Publish(NumberedRows.Of(1));

        _mock.Do("delay 1 9000");
        PublishResult result = harness.Publish(NumberedRows.Of(30, first: 1));

        Assert.Equal((0, 30), (result.PublishedRows, result.LostRows));
        Assert.Equal(30, harness.Sink.Counters.LostRows(KafkaLoss.Timeout));
        Assert.InRange(harness.Sink.Counters.LostRowsPossiblyWritten, 1, 30);
    }

    [KafkaLibraryFact]
    public void Publish_RowLargerThanAMessage_IsCountedAsRefused()
    {
        _mock!.Do("topic flows 1");
        // Packed rows are larger than the broker's limit; the markers are not.
        KafkaOutputOptions small = SinkHarness.With("flows", ("message.max.bytes", "1000")) with { MultiValues = 3_000 };
        using SinkHarness harness = new(_mock.BootstrapServers, small, markers: true);

        PublishResult result = harness.Publish(NumberedRows.Of(10));

        Assert.Equal((0, 10), (result.PublishedRows, result.LostRows));
        Assert.Equal(10, harness.Sink.Counters.LostRows(KafkaLoss.Refused));
        Assert.Equal(0, harness.Sink.Counters.LostMarkers);
        Assert.Contains("\"purged_entries\": 0,", KafkaTopicReader.Read(_mock.BootstrapServers, "flows").Last().Value);
    }

    [KafkaLibraryFact]
    public void Publish_StopWhileBrokerIsDown_ReturnsAfterTheGraceAndCountsTheRest()
    {
        _mock!.Do("topic flows 1");
        KafkaOutputOptions smallQueue = SinkHarness.With("flows", ("queue.buffering.max.messages", "100"));
        using SinkHarness harness = new(_mock.BootstrapServers, smallQueue, markers: true, stopGrace: TimeSpan.FromMilliseconds(300));
        harness.Publish(NumberedRows.Of(10));
        _mock.Do("down 1");

        using CancellationTokenSource stop = new(TimeSpan.FromMilliseconds(200));
        Stopwatch watch = Stopwatch.StartNew();
        PublishResult result = harness.Publish(NumberedRows.Of(5_000), stop.Token);
        PublishResult after = harness.Publish(NumberedRows.Of(7), stop.Token);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"took {watch.Elapsed}");
        Assert.Equal((0, 5_000), (result.PublishedRows, result.LostRows));
        Assert.Equal(7, after.LostRows);
        Assert.Equal(5_007, harness.Sink.Counters.LostRows(KafkaLoss.Stopped));
        Assert.Equal(4, harness.Sink.Counters.LostMarkers);
    }

    [KafkaLibraryFact]
    public void Publish_StopWhileBrokerIsUp_AllRowsAreStillDelivered()
    {
        _mock!.Do("topic flows 1");
        using SinkHarness harness = new(_mock.BootstrapServers, SinkHarness.With("flows"));

        PublishResult result = harness.Publish(NumberedRows.Of(1_000), new CancellationToken(canceled: true));

        Assert.Equal((1_000, 0), (result.PublishedRows, result.LostRows));
    }

    [KafkaLibraryFact]
    public void Start_NobodyListens_OneWarningAndRowsAreLostAfterTheTimeout()
    {
        using SinkHarness harness = new("127.0.0.1:1", SinkHarness.With("flows", ("message.timeout.ms", "1000")));

        PublishResult result = harness.Publish(NumberedRows.Of(100));

        Assert.Equal((0, 100), (result.PublishedRows, result.LostRows));
        Assert.Equal(100, harness.Sink.Counters.LostRows(KafkaLoss.Timeout));
        string warning = Assert.Single(harness.Log.Warnings, l => l.Contains("no broker of 127.0.0.1:1 can be reached"));
        Assert.Contains("Connection refused", warning);
        Assert.Contains("rows wait for 1000 ms (message.timeout.ms)", warning);
    }

    public void Dispose() => _mock?.Dispose();
}
