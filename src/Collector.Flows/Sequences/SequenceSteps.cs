namespace Collector.Flows.Sequences;

/// <summary>How the sequence number of each datagram stands to the one before, as pmacct counts it for its statistics lines (pmacct-compat §9.3).</summary>
/// <remarks>
/// Nothing is made up for here: a datagram that comes late is a step back and the next one a step ahead. Losses are told by <see cref="SequenceCounters"/>.
/// Plain numbers written by the owning worker only.
/// </remarks>
public sealed class SequenceSteps
{
    private uint _last;
    private uint _units;

    /// <summary>Datagrams whose number was the expected one, the first included.</summary>
    public long Good;

    /// <summary>Datagrams whose number was ahead of the expected one.</summary>
    public long Ahead;

    /// <summary>Datagrams whose number was behind the expected one.</summary>
    public long Back;

    /// <summary>Takes the number of a datagram.</summary>
    /// <param name="sequence">The number in its header.</param>
    /// <param name="units">By how much it moves the number: records in NetFlow v5 and IPFIX, 1 in NetFlow v9 and sFlow.</param>
    internal void Observe(uint sequence, uint units)
    {
        // To pmacct a number of 0 is none, so whatever follows it is good.
        uint expected = _last + _units;
        if (_last == 0 || sequence == expected)
        {
            Good++;
        }
        else if (sequence > expected)
        {
            Ahead++;
        }
        else
        {
            Back++;
        }

        (_last, _units) = (sequence, units);
    }
}
