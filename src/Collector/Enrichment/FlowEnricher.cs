using Collector.Configuration;
using Collector.Flows;
using Collector.Maps;
using Collector.Output;

namespace Collector.Enrichment;

/// <summary>Fills in what the datagram itself does not say, record by record: sampling correction, the networks of hosts and masks, the VRF id for a route distinguisher.</summary>
/// <remarks>One per worker. Never allocates. Does only what the configuration reads.</remarks>
public sealed class FlowEnricher
{
    private readonly bool _renormalize;
    private readonly uint _externalRate;
    private readonly bool _timeNew;
    private readonly bool _sourceNetwork;
    private readonly bool _destinationNetwork;
    private readonly bool _routeDistinguisher;
    private readonly MapFile<SamplingMap>? _sampling;

    /// <summary>Compiles what has to be done.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="needed">Fields that the outputs read.</param>
    /// <param name="maps">The maps, null for none.</param>
    public FlowEnricher(CollectorOptions options, FlowFieldSet needed, MapSet? maps = null)
    {
        _sampling = maps?.Sampling;
        _renormalize = options.Renormalize;
        _externalRate = options.ExternalSamplingRate;
        _timeNew = options.TimeNew;
        _sourceNetwork = needed.Contains(FlowField.SourceNetwork);
        _destinationNetwork = needed.Contains(FlowField.DestinationNetwork);
        _routeDistinguisher = needed.Contains(FlowField.RouteDistinguisher);
    }

    /// <summary>Completes the records of a batch in place.</summary>
    public void Enrich(Span<FlowRecord> records)
    {
        SamplingMap? sampling = _sampling?.Current;
        foreach (ref FlowRecord record in records)
        {
            if (sampling is not null && sampling.TryFind(in record, out uint interval))
            {
                record.SamplingInterval = record.RenormalizationFactor = interval;
            }

            if (_timeNew)
            {
                record.BinTime = 0;
            }

            if (_renormalize)
            {
                Renormalize(ref record);
            }

            if (_sourceNetwork && (record.Flags & FlowRecordFlags.SourceNetworkGiven) == 0)
            {
                record.SourceNetwork = Network(record.SourceAddress, record.SourceMask, record.Family);
            }

            if (_destinationNetwork && (record.Flags & FlowRecordFlags.DestinationNetworkGiven) == 0)
            {
                record.DestinationNetwork = Network(record.DestinationAddress, record.DestinationMask, record.Family);
            }

            if (_routeDistinguisher && record.RouteDistinguisher == 0)
            {
                record.RouteDistinguisher = VrfIdOf(in record);
            }
        }
    }

    // pmacct-compat §7.3, §8.3: a known rate multiplies packets and octets, not flows, and the primitive sampling_rate then says 1.
    private void Renormalize(ref FlowRecord record)
    {
        uint factor = _externalRate != 0 ? _externalRate : record.RenormalizationFactor;
        if (factor != 0)
        {
            record.Packets *= factor;
            record.Octets *= factor;
        }

        bool known = factor != 0 || record.SamplingInterval != 0 || (record.Flags & FlowRecordFlags.SFlow) != 0;
        record.SamplingInterval = known ? 1u : 0;
    }

    // pmacct-compat §8.5: without a route distinguisher mpls_vpn_rd names a VRF, printed as vrfid:N. nfacctd 1.7.7 takes the egress one of
    // egress flows, else the ingress one, and whichever is there when the other is 0.
    private static ulong VrfIdOf(in FlowRecord record)
    {
        bool takesEgress = record.IngressVrfId == 0 || (record.SamplingDirection == (byte)'e' && record.EgressVrfId != 0);
        uint vrf = takesEgress ? record.EgressVrfId : record.IngressVrfId;
        return vrf == 0 ? 0 : ((ulong)RouteDistinguisherText.VrfIdType << 48) | vrf;
    }

    // The family decides, not the form of the address: a mapped IPv6 address has masks up to 128.
    private static Net.IpAddress Network(Net.IpAddress address, byte mask, FlowFamily family) =>
        family == FlowFamily.IPv6 && address.IsIPv4 ? address.Mask(mask - 96) : address.Mask(mask);
}
