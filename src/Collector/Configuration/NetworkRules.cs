namespace Collector.Configuration;

/// <summary>How the networks of hosts are resolved: at the root for all outputs, in section networks of an output for that one (pmacct's keys of plugins). Immutable.</summary>
public sealed record NetworkRules
{
    /// <summary>net_source (nfacctd_net). Default export.</summary>
    public NetworkSource Source { get; init; }

    /// <summary>networks_file; null: none. Default null.</summary>
    public string? File { get; init; }

    /// <summary>networks_file_filter: hosts and networks outside the file become zero. Default false.</summary>
    public bool FileFilter { get; init; }

    /// <summary>networks_file_no_lpm: with longest, a match in the file wins whatever its length. Default false.</summary>
    public bool FileNoLpm { get; init; }

    /// <summary>networks_mask, the length for net_source mask; 0 to 128. Default 0.</summary>
    public byte Mask { get; init; }

    /// <summary>networks_no_mask_if_zero: where the length is 0 the network is the host itself. Default false.</summary>
    public bool NoMaskIfZero { get; init; }

    /// <summary>peer_as: the AS numbers of the datagram are those of peers. Default false.</summary>
    public bool PeerAs { get; init; }

    /// <summary>The rules of the root.</summary>
    public static NetworkRules Of(CollectorOptions options) => new()
    {
        Source = options.Enrichment.Network,
        File = options.Enrichment.NetworksFile,
        FileFilter = options.Enrichment.NetworksFileFilter,
        FileNoLpm = options.Enrichment.NetworksFileNoLpm,
        Mask = options.Enrichment.NetworksMask,
        NoMaskIfZero = options.Enrichment.NetworksNoMaskIfZero,
        PeerAs = options.PeerAs,
    };

    /// <summary>The options with these rules in the place of those of the root.</summary>
    public EnrichmentOptions Over(EnrichmentOptions options) => options with
    {
        Network = Source,
        NetworksFile = File,
        NetworksFileFilter = FileFilter,
        NetworksFileNoLpm = FileNoLpm,
        NetworksMask = Mask,
        NetworksNoMaskIfZero = NoMaskIfZero,
    };
}
