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

        // Router's own AS, source AS, source peer AS; then the path towards the destination.
        return reader.TryReadUInt32(out _)
            && reader.TryReadUInt32(out record.SourceAs)
            && reader.TryReadUInt32(out record.PeerSourceAs)
            && TryReadPath(ref reader, ref record)
            && TryReadCommunities(ref reader, ref record)
            && reader.TryReadUInt32(out record.LocalPreference);
    }

    private bool TryReadPath(ref ByteReader reader, ref FlowRecord record)
    {
        if (!reader.TryReadUInt32(out uint segments))
        {
            return false;
        }

        var text = new ValueText(_text);
        uint first = 0, last = 0;
        bool any = false;
        for (; segments != 0; segments--)
        {
            // A count is only believed as far as there are bytes for it.
            if (!reader.TryReadUInt32(out _) || !reader.TryReadUInt32(out uint count) || count > (uint)reader.Remaining / sizeof(uint))
            {
                return false;
            }

            for (; count != 0; count--)
            {
                reader.TryReadUInt32(out last);
                first = any ? first : last;
                any = true;
                if (_wantsPath)
                {
                    text.AddAs(last);
                }
            }
        }

        record.PeerDestinationAs = first;
        record.DestinationAs = last;
        record.AsPath = text.IsTooLong ? 0 : values.Intern(text.Text);
        return !text.IsTooLong;
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
            text.AddCommunity(community);
        }

        record.StandardCommunities = text.IsTooLong ? 0 : values.Intern(text.Text);
        return !text.IsTooLong;
    }
}
