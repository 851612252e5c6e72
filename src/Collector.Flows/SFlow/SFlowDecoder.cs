using System.Buffers.Binary;
using Collector.Flows.Sequences;
using Collector.Net;

namespace Collector.Flows.SFlow;

/// <summary>Decodes sFlow datagrams of versions 5 (sflow.org, "sFlow Version 5"), 4 and 2 (RFC 3176) into flow records. One per worker; not thread-safe.</summary>
/// <remarks>
/// Use: <see cref="Begin"/>, then <see cref="Continue"/> until it returns false, always with the same datagram; the caller empties the batch in
/// between. Give it every datagram that starts with 00 00 00 and 05, 04 or 02. It counts the datagram itself, with its octets, for its source, version
/// and sub-agent. Never throws for anything in the payload; allocates only for a source or value not seen before.
/// </remarks>
public sealed class SFlowDecoder
{
    private const uint Version = 5;

    private readonly DecoderOptions _options;
    private readonly SourceTable _sources;
    private readonly FlowSampleReader _sampleReader;
    private readonly CounterSampleReader _counterReader;
    private SourceCounters _counters;
    private FlowRecord _prototype;
    private uint _version;
    private int _position;
    private uint _samplesLeft;
    private uint _uptime;

    /// <summary>Makes a decoder that knows no agent yet.</summary>
    /// <param name="options">What the configuration reads.</param>
    /// <param name="values">Interns AS paths, communities and label stacks; owned by the same worker.</param>
    /// <param name="sources">Counts what each source and sub-agent sends; owned by the same worker.</param>
    /// <param name="counterQueue">Takes counter samples for publication; null: they are only counted.</param>
    public SFlowDecoder(DecoderOptions options, ValueTable values, SourceTable sources, CounterQueue? counterQueue = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(sources);
        _options = options;
        _sources = sources;
        _sampleReader = new FlowSampleReader(options, values);
        _counterReader = new CounterSampleReader(counterQueue);
        _counters = sources.Other;
    }

    /// <summary>Reads the header of a datagram and counts it for its source and sub-agent.</summary>
    public void Begin(in Datagram datagram)
    {
        _samplesLeft = 0;
        DecodeFault fault = ReadHeader(datagram, out uint subAgent, out IpAddress agent);
        _counters = _sources.Get(datagram.Source, (ushort)_version, subAgent, true, agent, datagram.ArrivalTime);
        _counters.Datagrams++;
        _counters.Octets += datagram.Payload.Length;
        _counters.LastSeen = datagram.ArrivalTime;
        if (fault != DecodeFault.None)
        {
            _counters.Count(fault);
            return;
        }

        _counterReader.Begin(_prototype);
        if (_counters.Datagrams == 1)
        {
            _counterReader.Announce();
        }

        _counters.DecodedDatagrams++;
        _counters.DecodedOctets += datagram.Payload.Length;
        long restarts = _counters.Sequence.Restarts;
        _counters.Observe(datagram.SourcePort, new SequencePoint
        {
            Sequence = _prototype.ExportSequence,
            Records = _samplesLeft,
            IsComplete = true,
            Stamp = _uptime,
            HasUptime = true,
            ArrivalTime = datagram.ArrivalTime,
        });
        if (_counters.Sequence.Restarts != restarts)
        {
            _sampleReader.BeginAnew(datagram.Source, agent, subAgent);
        }
    }

    /// <summary>Appends flows of the datagram begun last until the batch is full or the datagram ends.</summary>
    /// <returns>True when the batch is full and there may be more: empty it and call again with the same datagram.</returns>
    public bool Continue(in Datagram datagram, FlowBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return _version == Version ? ContinueSamples(datagram, batch) : ContinueOldSamples(datagram, batch);
    }

    private bool ContinueSamples(in Datagram datagram, FlowBatch batch)
    {
        for (; _samplesLeft != 0; _samplesLeft--)
        {
            ReadOnlySpan<byte> rest = datagram.Payload[_position..];
            if (rest.Length < SampleFormat.HeaderLength)
            {
                // The count in the header promised more: nothing of it is here.
                _counters.Count(DecodeFault.Truncated);
                _samplesLeft = 0;
                return false;
            }

            uint format = BinaryPrimitives.ReadUInt32BigEndian(rest);
            uint declared = BinaryPrimitives.ReadUInt32BigEndian(rest[4..]);
            if (SampleFormat.IsFlow(format) && batch.IsFull)
            {
                return true;
            }

            rest = rest[SampleFormat.HeaderLength..];
            int length = (int)Math.Min(declared, (uint)rest.Length);
            ReadSample(format, rest[..length], batch);
            if (declared > (uint)length)
            {
                _counters.Count(DecodeFault.Truncated);
                _samplesLeft = 0;
                return false;
            }

            _position += SampleFormat.HeaderLength + length;
            if (_samplesLeft != 1)
            {
                _position = Resynchronization.Next(datagram.Payload, _position, samples: true);
            }
        }

        return false;
    }

    private void ReadSample(uint format, ReadOnlySpan<byte> sample, FlowBatch batch)
    {
        if (!SampleFormat.IsFlow(format))
        {
            ReadOther(format, sample);
            return;
        }

        ref FlowRecord record = ref batch.Add(_prototype);
        Keep(_sampleReader.TryRead(sample, format == SampleFormat.ExpandedFlow, ref record, _counters), batch);
    }

    private void ReadOther(uint format, ReadOnlySpan<byte> sample)
    {
        if (SampleFormat.IsCounters(format))
        {
            _counters.OtherSamples++;
            _counterReader.Read(sample, format == SampleFormat.ExpandedCounters, _counters);
        }
        else if (format == SampleFormat.Discarded)
        {
            _counters.OtherSamples++;
            DiscardedPacket.Count(sample, _counters);
        }
        else
        {
            _counters.Count(DecodeFault.UnknownFormat);
        }
    }

    private void Keep(bool accounted, FlowBatch batch)
    {
        if (accounted)
        {
            _counters.Records++;
            _prototype.RecordNumber++;
        }
        else
        {
            batch.RemoveLast();
        }
    }

    private bool ContinueOldSamples(in Datagram datagram, FlowBatch batch)
    {
        for (; _samplesLeft != 0; _samplesLeft--)
        {
            var reader = new ByteReader(datagram.Payload[_position..]);
            if (!reader.TryReadUInt32(out uint type))
            {
                _counters.Count(DecodeFault.Truncated);
                break;
            }

            if (type == SampleFormat.Flow && batch.IsFull)
            {
                return true;
            }

            bool whole = ReadOldSample(type, ref reader, batch);
            _position += reader.Position;
            if (!whole)
            {
                // What follows begins nobody knows where.
                _counters.Count(DecodeFault.Truncated, _samplesLeft == 1 ? 0 : 1);
                break;
            }
        }

        _samplesLeft = 0;
        return false;
    }

    private bool ReadOldSample(uint type, ref ByteReader reader, FlowBatch batch)
    {
        switch (type)
        {
            case SampleFormat.Flow:
                ref FlowRecord record = ref batch.Add(_prototype);
                bool whole = OldFlowSample.TryRead(ref reader, _version, _sampleReader, ref record, _counters, out bool accounted);
                Keep(accounted, batch);
                return whole;
            case SampleFormat.Counters:
                _counters.OtherSamples++;
                return _counterReader.TryReadOld(ref reader, _counters);
            default:
                _counters.Count(DecodeFault.UnknownFormat);
                return false;
        }
    }

    // version, agent_address, sub_agent_id (since version 5), sequence_number, uptime, samples<>.
    private DecodeFault ReadHeader(in Datagram datagram, out uint subAgent, out IpAddress agent)
    {
        (subAgent, agent) = (0, default);
        var reader = new ByteReader(datagram.Payload);
        if (!reader.TryReadUInt32(out _version))
        {
            return DecodeFault.ShortDatagram;
        }

        if (_version is not (Version or 4 or 2))
        {
            _version = 0;
            return DecodeFault.UnknownVersion;
        }

        if (!NextHops.TryReadAddress(ref reader, out agent, out FlowFamily family))
        {
            // An address of a type that nobody has defined: where the header goes on is unknown.
            return reader.Remaining < sizeof(uint) ? DecodeFault.ShortDatagram : DecodeFault.UnknownAddressType;
        }

        if ((_version == Version && !reader.TryReadUInt32(out subAgent)) || !reader.TryReadUInt32(out uint sequence)
            || !reader.TryReadUInt32(out _uptime) || !reader.TryReadUInt32(out _samplesLeft))
        {
            return DecodeFault.ShortDatagram;
        }

        _position = reader.Position;
        _sampleReader.Begin(datagram.Source, agent, subAgent);
        _prototype = new FlowRecord
        {
            Packets = 1,
            Flows = 1,
            ExporterAddress = family == FlowFamily.None || _options.IgnoreExporterAddress ? datagram.Source : agent,
            ExportVersion = (ushort)_version,
            ExportSystemId = subAgent,
            ExportSequence = sequence,
            ArrivalTime = datagram.ArrivalTime,
            DatagramNumber = datagram.Number,
            Flags = FlowRecordFlags.SFlow,
        };
        return DecodeFault.None;
    }
}
