using System.Buffers.Binary;
using Collector.Net;

namespace Collector.Flows.SFlow;

/// <summary>
/// Reads flow samples of sFlow versions 2 and 4 (RFC 3176 §5): nothing in them carries a length, so each part is read to know where the next
/// one starts, and what cannot be read ends the datagram.
/// </summary>
internal static class OldFlowSample
{
    // sequence_number, source_id, sampling_rate, sample_pool, drops, input, output.
    private const int FixedLength = 28;

    private const uint Header = 1, IPv4 = 2, IPv6 = 3;
    private const uint Switch = 1, Router = 2, Gateway = 3, User = 4, Url = 5;
    private const int IPv4Length = 32, IPv6Length = 56, SwitchLength = 16;

    /// <summary>Fills <paramref name="record"/> from a sample.</summary>
    /// <param name="reader">Stands behind the sample's type; afterwards behind the sample when that is whole.</param>
    /// <param name="version">2 or 4.</param>
    /// <param name="samples">Reads the parts that version 5 has too.</param>
    /// <param name="record">Holds what all samples of the datagram share.</param>
    /// <param name="counters">Counts faults and samples that are no flow.</param>
    /// <param name="accounted">True when the sample is to be accounted: also one whose end is not known, with what came before.</param>
    /// <returns>False when it is not known where the next sample starts.</returns>
    public static bool TryRead(
        ref ByteReader reader, uint version, FlowSampleReader samples, ref FlowRecord record, SourceCounters counters, out bool accounted)
    {
        accounted = false;
        if (!reader.TryReadBytes(FixedLength, out ReadOnlySpan<byte> fixedPart))
        {
            counters.Count(DecodeFault.BadSample);
            return false;
        }

        samples.Start(fixedPart, expanded: false, ref record, counters);
        bool whole = TryReadPacket(ref reader, samples, ref record, counters) && TryReadExtensions(ref reader, version, samples, ref record, counters);
        if (!whole)
        {
            counters.Count(DecodeFault.BadSample);
        }

        accounted = samples.TryFinish(ref record, counters);
        return whole;
    }

    private static bool TryReadPacket(ref ByteReader reader, FlowSampleReader samples, ref FlowRecord record, SourceCounters counters)
    {
        if (!reader.TryReadUInt32(out uint type))
        {
            return false;
        }

        switch (type)
        {
            case Header:
                return TryReadHeader(ref reader, samples, ref record, counters);
            case IPv4:
                return TryReadLikeVersion5(ref reader, FlowDataFormat.SampledIPv4, IPv4Length, samples, ref record, counters);
            case IPv6:
                return TryReadLikeVersion5(ref reader, FlowDataFormat.SampledIPv6, IPv6Length, samples, ref record, counters);
            default:
                counters.Count(DecodeFault.UnknownFormat);
                return false;
        }
    }

    // header_protocol, frame_length, header<>, without the octets stripped that version 5 has.
    private static bool TryReadHeader(ref ByteReader reader, FlowSampleReader samples, ref FlowRecord record, SourceCounters counters)
    {
        if (!reader.TryReadUInt32(out uint protocol) || !reader.TryReadUInt32(out uint frameLength) || !reader.TryReadUInt32(out uint length))
        {
            return false;
        }

        bool whole = length <= (uint)reader.Remaining;
        DecodeFault fault = samples.ReadHeaderBytes(protocol, frameLength, 0, whole ? reader.Rest[..(int)length] : reader.Rest, ref record);
        if (fault != DecodeFault.None)
        {
            counters.Count(fault);
        }

        return whole && TrySkipPadded(ref reader, length);
    }

    private static bool TryReadExtensions(ref ByteReader reader, uint version, FlowSampleReader samples, ref FlowRecord record, SourceCounters counters)
    {
        if (!reader.TryReadUInt32(out uint count))
        {
            return false;
        }

        for (; count != 0; count--)
        {
            if (!reader.TryReadUInt32(out uint type) || !TryReadExtension(ref reader, type, version, samples, ref record, counters))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryReadExtension(
        ref ByteReader reader, uint type, uint version, FlowSampleReader samples, ref FlowRecord record, SourceCounters counters)
    {
        switch (type)
        {
            case Switch:
                return TryReadLikeVersion5(ref reader, FlowDataFormat.ExtendedSwitch, SwitchLength, samples, ref record, counters);
            case Router:
                // The next hop's address is as long as its type says; then the two masks.
                int length = BinaryPrimitives.TryReadUInt32BigEndian(reader.Rest, out uint family) && family == 2 ? 28 : family == 1 ? 16 : 12;
                return TryReadLikeVersion5(ref reader, FlowDataFormat.ExtendedRouter, length, samples, ref record, counters);
            case Gateway:
                return samples.TryReadOldGateway(ref reader, segmented: version == 4, ref record);
            case User:
                return TrySkipText(ref reader) && TrySkipText(ref reader);
            case Url:
                return reader.TrySkip(sizeof(uint)) && TrySkipText(ref reader);
            default:
                counters.Count(DecodeFault.UnknownFormat);
                return false;
        }
    }

    private static bool TryReadLikeVersion5(
        ref ByteReader reader, uint format, int length, FlowSampleReader samples, ref FlowRecord record, SourceCounters counters) =>
        reader.TryReadBytes(length, out ReadOnlySpan<byte> body) && samples.ReadRecord(format, body, ref record, counters) == DecodeFault.None;

    private static bool TrySkipText(ref ByteReader reader) => reader.TryReadUInt32(out uint length) && TrySkipPadded(ref reader, length);

    // The last part of a datagram may lack its padding.
    private static bool TrySkipPadded(ref ByteReader reader, uint length) =>
        length <= (uint)reader.Remaining && reader.TrySkip((int)Math.Min((length + 3) & ~3u, (uint)reader.Remaining));
}
