namespace Collector.Flows;

/// <summary>A template that an exporter uses and has not announced yet.</summary>
/// <remarks>Plain numbers written by the owning worker only; any thread may read them.</remarks>
public sealed class MissingTemplate(ushort id, long since)
{
    /// <summary>Template id, 256 and more.</summary>
    public ushort Id { get; } = id;

    /// <summary>When data for it came first, microseconds since the Unix epoch.</summary>
    public long Since { get; } = since;

    /// <summary>When data for it came last, microseconds since the Unix epoch.</summary>
    public long LastSeen;

    /// <summary>Data Sets that came for it.</summary>
    public long Sets;
}
