using Collector.Net;

namespace Collector.Flows.SFlow;

/// <summary>Reads counter samples of sFlow versions 2 and 4 (RFC 3176 §5): their type alone says how long they are.</summary>
internal static class OldCounterSample
{
    // sequence_number, source_id, sampling_interval, counters_type.
    private const int FixedLength = 16;

    /// <summary>Passes over a sample.</summary>
    /// <param name="reader">Stands behind the sample's type; afterwards behind the sample when that is whole.</param>
    /// <param name="counters">Counts unknown types.</param>
    /// <returns>False when it is not known where the next sample starts.</returns>
    public static bool TryRead(ref ByteReader reader, SourceCounters counters)
    {
        if (!reader.TryReadBytes(FixedLength, out ReadOnlySpan<byte> fixedPart))
        {
            return false;
        }

        int length = LengthOf(fixedPart[15]);
        if (length == 0 || fixedPart[12] != 0 || fixedPart[13] != 0 || fixedPart[14] != 0)
        {
            counters.UnknownCounters++;
            return false;
        }

        return reader.TrySkip(length);
    }

    // if_counters come first for every type but that of a VLAN; FDDI and WAN have nothing else.
    private static int LengthOf(byte type) => type switch
    {
        1 or 4 or 6 => 88,
        2 => 88 + 52,
        3 => 88 + 72,
        5 => 88 + 80,
        7 => 28,
        _ => 0,
    };
}
