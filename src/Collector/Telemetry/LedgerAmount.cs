namespace Collector.Telemetry;

/// <summary>An amount in the units in which the ledger closes.</summary>
/// <param name="Records">Flow records.</param>
/// <param name="Packets">Packets that they sum.</param>
/// <param name="Octets">Octets that they sum.</param>
public readonly record struct LedgerAmount(long Records, ulong Packets, ulong Octets)
{
    /// <summary>The sum of two amounts.</summary>
    public static LedgerAmount operator +(LedgerAmount a, LedgerAmount b) => new(a.Records + b.Records, unchecked(a.Packets + b.Packets), unchecked(a.Octets + b.Octets));

    /// <summary>As it stands in the log: `3 records 30 packets 300 octets`.</summary>
    public override string ToString() => FormattableString.Invariant($"{Records} records {Packets} packets {Octets} octets");
}

/// <summary>An amount that was lost for one reason.</summary>
/// <param name="Name">The reason as the ledger names it.</param>
/// <param name="Rows">Rows of the output; 0 where the loss was before there were rows.</param>
/// <param name="Amount">What was in them.</param>
public readonly record struct LedgerLoss(string Name, long Rows, LedgerAmount Amount);
