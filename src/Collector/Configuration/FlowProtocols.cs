namespace Collector.Configuration;

/// <summary>Protocols that are collected.</summary>
[Flags]
public enum FlowProtocols
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>NetFlow of all versions, and IPFIX.</summary>
    NetFlow = 1,

    /// <summary>sFlow of all versions.</summary>
    SFlow = 2,

    /// <summary>Everything.</summary>
    All = NetFlow | SFlow,
}
