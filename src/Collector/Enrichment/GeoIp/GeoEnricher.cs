using Collector.Flows;

namespace Collector.Enrichment.GeoIp;

/// <summary>Fills in where the hosts of a record are, as far as an output asks for it: one walk a host.</summary>
internal sealed class GeoEnricher
{
    private readonly bool _source;
    private readonly bool _destination;

    /// <summary>Works out what is asked for.</summary>
    public GeoEnricher(FlowFieldSet needed)
    {
        _source = needed.Contains(FlowField.SourceCountry) || needed.Contains(FlowField.SourcePostalCode) || needed.Contains(FlowField.SourceCoordinates);
        _destination = needed.Contains(FlowField.DestinationCountry) || needed.Contains(FlowField.DestinationPostalCode) || needed.Contains(FlowField.DestinationCoordinates);
    }

    /// <summary>True when anything is asked for.</summary>
    public bool IsActive => _source || _destination;

    /// <summary>Completes a record.</summary>
    public void Enrich(ref FlowRecord record, GeoDatabase database)
    {
        if (record.Family == FlowFamily.None)
        {
            return;
        }

        bool isIPv4 = record.Family == FlowFamily.IPv4;
        if (_source)
        {
            ref readonly GeoPlace place = ref database.Find(record.SourceAddress, isIPv4);
            (record.SourceCountry, record.SourcePostalCode, record.SourceCoordinates) = (place.Country, place.PostalCode, place.Coordinates);
        }

        if (_destination)
        {
            ref readonly GeoPlace place = ref database.Find(record.DestinationAddress, isIPv4);
            (record.DestinationCountry, record.DestinationPostalCode, record.DestinationCoordinates) = (place.Country, place.PostalCode, place.Coordinates);
        }
    }
}
