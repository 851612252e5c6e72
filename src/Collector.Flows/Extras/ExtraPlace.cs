namespace Collector.Flows.Extras;

/// <summary>Where a value lies in the row of extra values of a record (<see cref="FlowRecord.ExtraValues"/>).</summary>
/// <param name="Offset">Bytes from the start of the row.</param>
/// <param name="Width">Bytes that it takes.</param>
/// <param name="IsHandle">True for a handle of the worker's <see cref="ValueTable"/>.</param>
public readonly record struct ExtraPlace(int Offset, int Width, bool IsHandle)
{
    /// <summary>Bytes of a handle.</summary>
    public const int HandleWidth = sizeof(uint);
}
