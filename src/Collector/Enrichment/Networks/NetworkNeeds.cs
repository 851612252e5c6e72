using Collector.Configuration;
using Collector.Flows;

namespace Collector.Enrichment.Networks;

/// <summary>What networks_file, networks_mask and peer_as change for outputs that read the same fields by the same rules (pmacct-compat §4.1 to §4.3).</summary>
/// <remarks>Null where it makes no difference to what an output reads, so that outputs that differ in nothing they read share one resolution.</remarks>
internal sealed record NetworkNeeds
{
    private NetworkNeeds(EnrichmentOptions options, NetworkRules rules)
    {
        Rules = rules;
        As = options.As;
    }

    /// <summary>Works out what one output needs.</summary>
    /// <param name="options">How AS numbers are resolved, and by default networks.</param>
    /// <param name="needed">Fields that the output reads.</param>
    /// <param name="rules">Its rules; null: those of the options.</param>
    /// <param name="swapsPeerAs">The decoder leaves the AS numbers of the datagram where they are though this output has peer_as.</param>
    /// <param name="printed">Fields that it prints; null: all that it reads. A network is made of a mask that need not be printed.</param>
    public static NetworkNeeds Of(EnrichmentOptions options, FlowFieldSet needed, NetworkRules? rules = null, bool swapsPeerAs = false, FlowFieldSet? printed = null)
    {
        rules ??= NetworkRules.Of(new CollectorOptions { Enrichment = options });
        FlowFieldSet prints = printed ?? needed;
        bool Has(params ReadOnlySpan<FlowField> fields) => HasAny(needed, fields);
        bool Prints(params ReadOnlySpan<FlowField> fields) => HasAny(prints, fields);

        bool hasFile = rules.File is not null, origin = Has(FlowField.SourceAs, FlowField.DestinationAs);
        bool readsAs = origin || Has(FlowField.PeerSourceAs, FlowField.PeerDestinationAs);
        bool longest = options.As == AsSource.Longest, isMask = rules.Source == NetworkSource.Mask;

        // Seen with 1.7.7: with longest the file says nothing about peers to an output that has no AS number of a host.
        bool fileAs = hasFile && (options.As == AsSource.File || (longest && origin));
        bool fileNetwork = hasFile && rules.Source is NetworkSource.File or NetworkSource.Longest;
        return new NetworkNeeds(options, rules with { PeerAs = false })
        {
            FileAs = readsAs ? fileAs : null,
            FileNetwork = fileNetwork,
            SourceNetwork = Has(FlowField.SourceNetwork),
            DestinationNetwork = Has(FlowField.DestinationNetwork),
            SwapsPeerAs = readsAs && swapsPeerAs,

            // Seen with 1.7.7: a plugin knows masks only where it prints them, so that elsewhere any network of the file is long enough.
            ComparesNextHop = fileNetwork && Has(FlowField.NextHop)
                ? Has(FlowField.DestinationMask, FlowField.DestinationNetwork) || (longest && Has(FlowField.DestinationAs)) : null,

            // Nor the address of a host of which it prints nothing: what the file says of peers and next hops is then what it says of no address.
            KnowsSource = fileAs && Has(FlowField.PeerSourceAs)
                ? Prints(FlowField.SourceAddress, FlowField.SourceNetwork, FlowField.SourceMask, FlowField.SourceAs) : null,
            KnowsDestination = (fileAs && Has(FlowField.PeerDestinationAs)) || (fileNetwork && Has(FlowField.NextHop))
                ? Prints(FlowField.DestinationAddress, FlowField.DestinationNetwork, FlowField.DestinationMask, FlowField.DestinationAs) : null,
            ComparesSourceAs = isMask && fileAs ? Prints(FlowField.SourceMask) : null,
            ComparesDestinationAs = isMask && fileAs ? Prints(FlowField.DestinationMask) : null,
        };
    }

    /// <summary>The rules.</summary>
    public NetworkRules Rules { get; private init; }

    /// <summary>as_source.</summary>
    public AsSource As { get; }

    /// <summary>The file says AS numbers.</summary>
    public bool? FileAs { get; private init; }

    /// <summary>The file says networks and next hops.</summary>
    public bool FileNetwork { get; private init; }

    /// <summary>src_net is read.</summary>
    public bool SourceNetwork { get; private init; }

    /// <summary>dst_net is read.</summary>
    public bool DestinationNetwork { get; private init; }

    /// <summary>The AS numbers of the datagram become those of peers.</summary>
    public bool SwapsPeerAs { get; private init; }

    /// <summary>A network of the file must be as long as the destination's mask to say the next hop.</summary>
    public bool? ComparesNextHop { get; private init; }

    /// <summary>The file is asked for the source's address: something of it is printed.</summary>
    public bool? KnowsSource { get; private init; }

    /// <summary>The same for the destination.</summary>
    public bool? KnowsDestination { get; private init; }

    /// <summary>A network of the file must be as long as networks_mask to say the source's AS.</summary>
    public bool? ComparesSourceAs { get; private init; }

    /// <summary>The same for the destination.</summary>
    public bool? ComparesDestinationAs { get; private init; }

    /// <summary>The file is looked into.</summary>
    public bool ReadsFile => Rules.File is not null && (FileAs == true || FileNetwork || Rules.FileFilter);

    /// <summary>Prefix lengths are read, whether or not they are printed.</summary>
    public bool NeedsMasks => SourceNetwork || DestinationNetwork || ReadsFile;

    /// <summary>What maps read is changed: AS numbers, next hops, hosts.</summary>
    public bool ChangesWhatMapsRead => ReadsFile || SwapsPeerAs || Rules.Source == NetworkSource.Mask;

    /// <summary>Records are changed at all.</summary>
    public bool IsActive => SourceNetwork || DestinationNetwork || ChangesWhatMapsRead;

    /// <summary>What serves both; null when they disagree.</summary>
    public NetworkNeeds? Join(NetworkNeeds other)
    {
        if (!Agree(FileAs, other.FileAs) || !Agree(ComparesNextHop, other.ComparesNextHop) || !Agree(ComparesSourceAs, other.ComparesSourceAs)
            || !Agree(ComparesDestinationAs, other.ComparesDestinationAs) || !Agree(KnowsSource, other.KnowsSource) || !Agree(KnowsDestination, other.KnowsDestination))
        {
            return null;
        }

        NetworkNeeds joined = this with
        {
            FileAs = FileAs ?? other.FileAs,
            ComparesNextHop = ComparesNextHop ?? other.ComparesNextHop,
            ComparesSourceAs = ComparesSourceAs ?? other.ComparesSourceAs,
            ComparesDestinationAs = ComparesDestinationAs ?? other.ComparesDestinationAs,
            KnowsSource = KnowsSource ?? other.KnowsSource,
            KnowsDestination = KnowsDestination ?? other.KnowsDestination,
            SourceNetwork = SourceNetwork || other.SourceNetwork,
            DestinationNetwork = DestinationNetwork || other.DestinationNetwork,
        };
        return Rules == other.Rules && SwapsPeerAs == other.SwapsPeerAs && FileNetwork == other.FileNetwork ? joined : null;
    }

    private static bool HasAny(FlowFieldSet set, ReadOnlySpan<FlowField> fields)
    {
        foreach (FlowField field in fields)
        {
            if (set.Contains(field))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Agree(bool? one, bool? other) => one is null || other is null || one == other;
}
