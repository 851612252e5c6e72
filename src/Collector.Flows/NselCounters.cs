namespace Collector.Flows;

/// <summary>What the counters that Cisco ASA exports for both directions of a connection (elements 231, 232, 298, 299) count as.</summary>
public enum NselCounters : byte
{
    /// <summary>Nothing: records with them are flows of 0 octets and 0 packets, as in pmacct (pmacct-compat §8.4).</summary>
    None = 0,

    /// <summary>pmacct's tmp_asa_bi_flow: initiatorOctets are the octets and responderOctets, oddly, the packets.</summary>
    Pmacct = 1,

    /// <summary>
    /// Two records: initiatorOctets and initiatorPackets from source to destination, responderOctets and responderPackets back. Updates and
    /// teardowns both count what went since the last of them; creations and denials carry no counters and stay events.
    /// </summary>
    Both = 2,
}
