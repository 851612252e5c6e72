using System.Buffers.Binary;

namespace Collector.Flows.SFlow;

/// <summary>Reads a notification of a discarded packet (sample format 5): counted by reason; pmacct publishes none, and neither do we.</summary>
internal static class DiscardedPacket
{
    // sequence_number, source_id class and index, drops, inputifindex, outputifindex, reason, number of records.
    private const int FixedLength = 32;

    /// <summary>Counts the packet under its reason, and what is wrong with the sample.</summary>
    public static void Count(ReadOnlySpan<byte> sample, SourceCounters counters)
    {
        if (sample.Length < FixedLength)
        {
            counters.Count(DecodeFault.BadSample);
            return;
        }

        counters.DiscardedPackets++;
        DiscardCounters discards = counters.Discards ??= new DiscardCounters();
        discards.Count(BinaryPrimitives.ReadUInt32BigEndian(sample[24..]));
        uint records = BinaryPrimitives.ReadUInt32BigEndian(sample[28..]);
        if (!Holds(sample[FixedLength..], records))
        {
            counters.Count(DecodeFault.BadSample);
        }
    }

    private static bool Holds(ReadOnlySpan<byte> bytes, uint records)
    {
        for (; records != 0; records--)
        {
            if (bytes.Length < SampleFormat.HeaderLength)
            {
                return false;
            }

            uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
            bytes = bytes[SampleFormat.HeaderLength..];
            if (length > (uint)bytes.Length)
            {
                return false;
            }

            bytes = bytes[(int)Math.Min(length + 3 & ~3u, (uint)bytes.Length)..];
        }

        return true;
    }
}
