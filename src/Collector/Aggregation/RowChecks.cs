using Collector.Configuration;

namespace Collector.Aggregation;

/// <summary>print_preprocess and kafka_preprocess: which rows of a purge are worth publishing. Immutable.</summary>
/// <remarks>
/// Seen with nfacctd 1.7.7: minima let equal values pass, the two quotients are whole numbers cut, `any` is the default, and entries kept for a later
/// purge are looked at then. Maxima are of later releases (a value must be below). A row without packets fails minbpp, a division by zero there.
/// </remarks>
/// <param name="options">The checks.</param>
/// <param name="countsFlows">Whether `flows` is in aggregate: without it rows have no flows.</param>
public sealed class RowChecks(PreprocessOptions options, bool countsFlows = true)
{
    /// <summary>True when a row with these sums is published.</summary>
    public bool Pass(in AggregateEntry entry)
    {
        int checks = 0, passed = 0;
        ulong flows = countsFlows ? entry.Flows : 0;
        Minimum(options.MinPackets, entry.Packets);
        Minimum(options.MinFlows, flows);
        Minimum(options.MinBytes, entry.Octets);
        Maximum(options.MaxPackets, entry.Packets);
        Maximum(options.MaxFlows, flows);
        Maximum(options.MaxBytes, entry.Octets);
        Minimum(options.MinBytesPerPacket, entry.Packets == 0 ? 0 : entry.Octets / entry.Packets);
        Minimum(options.MinPacketsPerFlow, flows == 0 ? 0 : entry.Packets / flows);
        return checks == 0 || (options.All ? passed == checks : passed > 0);

        void Minimum(ulong limit, ulong value)
        {
            checks += limit == 0 ? 0 : 1;
            passed += limit != 0 && value >= limit ? 1 : 0;
        }

        void Maximum(ulong limit, ulong value)
        {
            checks += limit == 0 ? 0 : 1;
            passed += limit != 0 && value < limit ? 1 : 0;
        }
    }
}
