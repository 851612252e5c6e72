namespace Collector.Replay;

/// <summary>One packet as a capture file holds it, from the link layer on.</summary>
internal readonly ref struct CapturedFrame
{
    /// <summary>Microseconds since the Unix epoch.</summary>
    public required long Time { get; init; }

    /// <summary>LINKTYPE_ number of the interface (see <see cref="LinkLayer"/>).</summary>
    public required int LinkType { get; init; }

    /// <summary>The captured bytes; valid until the next read.</summary>
    public required ReadOnlySpan<byte> Bytes { get; init; }
}

/// <summary>What reading one step of a capture file gave.</summary>
internal enum CaptureStep
{
    /// <summary>A packet.</summary>
    Frame,

    /// <summary>The regular end of the file.</summary>
    End,

    /// <summary>The file goes on, but not as its format says, or ends in the middle of a packet: nothing beyond can be trusted.</summary>
    Damaged,
}
