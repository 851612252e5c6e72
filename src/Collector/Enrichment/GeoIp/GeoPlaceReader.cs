using System.Globalization;
using Collector.Flows;

namespace Collector.Enrichment.GeoIp;

/// <summary>Decodes what the leaves of a tree point to, each place once.</summary>
internal ref struct GeoPlaceReader
{
    private const int MaxLeaves = 1 << 24;

    // What a leaf of a city database costs is some fifty values, and most of them lie behind pointers that are never followed.
    private const long Budget = 65_536;
    private const long BudgetPerLeaf = 256;

    // Beyond it nobody means a place, and the text of a value has to end somewhere.
    private const double MaxDegrees = 1e30;

    private readonly Dictionary<uint, uint> _indexOfLeaf = [];
    private readonly Dictionary<GeoPlace, uint> _indexOfPlace = new() { [default] = 0 };
    private readonly List<GeoPlace> _places = [default];
    private readonly int _length;
    private MmdbData _data;

    /// <summary>Starts to read.</summary>
    /// <param name="section">The data section.</param>
    public GeoPlaceReader(ReadOnlySpan<byte> section)
    {
        _length = section.Length;
        _data = new MmdbData(section, Budget);
    }

    /// <summary>The places found so far; the first is the one that says nothing.</summary>
    public readonly IReadOnlyList<GeoPlace> Places => _places;

    /// <summary>Decodes the place at a position of the data section.</summary>
    /// <param name="leaf">The position.</param>
    /// <param name="index">Its index in <see cref="Places"/>.</param>
    /// <param name="fault">What is wrong; null when nothing is.</param>
    public bool TryRead(uint leaf, out uint index, out string? fault)
    {
        fault = null;
        if (_indexOfLeaf.TryGetValue(leaf, out index))
        {
            return true;
        }

        if (_indexOfLeaf.Count == MaxLeaves)
        {
            fault = string.Create(CultureInfo.InvariantCulture, $"it has more than {MaxLeaves} different records");
            return false;
        }

        _data.Budget += BudgetPerLeaf;
        if (leaf >= (uint)_length || !TryDecode((int)leaf, out GeoPlace place))
        {
            fault = _data.Budget < 0
                ? string.Create(CultureInfo.InvariantCulture, $"its records hold more than {BudgetPerLeaf} values each, which no database does that is meant to be used")
                : string.Create(CultureInfo.InvariantCulture, $"the record at byte {leaf} of its data cannot be read; it is cut short or damaged");
            return false;
        }

        if (!_indexOfPlace.TryGetValue(place, out index))
        {
            index = (uint)_places.Count;
            _places.Add(place);
            _indexOfPlace.Add(place, index);
        }

        _indexOfLeaf.Add(leaf, index);
        return true;
    }

    private bool TryDecode(int leaf, out GeoPlace place)
    {
        place = default;
        if (!_data.TryRead(leaf, out MmdbValue map)
            || !TryFind(map, "country"u8, "iso_code"u8, MmdbType.Utf8String, out MmdbValue? country)
            || !TryFind(map, "postal"u8, "code"u8, MmdbType.Utf8String, out MmdbValue? postal)
            || !TryFind(map, "location"u8, "latitude"u8, MmdbType.Double, out MmdbValue? latitude)
            || !TryFind(map, "location"u8, "longitude"u8, MmdbType.Double, out MmdbValue? longitude))
        {
            return false;
        }

        place = new GeoPlace(
            country is { } code ? GeoPlace.CountryOf(_data.BytesOf(code)) : 0,
            postal is { } text ? PostalCode.Of(_data.BytesOf(text)) : default,
            new Coordinates(Degrees(latitude), Degrees(longitude)));
        return true;
    }

    /// <summary>Finds a member of a member; null where one of the two is not there or of another type, which is no fault: databases differ.</summary>
    private bool TryFind(in MmdbValue map, ReadOnlySpan<byte> outer, ReadOnlySpan<byte> inner, MmdbType type, out MmdbValue? value)
    {
        value = null;
        if (!_data.TryFind(map, outer, out MmdbValue? found) || (found is { } member && !_data.TryFind(member, inner, out value)))
        {
            return false;
        }

        value = value is { } read && read.Type == type ? value : null;
        return true;
    }

    private readonly double Degrees(MmdbValue? value) => value is { } number && Math.Abs(_data.DoubleOf(number)) <= MaxDegrees ? _data.DoubleOf(number) : 0;
}
