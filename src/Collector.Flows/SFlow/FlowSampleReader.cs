using System.Buffers.Binary;
using Collector.Flows.Extras;
using Collector.Flows.Packets;
using Collector.Net;

namespace Collector.Flows.SFlow;

/// <summary>Reads one flow sample or expanded flow sample with its records into one flow record.</summary>
internal sealed class FlowSampleReader(DecoderOptions options, ValueTable values)
{
    private const int CompactLength = 32;
    private const int ExpandedLength = 44;

    private readonly ExtendedGateway _gateway = new(options, values);
    private readonly CustomField[] _frameFields = PacketPointers.Of(options.CustomFields);
    private readonly SamplePoolTable _pools = new();
    private NextHops _nextHops;
    private uint _ingressVlan;
    private uint _egressVlan;
    private uint _ingressPriority;
    private uint _egressPriority;
    private uint _ethernetLength;
    private bool _hasLength;
    private uint _agent;

    /// <summary>Names the sub-agent that the following samples come from.</summary>
    public void Begin(IpAddress source, IpAddress agent, uint subAgent) => _agent = _pools.Agent(source, agent, subAgent);

    /// <summary>The same for a sub-agent that has begun anew.</summary>
    public void BeginAnew(IpAddress source, IpAddress agent, uint subAgent) => _agent = _pools.Restart(source, agent, subAgent);

    /// <summary>Fills <paramref name="record"/> from a sample.</summary>
    /// <param name="sample">The sample without its format and length; may be shorter than declared.</param>
    /// <param name="expanded">True for format 3.</param>
    /// <param name="record">Holds what all samples of the datagram share.</param>
    /// <param name="counters">Counts faults and samples that are no flow.</param>
    /// <returns>True when the sample is to be accounted.</returns>
    public bool TryRead(ReadOnlySpan<byte> sample, bool expanded, ref FlowRecord record, SourceCounters counters)
    {
        int headerLength = expanded ? ExpandedLength : CompactLength;
        if (sample.Length < headerLength)
        {
            counters.Count(DecodeFault.BadSample);
            return false;
        }

        Start(sample, expanded, ref record, counters);
        uint count = BinaryPrimitives.ReadUInt32BigEndian(sample[(headerLength - 4)..]);
        DecodeFault fault = ReadRecords(sample[headerLength..], count, ref record, counters);
        if (fault != DecodeFault.None)
        {
            counters.Count(fault);
        }

        return TryFinish(ref record, counters);
    }

    /// <summary>Begins a sample: reads what stands before its records and forgets the records of the one before.</summary>
    /// <param name="sample">At least 28 bytes, 40 when expanded: up to the interfaces.</param>
    /// <param name="expanded">True for format 3.</param>
    /// <param name="record">The record to fill.</param>
    /// <param name="counters">Told what the sequence numbers of samples miss.</param>
    public void Start(ReadOnlySpan<byte> sample, bool expanded, ref FlowRecord record, SourceCounters counters)
    {
        ReadHeader(sample, expanded, ref record, counters);
        _nextHops = default;
        _ingressVlan = _egressVlan = _ingressPriority = _egressPriority = _ethernetLength = 0;
        _hasLength = false;
    }

    /// <summary>Ends a sample: settles which of its records counts where several say the same.</summary>
    /// <returns>True when the sample is to be accounted.</returns>
    public bool TryFinish(ref FlowRecord record, SourceCounters counters)
    {
        if (!IsAccounted(record))
        {
            counters.UnaccountedSamples++;
            return false;
        }

        Finish(ref record);
        return true;
    }

    // Compact: class and index of the data source share a word, and so do format and value of an interface, which pmacct prints as they are.
    private void ReadHeader(ReadOnlySpan<byte> sample, bool expanded, ref FlowRecord record, SourceCounters counters)
    {
        uint sequence = BinaryPrimitives.ReadUInt32BigEndian(sample);
        uint source = BinaryPrimitives.ReadUInt32BigEndian(sample[4..]);
        uint index = source & 0xFF_FFFF;
        ReadOnlySpan<byte> rest = sample[8..];
        if (expanded)
        {
            index = BinaryPrimitives.ReadUInt32BigEndian(rest);
            source = source << 24 ^ index;
            rest = rest[4..];
        }

        uint rate = BinaryPrimitives.ReadUInt32BigEndian(rest);
        uint pool = BinaryPrimitives.ReadUInt32BigEndian(rest[4..]);
        record.IngressInterface = BinaryPrimitives.ReadUInt32BigEndian(rest[(expanded ? 16 : 12)..]);
        record.EgressInterface = BinaryPrimitives.ReadUInt32BigEndian(rest[(expanded ? 24 : 16)..]);
        record.SampleFormat = (byte)(expanded ? 3 : 1);
        if (options.SFlowInterfaceIndexes)
        {
            InterfaceWord.Resolve(rest[12..], expanded, ref record);
        }

        record.SamplingDirection = record.IngressInterface == index ? (byte)'i' : record.EgressInterface == index ? (byte)'e' : (byte)'u';
        record.RenormalizationFactor = _pools.Factor(_agent, source, sequence, pool, rate, counters.IsSum ? null : counters.Samples, counters);
        record.SamplingInterval = options.SFlowEffectiveInterval ? record.RenormalizationFactor : rate;
    }

    private DecodeFault ReadRecords(ReadOnlySpan<byte> records, uint count, ref FlowRecord record, SourceCounters counters)
    {
        DecodeFault fault = DecodeFault.None;
        for (int offset = 0; count != 0; count--)
        {
            ReadOnlySpan<byte> rest = records[offset..];
            if (rest.Length < SampleFormat.HeaderLength)
            {
                return DecodeFault.BadSample;
            }

            uint format = BinaryPrimitives.ReadUInt32BigEndian(rest);
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest[4..]);
            rest = rest[SampleFormat.HeaderLength..];
            bool fits = length <= (uint)rest.Length;
            ReadOnlySpan<byte> body = fits ? rest[..(int)length] : rest;
            DecodeFault found = ReadRecord(format, body, ref record, counters);
            fault = found == DecodeFault.None ? fault : found;
            if (!fits)
            {
                return DecodeFault.BadSample;
            }

            offset += SampleFormat.HeaderLength + body.Length;
            offset = count == 1 ? offset : Resynchronization.Next(records, offset, samples: false);
        }

        return fault;
    }

    /// <summary>Reads one record of the sample begun last.</summary>
    /// <param name="format">One of <see cref="FlowDataFormat"/>, or any other, which is counted.</param>
    /// <param name="body">The record without its format and length.</param>
    /// <param name="record">The record to fill.</param>
    /// <param name="counters">Counts unknown formats.</param>
    public DecodeFault ReadRecord(uint format, ReadOnlySpan<byte> body, ref FlowRecord record, SourceCounters counters)
    {
        bool whole = true;
        switch (format)
        {
            case FlowDataFormat.SampledHeader:
                return ReadSampledHeader(body, ref record);
            case FlowDataFormat.SampledEthernet:
                whole = SampledFields.TryReadEthernet(body, ref record, ref _ethernetLength);
                break;
            case FlowDataFormat.SampledIPv4:
                whole = SampledFields.TryReadIp(body, FlowFamily.IPv4, ref record);
                _hasLength |= whole;
                break;
            case FlowDataFormat.SampledIPv6:
                whole = SampledFields.TryReadIp(body, FlowFamily.IPv6, ref record);
                _hasLength |= whole;
                break;
            case FlowDataFormat.ExtendedSwitch:
                whole = TryReadSwitch(body);
                break;
            case FlowDataFormat.ExtendedRouter:
                whole = TryReadRouter(body, ref record);
                break;
            case FlowDataFormat.ExtendedGateway:
                whole = _gateway.TryRead(body, ref record, ref _nextHops);
                break;
            case FlowDataFormat.ExtendedMpls:
                whole = TryReadLabels(body, ref record);
                break;
            case FlowDataFormat.PmacctTag:
                whole = SampledFields.TryReadTag(body, ref record);
                break;
            default:
                counters.Count(DecodeFault.UnknownFormat, FlowDataFormat.IsUnused(format) ? 0 : 1);
                break;
        }

        return whole ? DecodeFault.None : DecodeFault.BadSample;
    }

    // header_protocol, frame_length, stripped, header<>. The declared length of the header is only believed as far as there are bytes.
    private DecodeFault ReadSampledHeader(ReadOnlySpan<byte> body, ref FlowRecord record)
    {
        const int FixedLength = 16;
        if (body.Length < FixedLength)
        {
            return DecodeFault.BadSample;
        }

        uint protocol = BinaryPrimitives.ReadUInt32BigEndian(body);
        uint frameLength = BinaryPrimitives.ReadUInt32BigEndian(body[4..]);
        uint stripped = BinaryPrimitives.ReadUInt32BigEndian(body[8..]);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(body[12..]);
        ReadOnlySpan<byte> header = body[FixedLength..];
        bool whole = length <= (uint)header.Length;
        DecodeFault fault = ReadHeaderBytes(protocol, frameLength, stripped, whole ? header[..(int)length] : header, ref record);
        return whole ? fault : DecodeFault.BadSample;
    }

    /// <summary>Reads the bytes of a packet; <paramref name="stripped"/> octets of its frame (the FCS and more) were taken off before.</summary>
    public DecodeFault ReadHeaderBytes(uint protocol, uint frameLength, uint stripped, ReadOnlySpan<byte> header, ref FlowRecord record)
    {
        DecodeFault fault = SampledHeaderReader.Read(protocol, header, values, ref record, out uint ipOctets);
        if (_frameFields.Length != 0 && protocol == SampledHeaderReader.Ethernet)
        {
            PacketPointers.Read(_frameFields, header, ref record, values);
        }

        record.Octets = !options.SFlowIpOctets ? frameLength : ipOctets != 0 ? ipOctets : frameLength - Math.Min(stripped, frameLength);
        _hasLength = true;
        return fault;
    }

    /// <summary>Reads extended_gateway of a datagram of version 2 or 4 (see <see cref="ExtendedGateway.TryReadOld"/>).</summary>
    public bool TryReadOldGateway(ref ByteReader reader, bool segmented, ref FlowRecord record) => _gateway.TryReadOld(ref reader, segmented, ref record);

    private bool TryReadSwitch(ReadOnlySpan<byte> body)
    {
        var reader = new ByteReader(body);
        return reader.TryReadUInt32(out _ingressVlan) && reader.TryReadUInt32(out _ingressPriority)
            && reader.TryReadUInt32(out _egressVlan) && reader.TryReadUInt32(out _egressPriority);
    }

    private bool TryReadRouter(ReadOnlySpan<byte> body, ref FlowRecord record)
    {
        var reader = new ByteReader(body);
        if (!NextHops.TryReadAddress(ref reader, out _nextHops.Router, out _nextHops.RouterFamily)
            || !reader.TryReadUInt32(out uint sourceMask) || !reader.TryReadUInt32(out uint destinationMask))
        {
            return false;
        }

        record.SourceMask = (byte)Math.Min(sourceMask, 128);
        record.DestinationMask = (byte)Math.Min(destinationMask, 128);
        return true;
    }

    // nexthop, in_stack<>, out_stack<>: the packet came in with in_stack.
    private bool TryReadLabels(ReadOnlySpan<byte> body, ref FlowRecord record)
    {
        var reader = new ByteReader(body);
        if (!NextHops.TryReadAddress(ref reader, out _, out _) || !reader.TryReadUInt32(out uint count)
            || count > (uint)reader.Remaining / sizeof(uint))
        {
            return false;
        }

        if (count != 0)
        {
            MplsStack.Read(reader.Rest[..((int)count * sizeof(uint))], values, ref record);
        }

        return true;
    }

    // pmacct-compat §7.1; that 1.7 leaves ARP and frames of unknown type out was seen with sfacctd 1.7.7.
    private bool IsAccounted(in FlowRecord record) =>
        record.Family != FlowFamily.None
        || record.EtherType is EtherTypes.IPv4 or EtherTypes.IPv6
        || options.AggregateUnknownEtherType
        || (!options.Pmacct17 && record.EtherType is 0 or EtherTypes.Arp);

    private void Finish(ref FlowRecord record)
    {
        record.Octets = _hasLength ? record.Octets : _ethernetLength;
        record.IngressVlan = (ushort)_ingressVlan;
        record.EgressVlan = (ushort)_egressVlan;
        record.Vlan = _ingressVlan != 0 ? record.IngressVlan : _egressVlan != 0 ? record.EgressVlan : record.Vlan;
        record.Cos = _ingressPriority != 0 ? (byte)_ingressPriority : _egressPriority != 0 ? (byte)_egressPriority : record.Cos;
        if (record.Family == FlowFamily.None && record.EtherType is EtherTypes.IPv4 or EtherTypes.IPv6)
        {
            // Only sampled_ethernet came: pmacct prints 0.0.0.0 or :: here.
            IpHeader.TryRead(record.EtherType, default, out IpHeader unknown);
            record.Family = unknown.Family;
            record.SourceAddress = record.DestinationAddress = unknown.Source;
        }

        record.IpNextHop = _nextHops.Router;
        _nextHops.Fill(ref record, options.UseIpNextHop);
    }
}
