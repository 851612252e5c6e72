namespace Collector.Flows;

/// <summary>The address family of a value in a <see cref="FlowRecord"/>: pmacct prints "" where there is none.</summary>
public enum FlowFamily : byte
{
    /// <summary>The record does not carry the address.</summary>
    None = 0,

    /// <summary>IPv4; the address lies in its mapped form.</summary>
    IPv4 = 4,

    /// <summary>IPv6; a mapped address is printed as <c>::ffff:a.b.c.d</c>.</summary>
    IPv6 = 6,
}
