namespace Collector.Bgp.Messages;

/// <summary>What a fault in an UPDATE leads to; of several faults the strongest decides (RFC 7606 §2, §3 h).</summary>
public enum ErrorHandling : byte
{
    /// <summary>Nothing; the UPDATE holds.</summary>
    None,

    /// <summary>The attribute is left out, the routes hold.</summary>
    AttributeDiscard,

    /// <summary>The routes that the UPDATE announces are withdrawn.</summary>
    TreatAsWithdraw,

    /// <summary>The session ends with a NOTIFICATION.</summary>
    SessionReset,
}
