namespace Collector.Flows;

/// <summary>What kind of record was decoded; pmacct leaves the counters out of events and options (pmacct-compat §1.5, §8.4).</summary>
public enum FlowKind : byte
{
    /// <summary>Traffic: octets and packets are counted.</summary>
    Flow = 0,

    /// <summary>A record of a template without any counter element, or a NAT event (IE 230): no flows, packets, bytes are printed.</summary>
    Event = 1,

    /// <summary>A record of an options template (only with account_options).</summary>
    Options = 2,
}
