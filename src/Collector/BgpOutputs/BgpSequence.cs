namespace Collector.BgpOutputs;

/// <summary>The running number of pmacct's BGP objects, from 0: one for each object of the message log, one for all objects of a table dump.</summary>
/// <remarks>One per daemon; safe for any thread.</remarks>
public sealed class BgpSequence
{
    private long _last = -1;

    /// <summary>The next number.</summary>
    public long Next() => Interlocked.Increment(ref _last);
}
