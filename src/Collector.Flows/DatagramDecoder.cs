using System.Buffers.Binary;
using Collector.Flows.Ipfix;
using Collector.Flows.NetFlow1;
using Collector.Flows.NetFlow5;
using Collector.Flows.NetFlow7;
using Collector.Flows.NetFlow9;
using Collector.Flows.SFlow;
using Collector.Flows.Templates;
using Collector.Flows.Templates.Saved;

namespace Collector.Flows;

/// <summary>Tells the protocols of one datagram apart and hands its flows out in batches. One per worker; not thread-safe.</summary>
/// <remarks>
/// Use: <see cref="Begin"/>, then <see cref="Continue"/> until it returns false; the caller empties the batch in between. Never throws for
/// anything in the payload, never reads outside it, allocates only for a new template, source or name.
/// </remarks>
public sealed class DatagramDecoder
{
    private const ushort NetFlow8Version = 8;

    private readonly FixedFormatDecoder _fixed;
    private readonly MessageDecoder _messages;
    private readonly SFlowDecoder _sFlow;
    private Protocol _protocol;

    /// <summary>Makes a decoder without any template.</summary>
    /// <param name="options">What the configuration reads.</param>
    /// <param name="values">Interns names, paths and communities; owned by the same worker.</param>
    /// <param name="sFlowCounters">Takes sFlow counter samples for publication; null: they are only counted.</param>
    public DatagramDecoder(DecoderOptions options, ValueTable values, CounterQueue? sFlowCounters = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(values);
        Options = options;
        Values = values;
        SFlowCounters = sFlowCounters;
        Sources = new SourceTable(options.MaxSources, options.TemplateLifetime);
        _fixed = new FixedFormatDecoder(options, Sources);
        _messages = new MessageDecoder(options, values, Sources);
        _sFlow = new SFlowDecoder(options, values, Sources, sFlowCounters);
    }

    private enum Protocol : byte
    {
        None,
        FixedFormat,
        Messages,
        SFlow,
    }

    /// <summary>What the configuration reads.</summary>
    public DecoderOptions Options { get; }

    /// <summary>Resolves the handles in records.</summary>
    public ValueTable Values { get; }

    /// <summary>Where sFlow counter samples are handed to; null: they are only counted.</summary>
    public CounterQueue? SFlowCounters { get; }

    /// <summary>Counters per source and domain.</summary>
    public SourceTable Sources { get; }

    /// <summary>Bytes held for templates that are missing, at most <see cref="DecoderOptions.MaxHeldBytes"/>.</summary>
    public long HeldBytes => _messages.HeldBytes;

    /// <summary>Reads the header of a datagram and counts it for its source.</summary>
    public void Begin(in Datagram datagram)
    {
        _protocol = Protocol.None;
        ReadOnlySpan<byte> payload = datagram.Payload;
        if (payload.Length < 4)
        {
            Refuse(datagram, 0, DecodeFault.ShortDatagram);
            return;
        }

        switch (BinaryPrimitives.ReadUInt16BigEndian(payload))
        {
            case NetFlow1Format.Version or NetFlow5Format.Version or NetFlow7Format.Version or NetFlow9Header.Version or IpfixHeader.Version when !Options.TakesNetFlow:
                Refuse(datagram, BinaryPrimitives.ReadUInt16BigEndian(payload), DecodeFault.OtherProtocol);
                break;
            case 0 when !Options.TakesSFlow && BinaryPrimitives.ReadUInt32BigEndian(payload) is 2 or 4 or 5:
                Refuse(datagram, 0, DecodeFault.OtherProtocol);
                break;
            case NetFlow5Format.Version:
                BeginFixed(datagram, NetFlow5Format.Format);
                break;
            case NetFlow1Format.Version:
                BeginFixed(datagram, NetFlow1Format.Format);
                break;
            case NetFlow7Format.Version:
                BeginFixed(datagram, NetFlow7Format.Format);
                break;
            case NetFlow9Header.Version when NetFlow9Header.TryRead(payload, out ExportHeader header):
            case IpfixHeader.Version when IpfixHeader.TryRead(payload, out header):
                _protocol = Protocol.Messages;
                _messages.Begin(datagram, header);
                break;
            case NetFlow9Header.Version or IpfixHeader.Version:
                Refuse(datagram, BinaryPrimitives.ReadUInt16BigEndian(payload), DecodeFault.ShortDatagram);
                break;

            // sFlow's version has four bytes; its decoder counts the old versions 2 and 4.
            case 0 when BinaryPrimitives.ReadUInt32BigEndian(payload) is 2 or 4 or 5:
                _protocol = Protocol.SFlow;
                _sFlow.Begin(datagram);
                break;

            // Aggregates of the router's own making, no flows.
            case NetFlow8Version:
                Refuse(datagram, NetFlow8Version, DecodeFault.UnknownVersion);
                break;
            default:
                Refuse(datagram, 0, DecodeFault.UnknownVersion);
                break;
        }
    }

    /// <summary>Appends flows of the datagram begun last until the batch is full or the datagram ends.</summary>
    /// <returns>True when the batch is full and there may be more: empty it and call again with the same datagram.</returns>
    public bool Continue(in Datagram datagram, FlowBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return _protocol switch
        {
            Protocol.FixedFormat => _fixed.Continue(datagram, batch),
            Protocol.Messages => _messages.Continue(datagram, batch),
            Protocol.SFlow => _sFlow.Continue(datagram, batch),
            _ => false,
        };
    }

    /// <summary>Hands out what has changed of templates, samplers and names since the last call, so that it can be saved.</summary>
    /// <param name="save">Takes each domain; a content of no bytes: it is no more.</param>
    /// <param name="all">True looks at all domains; false at a part of them, so that the call takes little time, the next call going on behind it.</param>
    public void TakeChanged(Action<SavedDomain> save, bool all)
    {
        _messages.Domains.Gone ??= save;
        _messages.Domains.TakeChanged(save, all ? int.MaxValue : 2_048, all ? int.MaxValue : 64);
    }

    /// <summary>Puts back what was saved of a domain, its templates as provisional until they are announced again; before the first datagram.</summary>
    /// <param name="saved">The domain.</param>
    /// <param name="now">Microseconds since the Unix epoch; templates not used for <see cref="DecoderOptions.MaxSavedAge"/> are left out.</param>
    /// <returns>False when the bytes are damaged.</returns>
    public bool Restore(SavedDomain saved, long now)
    {
        ArgumentNullException.ThrowIfNull(saved);
        return _messages.Restore(saved, now);
    }

    /// <summary>Nothing more will come: what waits for templates or for late datagrams is counted as lost.</summary>
    public void Finish()
    {
        _messages.Finish();
        Sources.Finish();
    }

    private void BeginFixed(in Datagram datagram, FixedFormat format)
    {
        _protocol = Protocol.FixedFormat;
        _fixed.Begin(datagram, format);
    }

    private void Refuse(in Datagram datagram, ushort version, DecodeFault fault)
    {
        SourceCounters counters = Sources.Get(datagram.Source, version, 0, false, default, datagram.ArrivalTime);
        counters.Datagrams++;
        counters.Octets += datagram.Payload.Length;
        counters.LastSeen = datagram.ArrivalTime;
        counters.Count(fault);
    }
}
