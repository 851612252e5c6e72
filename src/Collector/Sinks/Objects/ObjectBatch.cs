namespace Collector.Sinks.Objects;

/// <summary>Some objects for one destination, each followed by a newline.</summary>
/// <param name="Target">The file name or topic, its variables already replaced.</param>
/// <param name="Key">The message key, or null.</param>
/// <param name="Bytes">The objects; owned by the batch.</param>
/// <param name="Count">How many they are.</param>
/// <param name="Place">Where in an event the batch stands.</param>
public sealed record ObjectBatch(string Target, byte[]? Key, byte[] Bytes, int Count, EventPlace Place = EventPlace.Log);

/// <summary>Where in an event, such as a table dump, a batch stands. Flags.</summary>
[Flags]
public enum EventPlace
{
    /// <summary>Inside a dump.</summary>
    Middle = 0,

    /// <summary>A dump begins: its file is written anew.</summary>
    Begin = 1,

    /// <summary>The dump is complete: its file is closed, and the link points at it.</summary>
    End = 2,

    /// <summary>No dump: added to what is there.</summary>
    Log = 4,

    /// <summary>The first batch of all peers' dumps at one instant: topics in rotation begin anew.</summary>
    First = 8,
}
