using Collector.Configuration;
using Collector.Flows;

namespace Collector.Enrichment.Routes;

/// <summary>What of the routes the outputs read, given where the configuration takes it from.</summary>
internal sealed record RouteNeeds
{
    /// <summary>Works it out.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="needed">Fields that the outputs read.</param>
    public RouteNeeds(EnrichmentOptions options, FlowFieldSet needed)
    {
        bool Has(FlowField field) => needed.Contains(field);
        SourceAsPath = options.SourceAsPath && Has(FlowField.SourceAsPath);
        SourceStandardCommunities = options.SourceStandardCommunities && Has(FlowField.SourceStandardCommunities);
        SourceExtendedCommunities = options.SourceExtendedCommunities && Has(FlowField.SourceExtendedCommunities);
        SourceLargeCommunities = options.SourceLargeCommunities && Has(FlowField.SourceLargeCommunities);
        SourceRoa = options.SourceRoa && Has(FlowField.SourceRoa);
        SourceAttributes = SourceAsPath || SourceStandardCommunities || SourceExtendedCommunities || SourceLargeCommunities || SourceRoa
            || (options.SourceLocalPreference != SourceAttributeType.None && Has(FlowField.SourceLocalPreference))
            || (options.SourceMed != SourceAttributeType.None && Has(FlowField.SourceMultiExitDiscriminator));
        AsPath = Has(FlowField.AsPath);
        StandardCommunities = Has(FlowField.StandardCommunities);
        ExtendedCommunities = Has(FlowField.ExtendedCommunities);
        LargeCommunities = Has(FlowField.LargeCommunities);
        DestinationTexts = AsPath || StandardCommunities || ExtendedCommunities || LargeCommunities;
        DestinationRoa = Has(FlowField.DestinationRoa);
        As = options.As is AsSource.Bgp or AsSource.Longest;
        Network = options.Network is NetworkSource.Bgp or NetworkSource.Longest;

        // With longest, masks decide which AS number is taken, printed or not; a networks_file compares them too.
        bool masksDecide = options.As == AsSource.Longest || options.NetworksFile is not null;
        bool sourceAs = Has(FlowField.SourceAs) || Has(FlowField.PeerSourceAs) || SourceAttributes;
        bool sourceMask = Has(FlowField.SourceMask) || Has(FlowField.SourceNetwork);
        bool destinationAs = Has(FlowField.DestinationAs) || Has(FlowField.PeerDestinationAs) || DestinationTexts || DestinationRoa
            || Has(FlowField.LocalPreference) || Has(FlowField.MultiExitDiscriminator);
        bool destinationMask = Has(FlowField.DestinationMask) || Has(FlowField.DestinationNetwork) || Has(FlowField.NextHop);
        bool fromMaps = (options.PeerSourceAs == SourceAttributeType.Map && Has(FlowField.PeerSourceAs))
            || (options.SourceLocalPreference == SourceAttributeType.Map && Has(FlowField.SourceLocalPreference))
            || (options.SourceMed == SourceAttributeType.Map && Has(FlowField.SourceMultiExitDiscriminator));
        Source = fromMaps || (As && sourceAs) || (Network && (sourceMask || (sourceAs && masksDecide)));
        Destination = fromMaps || (As && destinationAs) || (Network && (destinationMask || (destinationAs && masksDecide)));
    }

    /// <summary>The options that routes are asked by: a networks_file of any output compares masks.</summary>
    public static EnrichmentOptions OptionsOf(CollectorOptions options) => options.Enrichment.NetworksFile is not null ? options.Enrichment
        : options.Enrichment with { NetworksFile = options.Outputs.Select(o => o.Networks?.File).FirstOrDefault(f => f is not null) };

    /// <summary>The route of the source.</summary>
    public bool Source { get; }

    /// <summary>The route of the destination.</summary>
    public bool Destination { get; }

    /// <summary>AS numbers and attributes are taken from routes.</summary>
    public bool As { get; }

    /// <summary>Prefix lengths and next hops are taken from routes.</summary>
    public bool Network { get; }

    /// <summary>Any attribute of the source's route.</summary>
    public bool SourceAttributes { get; }

    /// <summary>src_as_path.</summary>
    public bool SourceAsPath { get; }

    /// <summary>src_std_comm.</summary>
    public bool SourceStandardCommunities { get; }

    /// <summary>src_ext_comm.</summary>
    public bool SourceExtendedCommunities { get; }

    /// <summary>src_lrg_comm.</summary>
    public bool SourceLargeCommunities { get; }

    /// <summary>src_roa.</summary>
    public bool SourceRoa { get; }

    /// <summary>Any text of the destination's route.</summary>
    public bool DestinationTexts { get; }

    /// <summary>as_path.</summary>
    public bool AsPath { get; }

    /// <summary>std_comm.</summary>
    public bool StandardCommunities { get; }

    /// <summary>ext_comm.</summary>
    public bool ExtendedCommunities { get; }

    /// <summary>lrg_comm.</summary>
    public bool LargeCommunities { get; }

    /// <summary>dst_roa.</summary>
    public bool DestinationRoa { get; }

    /// <summary>True when any route is looked up.</summary>
    public bool Any => Source || Destination;
}
