using System.Buffers.Binary;

namespace Collector.Flows.SFlow;

/// <summary>Finds the next sample or record after one whose declared length may not hold.</summary>
/// <remarks>
/// The specification pads everything to four bytes, so lengths are multiples of four. Devices are known that declare a length without
/// its padding, or four bytes off: the neighbours must not pay for it.
/// </remarks>
internal static class Resynchronization
{
    /// <summary>The most plausible start of what follows.</summary>
    /// <param name="bytes">All samples of the datagram, or all records of a sample.</param>
    /// <param name="declared">Where the declared length ends; at most the length of <paramref name="bytes"/>.</param>
    /// <param name="samples">True for samples, false for records.</param>
    public static int Next(ReadOnlySpan<byte> bytes, int declared, bool samples)
    {
        if (IsPlausible(bytes, declared, samples))
        {
            return declared;
        }

        int padded = (declared + 3) & ~3;
        return IsPlausible(bytes, padded, samples) ? padded
            : samples && IsPlausible(bytes, padded + 4, true) ? padded + 4
            : samples && IsPlausible(bytes, padded - 4, true) ? padded - 4
            : declared;
    }

    private static bool IsPlausible(ReadOnlySpan<byte> bytes, int offset, bool samples)
    {
        if (offset == bytes.Length)
        {
            return true;
        }

        if (offset < 0 || bytes.Length - offset < SampleFormat.HeaderLength)
        {
            return false;
        }

        uint format = BinaryPrimitives.ReadUInt32BigEndian(bytes[offset..]);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes[(offset + 4)..]);
        return length <= (uint)(bytes.Length - offset - SampleFormat.HeaderLength) && format != 0
            && (!samples || ((length & 3) == 0 && (format >> 12 != 0 || (format <= SampleFormat.Discarded && length >= 12))));
    }
}
