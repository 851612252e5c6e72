using Collector.Net;

namespace Collector.Flows.SFlow;

/// <summary>Reads the record extended_gateway (1003): what BGP said about the packet (pmacct-compat §7.2).</summary>
internal sealed class ExtendedGateway(DecoderOptions options, ValueTable values)
{
    private readonly bool _wantsPath = options.Fields.Contains(FlowField.AsPath);
    private readonly bool _wantsCommunities = options.Fields.Contains(FlowField.StandardCommunities);
    private readonly byte[] _text = new byte[ValueTable.MaxValueLength];

    /// <summary>Fills what the bytes hold; a record that ends early keeps what came before.</summary>
    /// <returns>False when the record ends before its fields do, or a text is longer than a value may be.</returns>
    public bool TryRead(ReadOnlySpan<byte> body, ref FlowRecord record, ref NextHops nextHops)
    {
        var reader = new ByteReader(body);
        if (!NextHops.TryReadAddress(ref reader, out IpAddress nextHop, out FlowFamily family))
        {
            return false;
        }

        nextHops.Gateway = nextHop;
        nextHops.GatewayFamily = family;
        if (!options.AsFromExport)
        {
            return true;
        }

        return TryReadAs(ref reader, ref record, segmented: true);
    }

    /// <summary>The same for datagrams of version 2, which name neither next hop, segments, communities nor preference, and of version 4, which name no next hop.</summary>
    /// <param name="reader">Stands behind the record afterwards.</param>
    /// <param name="segmented">True for version 4.</param>
    /// <param name="record">The record to fill.</param>
    /// <returns>False when the record ends before its fields do, or a text is longer than a value may be.</returns>
    public bool TryReadOld(ref ByteReader reader, bool segmented, ref FlowRecord record)
    {
        FlowRecord unused = default;
        return TryReadAs(ref reader, ref options.AsFromExport ? ref record : ref unused, segmented);
    }

    // Router's own AS, source AS, source peer AS; then the path towards the destination.
    private bool TryReadAs(ref ByteReader reader, ref FlowRecord record, bool segmented)
    {
        bool whole = reader.TryReadUInt32(out uint own)
            && reader.TryReadUInt32(out record.SourceAs)
            && reader.TryReadUInt32(out record.PeerSourceAs)
            && (segmented
                ? TryReadPath(ref reader, ref record) && TryReadCommunities(ref reader, ref record) && reader.TryReadUInt32(out record.LocalPreference)
                : TryReadSequence(ref reader, ref record));
        if (options.SFlowOwnAs)
        {
            record.SourceAs = record.SourceAs == 0 ? own : record.SourceAs;
            record.DestinationAs = whole && record.DestinationAs == 0 ? own : record.DestinationAs;
        }

        if (options.PeerAs)
        {
            // Seen with sfacctd 1.7.7: the origins are printed as the peers, the peers of the datagram not at all.
            (record.SourceAs, record.PeerSourceAs) = (0, record.SourceAs);
            (record.DestinationAs, record.PeerDestinationAs) = (0, record.DestinationAs);
        }

        return whole;
    }

    private bool TryReadPath(ref ByteReader reader, ref FlowRecord record)
    {
        if (!reader.TryReadUInt32(out uint segments))
        {
            return false;
        }

        var path = new PathReader(new ValueText(_text), _wantsPath);
        for (; segments != 0; segments--)
        {
            if (!reader.TryReadUInt32(out _) || !path.TryReadSegment(ref reader))
            {
                return false;
            }
        }

        return TryTake(ref path, ref record);
    }

    private bool TryReadSequence(ref ByteReader reader, ref FlowRecord record)
    {
        var path = new PathReader(new ValueText(_text), _wantsPath);
        return path.TryReadSegment(ref reader) && TryTake(ref path, ref record);
    }

    private bool TryTake(ref PathReader path, ref FlowRecord record)
    {
        record.PeerDestinationAs = path.First;
        record.DestinationAs = path.Last;
        record.AsPath = path.Text.IsTooLong ? 0 : values.Intern(path.Text.Text);
        return !path.Text.IsTooLong;
    }

    private bool TryReadCommunities(ref ByteReader reader, ref FlowRecord record)
    {
        if (!reader.TryReadUInt32(out uint count) || count > (uint)reader.Remaining / sizeof(uint))
        {
            return false;
        }

        if (!_wantsCommunities)
        {
            return reader.TrySkip((int)count * sizeof(uint));
        }

        var text = new ValueText(_text);
        for (; count != 0; count--)
        {
            reader.TryReadUInt32(out uint community);
            text.AddCommunity(community, options.NumericCommunities);
        }

        record.StandardCommunities = text.IsTooLong ? 0 : values.Intern(text.Text);
        return !text.IsTooLong;
    }

    private ref struct PathReader(ValueText text, bool wantsText)
    {
        public ValueText Text = text;
        public uint First;
        public uint Last;
        private bool _any;

        /// <summary>Reads a count and as many AS numbers; a count is only believed as far as there are bytes for it.</summary>
        public bool TryReadSegment(ref ByteReader reader)
        {
            if (!reader.TryReadUInt32(out uint count) || count > (uint)reader.Remaining / sizeof(uint))
            {
                return false;
            }

            for (; count != 0; count--)
            {
                reader.TryReadUInt32(out Last);
                First = _any ? First : Last;
                _any = true;
                if (wantsText)
                {
                    Text.AddAs(Last);
                }
            }

            return true;
        }
    }
}
