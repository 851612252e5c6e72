using Collector.Flows;

namespace Collector.Enrichment.Networks;

/// <summary>Resolves networks behind the maps, which see records as exporters and routes tell them: for all outputs at once, or for one of them.</summary>
/// <remarks>One per worker and place. Never allocates once warm.</remarks>
/// <param name="enricher">What is changed.</param>
/// <param name="file">The networks.</param>
/// <param name="asZero">Where records whose AS numbers are 0 are counted; null: elsewhere.</param>
/// <param name="counted">Which AS numbers are counted.</param>
internal sealed class NetworkStage(NetworkEnricher enricher, NetworkTableFile file, AsZeroCounters? asZero, (bool Source, bool Destination) counted)
{
    private FlowRecord[] _copies = [];

    /// <summary>Completes records in place.</summary>
    public void Enrich(Span<FlowRecord> records)
    {
        NetworkTable networks = file.Current;
        foreach (ref FlowRecord record in records)
        {
            (bool Source, bool Destination) decided = enricher.Enrich(ref record, networks);
            if (asZero is not null)
            {
                Count(in record, decided);
            }
        }
    }

    /// <summary>Completes copies of records that other outputs see too.</summary>
    public Span<FlowRecord> EnrichCopies(ReadOnlySpan<FlowRecord> records)
    {
        if (_copies.Length < records.Length)
        {
            _copies = new FlowRecord[Math.Max(FlowBatch.DefaultCapacity, records.Length)];
        }

        records.CopyTo(_copies);
        Span<FlowRecord> copies = _copies.AsSpan(0, records.Length);
        Enrich(copies);
        return copies;
    }

    private void Count(in FlowRecord record, (bool Source, bool Destination) decided)
    {
        if (counted.Source && record.SourceAs == 0)
        {
            asZero!.CountSource(decided.Source ? AsZeroReason.NetworksFile : (AsZeroReason)(record.AsZeroReasons & 15));
        }

        if (counted.Destination && record.DestinationAs == 0)
        {
            asZero!.CountDestination(decided.Destination ? AsZeroReason.NetworksFile : (AsZeroReason)(record.AsZeroReasons >> 4));
        }
    }
}
