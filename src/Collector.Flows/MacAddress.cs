using System.Runtime.InteropServices;

namespace Collector.Flows;

/// <summary>Six bytes in wire order.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly struct MacAddress
{
    /// <summary>Size in bytes.</summary>
    public const int Size = 6;

    // Only ever written by reinterpreting six bytes.
#pragma warning disable CS0649
    private readonly uint _first;
    private readonly ushort _last;
#pragma warning restore CS0649

    /// <summary>Reads six bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than six bytes: the caller must have checked.</exception>
    public static MacAddress Read(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<MacAddress>(bytes);

    /// <summary>Copies the six bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The destination holds fewer than six bytes.</exception>
    public void WriteTo(Span<byte> destination) => MemoryMarshal.Write(destination, in this);

    /// <summary>True for 00:00:00:00:00:00.</summary>
    public bool IsZero => _first == 0 && _last == 0;
}
