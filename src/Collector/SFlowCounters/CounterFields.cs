using System.Text;
using Collector.Flows.SFlow;

namespace Collector.SFlowCounters;

/// <summary>The members of a block of counters in the order in which sfacctd 1.7.7 prints them (pmacct-compat §7.4), and where they lie in the block.</summary>
/// <remarks>pmacct has no names for token ring, 100BaseVG and processor: theirs are those of the specification.</remarks>
internal static class CounterFields
{
    private static readonly CounterField[] None = [];

    private static readonly CounterField[] Generic = Layout(
        "ifIndex", "ifType", "ifSpeed*", "ifDirection", "ifStatus", "ifInOctets*", "ifInUcastPkts", "ifInMulticastPkts", "ifInBroadcastPkts",
        "ifInDiscards", "ifInErrors", "ifInUnknownProtos", "ifOutOctets*", "ifOutUcastPkts", "ifOutMulticastPkts", "ifOutBroadcastPkts",
        "ifOutDiscards", "ifOutErrors", "ifPromiscuousMode");

    private static readonly CounterField[] Ethernet = Layout(
        "dot3StatsAlignmentErrors", "dot3StatsFCSErrors", "dot3StatsSingleCollisionFrames", "dot3StatsMultipleCollisionFrames",
        "dot3StatsSQETestErrors", "dot3StatsDeferredTransmissions", "dot3StatsLateCollisions", "dot3StatsExcessiveCollisions",
        "dot3StatsInternalMacTransmitErrors", "dot3StatsCarrierSenseErrors", "dot3StatsFrameTooLongs", "dot3StatsInternalMacReceiveErrors",
        "dot3StatsSymbolErrors");

    private static readonly CounterField[] TokenRing = Layout(
        "dot5StatsLineErrors", "dot5StatsBurstErrors", "dot5StatsACErrors", "dot5StatsAbortTransErrors", "dot5StatsInternalErrors",
        "dot5StatsLostFrameErrors", "dot5StatsReceiveCongestions", "dot5StatsFrameCopiedErrors", "dot5StatsTokenErrors", "dot5StatsSoftErrors",
        "dot5StatsHardErrors", "dot5StatsSignalLoss", "dot5StatsTransmitBeacons", "dot5StatsRecoverys", "dot5StatsLobeWires", "dot5StatsRemoves",
        "dot5StatsSingles", "dot5StatsFreqErrors");

    private static readonly CounterField[] Vg = Layout(
        "dot12InHighPriorityFrames", "dot12InHighPriorityOctets*", "dot12InNormPriorityFrames", "dot12InNormPriorityOctets*", "dot12InIPMErrors",
        "dot12InOversizeFrameErrors", "dot12InDataErrors", "dot12InNullAddressedFrames", "dot12OutHighPriorityFrames",
        "dot12OutHighPriorityOctets*", "dot12TransitionIntoTrainings", "dot12HCInHighPriorityOctets*", "dot12HCInNormPriorityOctets*",
        "dot12HCOutHighPriorityOctets*");

    // vlan_id comes first on the wire and last in the object.
    private static readonly CounterField[] Vlan =
        Layout("vlan", "octets*", "ucastPkts", "multicastPkts", "broadcastPkts", "discards") is [var id, .. var others] ? [.. others, id] : None;

    private static readonly CounterField[] Processor = Layout("5s_cpu", "1m_cpu", "5m_cpu", "total_memory*", "free_memory*");

    /// <summary>The members of a block.</summary>
    public static CounterField[] Of(CounterFormat format) => format switch
    {
        CounterFormat.Generic => Generic,
        CounterFormat.Ethernet => Ethernet,
        CounterFormat.TokenRing => TokenRing,
        CounterFormat.Vg => Vg,
        CounterFormat.Vlan => Vlan,
        CounterFormat.Processor => Processor,
        _ => None,
    };

    /// <summary>sf_cnt_type.</summary>
    public static ReadOnlySpan<byte> NameOf(CounterFormat format) => format switch
    {
        CounterFormat.Generic => "sflow_cnt_generic"u8,
        CounterFormat.Ethernet => "sflow_cnt_ethernet"u8,
        CounterFormat.TokenRing => "sflow_cnt_tokenring"u8,
        CounterFormat.Vg => "sflow_cnt_vg"u8,
        CounterFormat.Vlan => "sflow_cnt_vlan"u8,
        CounterFormat.Processor => "sflow_cnt_processor"u8,
        _ => default,
    };

    // A star behind a name marks eight octets, the others have four.
    private static CounterField[] Layout(params string[] names)
    {
        var fields = new CounterField[names.Length];
        int offset = 0;
        for (int i = 0; i < names.Length; i++)
        {
            bool isWide = names[i].EndsWith('*');
            fields[i] = new CounterField(Encoding.ASCII.GetBytes($", \"{names[i].TrimEnd('*')}\": "), offset, isWide);
            offset += isWide ? sizeof(ulong) : sizeof(uint);
        }

        return fields;
    }
}

/// <summary>One member of a block.</summary>
/// <param name="Key">Comma, name and colon as they are printed.</param>
/// <param name="Offset">Octets before it in the block.</param>
/// <param name="IsWide">True for eight octets, false for four.</param>
internal readonly record struct CounterField(byte[] Key, int Offset, bool IsWide);
