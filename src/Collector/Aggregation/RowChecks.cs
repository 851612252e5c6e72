using Collector.Configuration;

namespace Collector.Aggregation;

/// <summary>print_preprocess and kafka_preprocess: which rows of a purge are worth publishing. Immutable.</summary>
/// <remarks>
/// Seen with nfacctd 1.7.7: minima let equal values pass, the two quotients are whole numbers cut, `any` is the default, and entries kept for a later
/// purge are looked at then. Maxima are of later releases (a value must be below). A row without packets fails minbpp, a division by zero there;
/// flows are counted here also when `flows` is not in aggregate, where 1.7.7 finds none and drops every row.
/// </remarks>
public sealed class RowChecks(PreprocessOptions options)
{
    /// <summary>True when a row with these sums is published.</summary>
    public bool Pass(in AggregateEntry entry)
    {
        int checks = 0, passed = 0;
        Minimum(options.MinPackets, entry.Packets);
        Minimum(options.MinFlows, entry.Flows);
        Minimum(options.MinBytes, entry.Octets);
        Maximum(options.MaxPackets, entry.Packets);
        Maximum(options.MaxFlows, entry.Flows);
        Maximum(options.MaxBytes, entry.Octets);
        Minimum(options.MinBytesPerPacket, entry.Packets == 0 ? 0 : entry.Octets / entry.Packets);
        Minimum(options.MinPacketsPerFlow, entry.Flows == 0 ? 0 : entry.Packets / entry.Flows);
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
