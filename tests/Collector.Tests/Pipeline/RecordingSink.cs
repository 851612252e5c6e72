using Collector.Aggregation;
using Collector.Sinks;

namespace Collector.Tests.Pipeline;

/// <summary>Keeps what every purge summed; can be held, so that purges pile up before it, and can fail.</summary>
internal sealed class RecordingSink : IFlowSink
{
    private readonly ManualResetEventSlim _open = new(true);
    private readonly ManualResetEventSlim _entered = new(false);

    /// <summary>Sums of every purge, in the Published fields, with its number.</summary>
    public List<(long Number, long Time, PublishResult Sums)> Purges { get; } = [];

    /// <summary>When set, Publish throws it.</summary>
    public Exception? Failure { get; set; }

    public void Hold() => _open.Reset();

    public void Release() => _open.Set();

    /// <summary>Waits until a purge is inside Publish.</summary>
    public void WaitForPurge() => Assert(_entered.Wait(TimeSpan.FromSeconds(20)));

    public void Start()
    {
    }

    public PublishResult Publish(Purge purge, CancellationToken stop)
    {
        _entered.Set();
        Assert(_open.Wait(TimeSpan.FromSeconds(20), CancellationToken.None));
        if (Failure is not null)
        {
            throw Failure;
        }

        PublishResult sums = default;
        for (int i = 0; i < purge.Count; i++)
        {
            ref readonly AggregateEntry entry = ref purge[i].Entry;
            sums.PublishedRows++;
            sums.PublishedRecords += entry.Records;
            sums.PublishedPackets += (long)entry.Packets;
            sums.PublishedOctets += (long)entry.Octets;
        }

        Purges.Add((purge.Number, purge.Time / 1_000_000, sums));
        return sums;
    }

    public void Reopen()
    {
    }

    public void Dispose()
    {
        _open.Dispose();
        _entered.Dispose();
    }

    private static void Assert(bool happened) => Xunit.Assert.True(happened, "waited 20 s for a purge");
}
