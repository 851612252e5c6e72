using Collector.Configuration;
using Collector.Flows;
using Collector.Net;

namespace Collector.Enrichment.Networks;

/// <summary>What networks_file and networks_mask change in a record, then the networks of hosts and masks (pmacct-compat §4.1, §4.3).</summary>
/// <remarks>Comes after BGP: masks and AS numbers in the record are those of the datagram or of routes. Immutable.</remarks>
internal sealed class NetworkEnricher
{
    private readonly NetworkNeeds _needs;
    private readonly NetworkRules _rules;
    private readonly bool _readsFile;
    private readonly bool _fileAs;
    private readonly bool _pmacct17;

    /// <param name="needs">What is to be changed.</param>
    /// <param name="pmacct17">The dialect of 1.7, which prints no next hop in some records.</param>
    public NetworkEnricher(NetworkNeeds needs, bool pmacct17)
    {
        _needs = needs;
        _rules = needs.Rules;
        _readsFile = needs.ReadsFile;
        _fileAs = needs.FileAs == true;
        _pmacct17 = pmacct17;
    }

    /// <summary>Changes a record.</summary>
    /// <returns>Whether the file decided on the AS numbers of the source and of the destination.</returns>
    public (bool Source, bool Destination) Enrich(ref FlowRecord record, NetworkTable networks)
    {
        if (_needs.SwapsPeerAs)
        {
            (record.PeerSourceAs, record.SourceAs) = (record.SourceAs, 0);
            (record.PeerDestinationAs, record.DestinationAs) = (record.DestinationAs, 0);
        }

        if (record.Family == FlowFamily.None)
        {
            // Seen with nfacctd 1.7.7: options records have the mask too, though no address.
            if (_rules.Source == NetworkSource.Mask)
            {
                record.SourceMask = record.DestinationMask = Math.Min(_rules.Mask, (byte)32);
            }

            return default;
        }

        (bool Source, bool Destination) decided = default;

        bool isIPv4 = record.Family == FlowFamily.IPv4;
        if (_rules.Source == NetworkSource.Mask)
        {
            record.SourceMask = record.DestinationMask = Math.Min(_rules.Mask, isIPv4 ? (byte)32 : (byte)128);
            // The datagram is no source of networks then, nor of the next hop towards them.
            (record.NextHop, record.NextHopFamily) = (default, FlowFamily.None);
            record.Flags &= ~(FlowRecordFlags.SourceNetworkGiven | FlowRecordFlags.DestinationNetworkGiven);
        }

        if (_readsFile)
        {
            (byte length, NetworkEntry entry) = (0, default);
            bool found = _needs.KnowsSource != false && networks.TryFind(record.SourceAddress, isIPv4, out length, out entry);
            decided.Source = Apply(
                found, length, entry, isIPv4, _needs.ComparesSourceAs != false, FlowRecordFlags.SourceNetworkGiven, ref record.SourceAddress,
                ref record.SourceMask, ref record.SourceAs, ref record.PeerSourceAs, ref record.Flags);
            (length, entry) = (0, default);
            found = _needs.KnowsDestination != false && networks.TryFind(record.DestinationAddress, isIPv4, out length, out entry);
            decided.Destination = Apply(
                found, length, entry, isIPv4, _needs.ComparesDestinationAs != false, FlowRecordFlags.DestinationNetworkGiven,
                ref record.DestinationAddress, ref record.DestinationMask, ref record.DestinationAs, ref record.PeerDestinationAs, ref record.Flags);
            ApplyNextHop(ref record, length, entry);
        }

        if (_needs.SourceNetwork && (record.Flags & FlowRecordFlags.SourceNetworkGiven) == 0)
        {
            record.SourceNetwork = Network(record.SourceAddress, record.SourceMask, isIPv4);
        }

        if (_needs.DestinationNetwork && (record.Flags & FlowRecordFlags.DestinationNetworkGiven) == 0)
        {
            record.DestinationNetwork = Network(record.DestinationAddress, record.DestinationMask, isIPv4);
        }

        return decided;
    }

    // Seen with nfacctd 1.7.7: the file's mask wins when it is longer, its AS numbers when they are not shorter than the mask of then, be they 0.
    // An address that is not in the file is in a network of length 0 there, which says AS 0 and wins where nobody knows a mask.
    private bool Apply(
        bool found, byte length, in NetworkEntry entry, bool isIPv4, bool compares, FlowRecordFlags given, ref IpAddress host, ref byte mask,
        ref uint origin, ref uint peer, ref FlowRecordFlags flags)
    {
        if (_rules.FileFilter && !found)
        {
            // The host becomes zero, and with it all that the file could have said.
            host = isIPv4 ? IpAddress.FromIPv4(0) : default;
            mask = _needs.FileNetwork ? (byte)0 : mask;
            (origin, peer) = _fileAs ? (0, 0) : (origin, peer);
            flags &= ~given;
            return _fileAs;
        }

        if (_needs.FileNetwork && (_rules.Source == NetworkSource.File || (found && (_rules.FileNoLpm ? length > 0 : length > mask))))
        {
            mask = length;
            flags &= ~given;
        }

        if (!_fileAs || !(_needs.As == AsSource.File || (_rules.FileNoLpm ? length > 0 : !compares || length >= mask)))
        {
            return false;
        }

        (origin, peer) = (entry.OriginAs, entry.PeerAs);
        return true;
    }

    private void ApplyNextHop(ref FlowRecord record, byte length, in NetworkEntry entry)
    {
        if (!_needs.FileNetwork
            || !(_rules.Source == NetworkSource.File || (_rules.FileNoLpm ? length > 0 : _needs.ComparesNextHop == false || length >= record.DestinationMask)))
        {
            return;
        }

        // pmacct-compat §4.3: 1.7 prints no next hop in records of NetFlow v5, nor (seen with 1.7.7) of the file's in those without counters.
        bool isVersion5 = record.ExportVersion == 5 && (record.Flags & FlowRecordFlags.SFlow) == 0;
        bool isPrinted = !_pmacct17 || (!isVersion5 && record.Kind == FlowKind.Flow);
        (record.NextHop, record.NextHopFamily) = isPrinted ? (entry.NextHop, entry.NextHopFamily) : (default, FlowFamily.None);
    }

    private IpAddress Network(IpAddress host, byte mask, bool isIPv4) =>
        mask == 0 && _rules.NoMaskIfZero ? host : IpPrefix.MaskOf(host, mask, isIPv4);
}
