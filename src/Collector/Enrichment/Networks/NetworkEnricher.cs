using Collector.Configuration;
using Collector.Flows;
using Collector.Net;

namespace Collector.Enrichment.Networks;

/// <summary>What networks_file and networks_mask change in a record, then the networks of hosts and masks (pmacct-compat §4.1, §4.3).</summary>
/// <remarks>Comes after BGP: masks and AS numbers in the record are those of the datagram or of routes. Immutable.</remarks>
internal sealed class NetworkEnricher
{
    private readonly EnrichmentOptions _options;
    private readonly bool _readsFile;
    private readonly bool _fileAs;
    private readonly bool _fileNetwork;
    private readonly bool _sourceNetwork;
    private readonly bool _destinationNetwork;

    public NetworkEnricher(EnrichmentOptions options, FlowFieldSet needed)
    {
        _options = options;
        _fileAs = options.NetworksFile is not null && options.As is AsSource.File or AsSource.Longest;
        _fileNetwork = options.NetworksFile is not null && options.Network is NetworkSource.File or NetworkSource.Longest;
        _readsFile = options.NetworksFile is not null && (_fileAs || _fileNetwork || options.NetworksFileFilter);
        _sourceNetwork = needed.Contains(FlowField.SourceNetwork);
        _destinationNetwork = needed.Contains(FlowField.DestinationNetwork);
        NeedsMasks = _sourceNetwork || _destinationNetwork || _readsFile;
    }

    /// <summary>True when prefix lengths are read, whether or not they are printed.</summary>
    public bool NeedsMasks { get; }

    /// <summary>True when records are changed at all.</summary>
    public bool IsActive => NeedsMasks || _options.Network == NetworkSource.Mask;

    /// <summary>Changes a record.</summary>
    /// <returns>Whether the file decided on the AS numbers of the source and of the destination.</returns>
    public (bool Source, bool Destination) Enrich(ref FlowRecord record, NetworkTable networks)
    {
        if (record.Family == FlowFamily.None)
        {
            // Seen with nfacctd 1.7.7: options records have the mask too, though no address.
            if (_options.Network == NetworkSource.Mask)
            {
                record.SourceMask = record.DestinationMask = Math.Min(_options.NetworksMask, (byte)32);
            }

            return default;
        }

        (bool Source, bool Destination) decided = default;

        bool isIPv4 = record.Family == FlowFamily.IPv4;
        if (_options.Network == NetworkSource.Mask)
        {
            record.SourceMask = record.DestinationMask = Math.Min(_options.NetworksMask, isIPv4 ? (byte)32 : (byte)128);
            // The datagram is no source of networks then, nor of the next hop towards them.
            (record.NextHop, record.NextHopFamily) = (default, FlowFamily.None);
            record.Flags &= ~(FlowRecordFlags.SourceNetworkGiven | FlowRecordFlags.DestinationNetworkGiven);
        }

        if (_readsFile)
        {
            bool found = networks.TryFind(record.SourceAddress, isIPv4, out byte length, out NetworkEntry entry);
            decided.Source = Apply(
                found, length, entry, isIPv4, FlowRecordFlags.SourceNetworkGiven, ref record.SourceAddress, ref record.SourceMask, ref record.SourceAs,
                ref record.PeerSourceAs, ref record.Flags);
            found = networks.TryFind(record.DestinationAddress, isIPv4, out length, out entry);
            decided.Destination = Apply(
                found, length, entry, isIPv4, FlowRecordFlags.DestinationNetworkGiven, ref record.DestinationAddress, ref record.DestinationMask,
                ref record.DestinationAs, ref record.PeerDestinationAs, ref record.Flags);
            ApplyNextHop(ref record, length, entry);
        }

        if (_sourceNetwork && (record.Flags & FlowRecordFlags.SourceNetworkGiven) == 0)
        {
            record.SourceNetwork = Network(record.SourceAddress, record.SourceMask, isIPv4);
        }

        if (_destinationNetwork && (record.Flags & FlowRecordFlags.DestinationNetworkGiven) == 0)
        {
            record.DestinationNetwork = Network(record.DestinationAddress, record.DestinationMask, isIPv4);
        }

        return decided;
    }

    // Seen with nfacctd 1.7.7: the file's mask wins when it is longer, its AS numbers when they are not shorter than the mask of then, be they 0.
    // An address that is not in the file is in a network of length 0 there, which says AS 0 and wins where nobody knows a mask.
    private bool Apply(
        bool found, byte length, in NetworkEntry entry, bool isIPv4, FlowRecordFlags given, ref IpAddress host, ref byte mask, ref uint origin, ref uint peer,
        ref FlowRecordFlags flags)
    {
        if (_options.NetworksFileFilter && !found)
        {
            // The host becomes zero, and with it all that the file could have said.
            host = isIPv4 ? IpAddress.FromIPv4(0) : default;
            mask = _fileNetwork ? (byte)0 : mask;
            (origin, peer) = _fileAs ? (0, 0) : (origin, peer);
            flags &= ~given;
            return _fileAs;
        }

        if (_fileNetwork && (_options.Network == NetworkSource.File || (found && (_options.NetworksFileNoLpm ? length > 0 : length > mask))))
        {
            mask = length;
            flags &= ~given;
        }

        if (!_fileAs || !(_options.As == AsSource.File || (_options.NetworksFileNoLpm ? length > 0 : length >= mask)))
        {
            return false;
        }

        (origin, peer) = (entry.OriginAs, entry.PeerAs);
        return true;
    }

    private void ApplyNextHop(ref FlowRecord record, byte length, in NetworkEntry entry)
    {
        if (_fileNetwork && (_options.Network == NetworkSource.File || (_options.NetworksFileNoLpm ? length > 0 : length >= record.DestinationMask)))
        {
            (record.NextHop, record.NextHopFamily) = (entry.NextHop, entry.NextHopFamily);
        }
    }

    private IpAddress Network(IpAddress host, byte mask, bool isIPv4) =>
        mask == 0 && _options.NetworksNoMaskIfZero ? host : IpPrefix.MaskOf(host, mask, isIPv4);
}
