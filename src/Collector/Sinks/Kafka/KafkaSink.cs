using System.Buffers;
using Collector.Aggregation;
using Collector.Configuration;
using Collector.Output;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Collector.Sinks.Kafka;

/// <summary>Publishes the rows of one output to Kafka and counts what became of each (DESIGN §4 "Right of the queue").</summary>
/// <remarks>
/// A purge is handed over row by row; <see cref="Publish"/> returns when every message is reported. Between purges a timer serves
/// librdkafka's call-backs (errors, tokens), so the gate keeps it out while a purge is under way.
/// </remarks>
public sealed class KafkaSink : IFlowSink
{
    /// <summary>Rows between two looks at delivery reports and at the stop token.</summary>
    private const int RowsPerPoll = 1024;

    private static readonly TimeSpan IdlePoll = TimeSpan.FromSeconds(1);

    private readonly OutputOptions _output;
    private readonly RowWriter _writer;
    private readonly WriterId _writerId;
    private readonly TimeProvider _clock;
    private readonly KafkaRoute _route;
    private readonly KafkaDelivery _delivery;
    private readonly KafkaPacker? _packer;
    private readonly ArrayBufferWriter<byte> _row = new(4096);
    private readonly Lock _gate = new();
    private ITimer? _idle;

    // purge_close has it, as in pmacct, so that it comes behind the last row in its partition.
    private byte[]? _lastKey;

    /// <summary>Inert: nothing is loaded or connected before <see cref="Start"/>.</summary>
    /// <param name="output">The output; see <see cref="KafkaOptionErrors"/>.</param>
    /// <param name="layout">Where the fields lie in a row's key, for the variables of topic and message key.</param>
    /// <param name="writer">Writes its rows.</param>
    /// <param name="log">Where sentences for the operator go.</param>
    /// <param name="clock">For the limits of logging and stopping.</param>
    /// <param name="stopGrace">How long rows may still be delivered after the stop is signalled. Default 5 s.</param>
    public KafkaSink(
        OutputOptions output, KeyLayout layout, RowWriter writer, ILogger log, TimeProvider? clock = null, TimeSpan? stopGrace = null)
    {
        _output = output;
        _writer = writer;
        _writerId = WriterId.TryParse(output.Kafka.WriterId, out WriterId? writerId, out string? error)
            ? writerId
            : throw new ArgumentException(error, nameof(output));
        _clock = clock ?? TimeProvider.System;
        _route = new KafkaRoute(output.Kafka, layout);
        _delivery = new KafkaDelivery(output.Name, output.Kafka, log, _clock, stopGrace);
        _packer = output.Kafka.MultiValues > 0 ? new KafkaPacker(output.Kafka.MultiValues) : null;
    }

    /// <summary>Running totals since the start.</summary>
    public KafkaCounters Counters => _delivery.Counters;

    /// <inheritdoc/>
    /// <exception cref="KafkaConfigurationException">librdkafka is missing or refuses a property.</exception>
    public void Start()
    {
        lock (_gate)
        {
            _delivery.Start();
            _idle = _clock.CreateTimer(_ => ServeWhileIdle(), null, IdlePoll, IdlePoll);
        }
    }

    /// <inheritdoc/>
    public PublishResult Publish(Purge purge, CancellationToken stop)
    {
        lock (_gate)
        {
            long began = _clock.GetTimestamp();
            _delivery.Begin();
            _route.Rewind();
            _lastKey = _route.ConstantKey;
            int pid = purge.IsReplay ? 0 : Environment.ProcessId;
            byte[] writerId = _writerId.Expand(_output.Name, pid);
            if (_output.Markers)
            {
                _row.ResetWrittenCount();
                _writer.WriteOpeningMarker(_output.Name, pid, _row);
                SendMarker(_route.ConstantKey, stop);
            }

            for (int i = 0; i < purge.Count; i++)
            {
                SendRow(purge[i], purge.Time / 1_000_000, writerId, stop);
                if (i % RowsPerPoll == RowsPerPoll - 1)
                {
                    _delivery.Serve(stop);
                }
            }

            SendPacked(isLast: true, stop);
            _delivery.Drain(stop);
            if (_output.Markers)
            {
                // pmacct sleeps a second so that this row comes last; here every other row has been taken by now.
                long seconds = purge.IsReplay ? 0 : (long)_clock.GetElapsedTime(began).TotalSeconds;
                _row.ResetWrittenCount();
                MarkerTally tally = new(_delivery.Result.PublishedRows, purge.TotalEntries, seconds);
                _writer.WriteClosingMarker(_output.Name, pid, tally, _row);
                SendMarker(_lastKey, stop);
                _delivery.Drain(stop);
            }

            PublishResult result = _delivery.Result;
            if (result.LostRows > 0)
            {
                _delivery.ReportLost(purge.Number, result);
            }

            return result;
        }
    }

    /// <summary>Nothing: a Kafka output has no files, and librdkafka looks after its connections.</summary>
    public void Reopen()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _idle?.Dispose();
            _idle = null;
            _delivery.Dispose();
        }
    }

    private void SendRow(in AggregateRow row, long updatedSeconds, byte[] writerId, CancellationToken stop)
    {
        _row.ResetWrittenCount();
        _writer.Write(row, _row, updatedSeconds, writerId);
        ReadOnlySpan<byte> bytes = _row.WrittenSpan;
        byte[]? key = _route.KeyOf(row);
        _lastKey = key;
        RowSums sums = RowSums.Of(row.Entry);
        if (_packer is null)
        {
            _delivery.Send(_route.TopicOf(row), key, bytes, sums, stop);
            return;
        }

        if (!_packer.Takes(bytes, key))
        {
            SendPacked(isLast: false, stop);
        }

        _packer.Add(bytes, key, sums);
    }

    private void SendPacked(bool isLast, CancellationToken stop)
    {
        if (_packer is { IsEmpty: false })
        {
            _delivery.Send(isLast ? _route.CurrentTopic : _route.NextTopic(), _packer.Key, _packer.Bytes, _packer.Sums, stop);
            _packer.Clear();
        }
    }

    private void SendMarker(byte[]? key, CancellationToken stop) => _delivery.Send(_route.CurrentTopic, key, _row.WrittenSpan, default, stop);

    private void ServeWhileIdle()
    {
        if (_gate.TryEnter())
        {
            try
            {
                _delivery.Poll();
            }
            finally
            {
                _gate.Exit();
            }
        }
    }
}
