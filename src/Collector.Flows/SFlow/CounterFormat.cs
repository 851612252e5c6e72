namespace Collector.Flows.SFlow;

/// <summary>Blocks of counters that are handed on (sFlow v5 §5.3 "counter_data").</summary>
public enum CounterFormat : byte
{
    /// <summary>None: a sub-agent has sent its first datagram.</summary>
    None,

    /// <summary>if_counters (format 1), 88 octets.</summary>
    Generic,

    /// <summary>ethernet_counters (format 2), 52 octets.</summary>
    Ethernet,

    /// <summary>tokenring_counters (format 3), 72 octets.</summary>
    TokenRing,

    /// <summary>vg_counters, 100BaseVG (format 4), 80 octets.</summary>
    Vg,

    /// <summary>vlan_counters (format 5), 28 octets.</summary>
    Vlan,

    /// <summary>processor (format 1001), 28 octets.</summary>
    Processor,
}

/// <summary>How formats stand on the wire.</summary>
public static class CounterFormats
{
    /// <summary>The format of a data_format of version 5; None for others, enterprises included.</summary>
    public static CounterFormat Of(uint dataFormat) => dataFormat switch
    {
        1 => CounterFormat.Generic,
        2 => CounterFormat.Ethernet,
        3 => CounterFormat.TokenRing,
        4 => CounterFormat.Vg,
        5 => CounterFormat.Vlan,
        1001 => CounterFormat.Processor,
        _ => CounterFormat.None,
    };

    /// <summary>Octets of a block.</summary>
    public static int LengthOf(CounterFormat format) => format switch
    {
        CounterFormat.Generic => 88,
        CounterFormat.Ethernet => 52,
        CounterFormat.TokenRing => 72,
        CounterFormat.Vg => 80,
        CounterFormat.Vlan or CounterFormat.Processor => 28,
        _ => 0,
    };

    /// <summary>The blocks of a counters_type of versions 2 and 4 (RFC 3176 §5): those of an interface come first for every type but a VLAN's.</summary>
    /// <returns>False for types that are not defined.</returns>
    public static bool TryOfOld(uint type, out CounterFormat first, out CounterFormat second)
    {
        // 4 is FDDI and 6 WAN, which have nothing of their own.
        (first, second) = type switch
        {
            1 or 4 or 6 => (CounterFormat.Generic, CounterFormat.None),
            2 => (CounterFormat.Generic, CounterFormat.Ethernet),
            3 => (CounterFormat.Generic, CounterFormat.TokenRing),
            5 => (CounterFormat.Generic, CounterFormat.Vg),
            7 => (CounterFormat.Vlan, CounterFormat.None),
            _ => (CounterFormat.None, CounterFormat.None),
        };
        return first != CounterFormat.None;
    }
}
