namespace Collector.Net;

/// <summary>Numbers of any length, the most significant byte first.</summary>
public static class NetworkOrder
{
    /// <summary>The value of the bytes; of more than eight the last eight count, and none are 0.</summary>
    public static ulong Read(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        foreach (byte part in bytes)
        {
            value = value << 8 | part;
        }

        return value;
    }
}
