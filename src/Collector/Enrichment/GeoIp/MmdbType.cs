namespace Collector.Enrichment.GeoIp;

/// <summary>Types of the values in the data section (MaxMind DB File Format Specification 2.0, "Output Data Section").</summary>
internal enum MmdbType : byte
{
    Pointer = 1,
    Utf8String = 2,
    Double = 3,
    Bytes = 4,
    UInt16 = 5,
    UInt32 = 6,
    Map = 7,
    Int32 = 8,
    UInt64 = 9,
    UInt128 = 10,
    Array = 11,
    Boolean = 14,
    Float = 15,
}
