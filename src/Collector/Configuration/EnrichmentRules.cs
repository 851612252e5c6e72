using Collector.Output;

namespace Collector.Configuration;

/// <summary>What must hold for the resolution of AS numbers and prefixes, whichever file it came from (pmacct-compat §10.4).</summary>
public static class EnrichmentRules
{
    private static readonly string[] OriginAs = ["src_as", "dst_as", "sum_as"];

    /// <summary>Everything that is wrong; keys are those of collector.yaml.</summary>
    public static IEnumerable<OutputFault> Check(CollectorOptions options)
    {
        EnrichmentOptions enrichment = options.Enrichment;
        bool selectsAs = options.Outputs.SelectMany(o => o.Aggregate).Any(OriginAs.Contains);
        if (enrichment.As == AsSource.File && enrichment.NetworksFile is null && selectsAs)
        {
            yield return new("as_source", "AS numbers are to come from a file, and there is no networks_file; name one");
        }

        if (enrichment.Network == NetworkSource.File && enrichment.NetworksFile is null)
        {
            yield return new("net_source", "networks are to come from a file, and there is no networks_file; name one");
        }

        if (enrichment.As == AsSource.Bgp && !options.Bgp.IsEnabled)
        {
            yield return new("as_source", "AS numbers are to come from BGP, and there is no BGP speaker; write bgp: {listen: ...} (bgp_daemon: true behind -f)");
        }

        if (enrichment.Network == NetworkSource.Bgp && !options.Bgp.IsEnabled)
        {
            yield return new("net_source", "networks are to come from BGP, and there is no BGP speaker; write bgp: {listen: ...} (bgp_daemon: true behind -f)");
        }

        if (enrichment.Network == NetworkSource.Mask && enrichment.NetworksMask == 0)
        {
            yield return new("net_source", "networks are to be cut to a fixed length, and there is no networks_mask; write one, such as networks_mask: 24");
        }
    }
}
