namespace Collector.Flows.Sequences;

/// <summary>What a sequence number counts.</summary>
public enum SequenceUnit : byte
{
    /// <summary>Export packets of a source id (NetFlow v9, RFC 3954 §5.1), datagrams of a sub-agent (sFlow v5).</summary>
    Datagrams,

    /// <summary>Flows (NetFlow v5); data records including options data records (IPFIX, RFC 7011 §3.1).</summary>
    Records,

    /// <summary>Nothing: the number stands still.</summary>
    None,
}
