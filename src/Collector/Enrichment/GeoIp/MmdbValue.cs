namespace Collector.Enrichment.GeoIp;

/// <summary>A value of the data section: what it is and where it lies.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Start">Where its bytes start; for a pointer, where it points.</param>
/// <param name="Size">Bytes of a scalar, elements of an array, pairs of a map, 0 or 1 of a boolean.</param>
internal readonly record struct MmdbValue(MmdbType Type, int Start, int Size)
{
    /// <summary>Values that lie behind this one and belong to it.</summary>
    public int Children => Type switch { MmdbType.Map => 2 * Size, MmdbType.Array => Size, _ => 0 };

    /// <summary>Bytes that lie behind the control byte and belong to the value itself.</summary>
    public int Length => Type is MmdbType.Map or MmdbType.Array or MmdbType.Boolean or MmdbType.Pointer ? 0 : Size;
}
