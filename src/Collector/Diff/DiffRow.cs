namespace Collector.Diff;

/// <summary>A row of pmacct JSON: its window, its counters, and the text of every other value by the side's index of fields.</summary>
public sealed class DiffRow
{
    /// <summary>stamp_inserted; empty where rows carry no time.</summary>
    public string Window = "";

    /// <summary>bytes.</summary>
    public ulong Octets;

    /// <summary>packets.</summary>
    public ulong Packets;

    /// <summary>flows.</summary>
    public ulong Flows;

    /// <summary>Values by index; shorter than the list of fields when the last ones are missing.</summary>
    public string?[] Values = [];
}
