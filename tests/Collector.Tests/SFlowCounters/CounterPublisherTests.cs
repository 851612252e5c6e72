using System.Buffers.Binary;
using System.Text;
using Collector.Configuration;
using Collector.Flows.SFlow;
using Collector.Net;
using Collector.SFlowCounters;
using Collector.Testing;
using Collector.Tests.Sinks;
using Collector.Tests.Sinks.Kafka;
using Xunit;

namespace Collector.Tests.SFlowCounters;

/// <summary>Counters on their way from the queues to files and Kafka.</summary>
public sealed class CounterPublisherTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("counters-").FullName;
    private readonly CounterQueue _queue = new();
    private readonly RecordingLogger _log = new();

    [Fact]
    public void Objects_AreThoseOfSfacctd()
    {
        string file = Path.Combine(_folder, "all.json");
        using CounterPublisher publisher = Publisher(new SFlowCounterOptions { File = file, Text = new TextOptions { Utc = true, Seconds = true } });
        _queue.TryAdd(Record(CounterFormat.Vlan, "10.77.0.1"));
        publisher.Drain();
        Assert.Equal(
            [
                "{\"seq\": 0, \"timestamp\": \"2023-11-14 22:13:20.000007\", \"peer_src_ip\": \"10.77.0.1\", \"event_type\": \"log_init\"}",
                "{\"seq\": 1, \"timestamp\": \"2023-11-14 22:13:20.000007\", \"peer_ip_src\": \"10.77.0.1\", \"event_type\": \"log\", \"source_id_index\": 3, "
                    + "\"sflow_seq\": 5, \"sflow_cnt_seq\": 4, \"sf_cnt_type\": \"sflow_cnt_vlan\", \"octets\": -2, \"ucastPkts\": 2, \"multicastPkts\": 3, "
                    + "\"broadcastPkts\": 4, \"discards\": 4294967295, \"vlan\": 99}",
            ],
            File.ReadAllLines(file));
        Assert.Equal((2L, 2L, 0L), (publisher.Objects, publisher.FileObjects, publisher.FileLosses));
    }

    [Fact]
    public void SubAgents_AreToldOfOnce()
    {
        string file = Path.Combine(_folder, "all.json");
        using CounterPublisher publisher = Publisher(new SFlowCounterOptions { File = file });
        foreach ((string agent, uint subAgent) in new[] { ("10.77.0.1", 0u), ("10.77.0.1", 0u), ("10.77.0.1", 9u), ("10.77.0.2", 0u), ("10.77.0.1", 0u) })
        {
            CounterRecord record = Record(CounterFormat.None, agent);
            record.SubAgent = subAgent;
            _queue.TryAdd(record);
        }

        publisher.Drain();
        Assert.Equal(3, File.ReadAllLines(file).Count(l => l.Contains("log_init", StringComparison.Ordinal)));
        Assert.Equal(3, publisher.Objects);
    }

    [Fact]
    public void FileWithVariable_IsOneAnAgent_AndReopensAtSighup()
    {
        string path = Path.Combine(_folder, "sub", "c-$peer_src_ip.json"), first = Path.Combine(_folder, "sub", "c-10_77_0_1.json");
        using CounterPublisher publisher = Publisher(new SFlowCounterOptions { File = path });
        _queue.TryAdd(Record(CounterFormat.Generic, "10.77.0.1"));
        _queue.TryAdd(Record(CounterFormat.Generic, "2001:db8::7"));
        publisher.Drain();
        Assert.Equal([2, 2], new[] { first, Path.Combine(_folder, "sub", "c-2001_db8__7.json") }.Select(f => File.ReadAllLines(f).Length));

        File.Move(first, first + ".1");
        publisher.Reopen();
        _queue.TryAdd(Record(CounterFormat.Generic, "10.77.0.1"));
        publisher.Drain();
        Assert.Equal((2, 1), (File.ReadAllLines(first + ".1").Length, File.ReadAllLines(first).Length));
    }

    [Fact]
    public void FileThatCannotBeWritten_IsToldAndCounted()
    {
        using CounterPublisher publisher = Publisher(new SFlowCounterOptions { File = _folder });
        _queue.TryAdd(Record(CounterFormat.Generic, "10.77.0.1"));
        publisher.Drain();
        Assert.Equal((0L, 2L), (publisher.FileObjects, publisher.FileLosses));
        Assert.Contains(_log.Messages, l => l.Contains(_folder, StringComparison.Ordinal) && l.Contains("sflow_counters", StringComparison.Ordinal));
    }

    [Fact]
    public void Thread_PublishesWithoutBeingAsked_AndStopTakesTheRest()
    {
        string file = Path.Combine(_folder, "all.json");
        using CounterPublisher publisher = Publisher(new SFlowCounterOptions { File = file });
        publisher.Start();
        _queue.TryAdd(Record(CounterFormat.Ethernet, "10.77.0.1"));
        Assert.True(SpinWait.SpinUntil(() => publisher.FileObjects == 2, TimeSpan.FromSeconds(20)));
        _queue.TryAdd(Record(CounterFormat.Processor, "10.77.0.1"));
        publisher.Stop(CancellationToken.None);
        Assert.Contains("\"sflow_cnt_processor\", \"5s_cpu\": ", File.ReadAllLines(file)[^1], StringComparison.Ordinal);
    }

    [KafkaLibraryFact]
    public void Kafka_TakesAnObjectAMessage_WithoutNewline()
    {
        using var mock = new MockKafkaProcess();
        mock.Do("topic counters 1");
        var kafka = new KafkaOutputOptions { Brokers = mock.BootstrapServers, Topic = "counters", PartitionKey = "agent-$peer_src_ip" };
        string file = Path.Combine(_folder, "all.json");
        using (CounterPublisher publisher = Publisher(new SFlowCounterOptions { File = file, Kafka = kafka }))
        {
            publisher.Open();
            for (int i = 0; i < 100; i++)
            {
                _queue.TryAdd(Record(CounterFormat.Generic, "10.77.0.1"));
            }

            publisher.Stop(CancellationToken.None);
            Assert.Equal((101L, 0L, 101L), (publisher.KafkaObjects, publisher.KafkaLosses, publisher.FileObjects));
        }

        List<ConsumedMessage> messages = KafkaTopicReader.Read(mock.BootstrapServers, "counters");
        Assert.Equal(File.ReadAllLines(file), messages.Select(m => m.Value));
        Assert.All(messages, m => Assert.Equal("agent-10_77_0_1", m.Key));
    }

    [KafkaLibraryFact]
    public void KafkaThatNobodyAnswersFor_LosesByCountWhenTheStopIsGivenUp()
    {
        var kafka = new KafkaOutputOptions { Brokers = "127.0.0.1:1", Topic = "counters", Properties = new Dictionary<string, string> { ["message.timeout.ms"] = "500" } };
        using CounterPublisher publisher = Publisher(new SFlowCounterOptions { Kafka = kafka });
        publisher.Open();
        _queue.TryAdd(Record(CounterFormat.Generic, "10.77.0.1"));
        publisher.Stop(CancellationToken.None);
        Assert.Equal((0L, 2L), (publisher.KafkaObjects, publisher.KafkaLosses));
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static CounterRecord Record(CounterFormat format, string agent)
    {
        var record = new CounterRecord
        {
            Agent = IpAddress.Parse(agent),
            ArrivalTime = 1_700_000_000_000_007,
            DatagramSequence = 5,
            SampleSequence = 4,
            SourceIndex = 3,
            Format = format,
        };
        if (format == CounterFormat.Vlan)
        {
            BinaryPrimitives.WriteUInt32BigEndian(record.Counters, 99);
            BinaryPrimitives.WriteInt64BigEndian(record.Counters[4..], -2);
            for (int i = 0; i < 4; i++)
            {
                BinaryPrimitives.WriteUInt32BigEndian(record.Counters[(12 + 4 * i)..], i == 3 ? uint.MaxValue : (uint)i + 2);
            }
        }

        return record;
    }

    private CounterPublisher Publisher(SFlowCounterOptions options) => new(options, [_queue], _log, TimeProvider.System);
}
