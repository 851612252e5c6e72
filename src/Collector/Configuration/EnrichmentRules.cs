using Collector.Output;

namespace Collector.Configuration;

/// <summary>What must hold for the resolution of AS numbers and prefixes, whichever file it came from (pmacct-compat §10.4).</summary>
public static class EnrichmentRules
{
    private static readonly string[] OriginAs = ["src_as", "dst_as", "sum_as"];

    /// <summary>Everything that is wrong with the rules of the root, where outputs go by them; keys are those of collector.yaml.</summary>
    public static IEnumerable<OutputFault> Check(CollectorOptions options)
    {
        if (options.Enrichment.As == AsSource.Bgp && !options.Bgp.IsEnabled)
        {
            yield return new("as_source", "AS numbers are to come from BGP, and there is no BGP speaker; write bgp: {listen: ...} (bgp_daemon: true behind -f)");
        }

        OutputOptions[] outputs = [.. options.Outputs.Where(o => o.Networks is null)];
        foreach (OutputFault fault in outputs.Length == 0 && options.Outputs.Count > 0 ? [] : Check(options, NetworkRules.Of(options), outputs))
        {
            yield return fault;
        }
    }

    /// <summary>What is wrong with the rules that outputs have for themselves.</summary>
    public static IEnumerable<(int Output, OutputFault Fault)> CheckOutputs(CollectorOptions options)
    {
        for (int i = 0; i < options.Outputs.Count; i++)
        {
            if (options.Outputs[i].Networks is not { } rules)
            {
                continue;
            }

            foreach (OutputFault fault in Check(options, rules, [options.Outputs[i]]))
            {
                yield return (i, fault);
            }

            var root = NetworkRules.Of(options);
            if (options.Bgp.IsEnabled && rules.Source != root.Source)
            {
                yield return (i, new("net_source", "with a BGP speaker all outputs take networks from one source; write it once, at the root (behind -f without brackets)"));
            }

            if (options.Bgp.IsEnabled && rules.PeerAs != root.PeerAs)
            {
                yield return (i, new("peer_as", "with a BGP speaker it holds for all outputs; write it once, at the root (behind -f without brackets)"));
            }
        }
    }

    private static IEnumerable<OutputFault> Check(CollectorOptions options, NetworkRules rules, IReadOnlyList<OutputOptions> outputs)
    {
        if (options.Enrichment.As == AsSource.File && rules.File is null && outputs.SelectMany(o => o.Aggregate).Any(OriginAs.Contains))
        {
            yield return new("as_source", "AS numbers are to come from a file, and there is no networks_file; name one");
        }

        if (rules.Source == NetworkSource.File && rules.File is null)
        {
            yield return new("net_source", "networks are to come from a file, and there is no networks_file; name one");
        }

        if (rules.Source == NetworkSource.Bgp && !options.Bgp.IsEnabled)
        {
            yield return new("net_source", "networks are to come from BGP, and there is no BGP speaker; write bgp: {listen: ...} (bgp_daemon: true behind -f)");
        }

        if (rules.Source == NetworkSource.Mask && rules.Mask == 0)
        {
            yield return new("net_source", "networks are to be cut to a fixed length, and there is no networks_mask; write one, such as networks_mask: 24");
        }
    }
}
