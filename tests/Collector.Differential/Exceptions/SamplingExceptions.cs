using Collector.Differential.Comparison;

namespace Collector.Differential.Exceptions;

/// <summary>Sampling intervals that 1.7.7 does not read or takes for 0, and pools that it asks once.</summary>
internal static class SamplingExceptions
{
    /// <summary>All rows.</summary>
    public static IReadOnlyList<KnownException> All { get; } =
    [
        // The interval is 1 in all three captures. samplingPacketInterval of two bytes is no sampling option for 1.7.7, and without a space it gives 0.
        new("interval that 1.7.7 does not read", "RFC 7011 6.2, quirks.md S8, pmacct-compat.md 8.3", "sampling_rate")
        {
            AppliesTo = c => c.Capture.Name is "lsc-ipfix" or "pma-403" or "pma-500" && c.Aggregate.Contains("sampling_rate"),
            HoldsForPmacct = r => KnownException.Has(r, "sampling_rate", v => v == "0"),
            HoldsForCollector = r => KnownException.Has(r, "sampling_rate", v => v == "1"),
        },
        new("rate of 0 multiplied", "pmacct-compat.md 8.3", "packets", "bytes")
        {
            AppliesTo = c => c.Capture.Name is "pma-403" or "pma-500" or "lsc-netflow-9-h3c" && c.Renormalizes && !IsMapped(c),
            HoldsForPmacct = r => KnownException.Has(r, "packets", v => v == "0") && KnownException.Has(r, "bytes", v => v == "0"),
        },
        // The sample moves the pool when the first output takes it; for the others it then stands still, and what a filter refuses does not move it.
        new("pool asked by the first output only", "pmacct-compat.md 7.3", "packets", "bytes")
        {
            AppliesTo = c => c.Capture.Name == "sflow5-sfprobe-sampling" && c.Renormalizes && !IsMapped(c) && (c.Output != c.Configuration.Outputs[0] || c.ValueOf("aggregate_filter") is not null),
        },
    ];

    // Every sampling_map that is drawn has a line for all exporters of IPv4; that of pma-403 has an address of IPv6.
    private static bool IsMapped(CaseContext c) => c.ValueOf("sampling_map") is { } map
        && (c.Capture.Name != "pma-403" || c.Configuration.Files[map.Replace("FILE:", "", StringComparison.Ordinal)].Contains("::/0", StringComparison.Ordinal));
}
