using System.Runtime.InteropServices;

namespace Collector.Flows;

/// <summary>Where a host is, in degrees; the default value is "unknown", which pmacct prints as 0.0 and 0.0.</summary>
/// <param name="Latitude">North of the equator.</param>
/// <param name="Longitude">East of Greenwich.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Coordinates(double Latitude, double Longitude);
