using Collector.Configuration;
using Collector.Flows;
using Collector.Flows.SFlow;
using Collector.SFlowCounters;
using Microsoft.Extensions.Logging;

namespace Collector.Replay;

/// <summary>
/// Publishes the counter samples of a capture in its order, for any number of workers: the reader decodes sFlow a second time for them, in a
/// decoder of its own. Only where they go to their destinations, which is rare.
/// </summary>
internal sealed class ReplayCounters : IDisposable
{
    private readonly CounterQueue _queue = new();
    private readonly SFlowDecoder _decoder;
    private readonly CounterPublisher _publisher;
    private readonly FlowBatch _batch = new();

    public ReplayCounters(CollectorOptions options, ILogger log)
    {
        var decoding = new DecoderOptions { Fields = FlowFieldSet.Of(), IgnoreExporterAddress = options.IgnoreExporterAddress };
        _decoder = new SFlowDecoder(decoding, new ValueTable(), new SourceTable(options.MaxSources), _queue);
        _publisher = new CounterPublisher(options.SFlowCounters, [_queue], log, TimeProvider.System);
    }

    /// <summary>Connects to Kafka.</summary>
    /// <exception cref="Sinks.Kafka.KafkaConfigurationException">librdkafka is missing or refuses a property.</exception>
    public void Open() => _publisher.Open();

    /// <summary>Publishes the counters of one datagram. The queue holds more than fit in one.</summary>
    public void Play(in CapturedDatagram captured)
    {
        if (captured.Payload is not [0, 0, 0, 2 or 4 or 5, ..])
        {
            return;
        }

        var datagram = new Datagram
        {
            Payload = captured.Payload,
            Source = captured.Source,
            SourcePort = captured.SourcePort,
            ArrivalTime = captured.Time,
            Number = captured.Number,
        };
        _decoder.Begin(datagram);
        while (_decoder.Continue(datagram, _batch))
        {
            _batch.Clear();
        }

        _batch.Clear();
        _publisher.Drain();
    }

    /// <summary>Waits for Kafka and closes files.</summary>
    /// <returns>Objects that could not be written.</returns>
    public long Finish(CancellationToken stop)
    {
        _publisher.Stop(stop);
        return _publisher.FileLosses + _publisher.KafkaLosses;
    }

    public void Dispose() => _publisher.Dispose();
}
