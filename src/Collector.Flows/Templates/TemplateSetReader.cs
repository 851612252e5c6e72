using System.Buffers.Binary;

namespace Collector.Flows.Templates;

/// <summary>Walks the template records of one (options) template Set. Never reads outside it, allocates nothing.</summary>
/// <param name="version">9 or 10.</param>
/// <param name="isOptions">True for an options template Set.</param>
/// <param name="set">The Set without its header.</param>
internal ref struct TemplateSetReader(ushort version, bool isOptions, ReadOnlySpan<byte> set)
{
    private ReadOnlySpan<byte> _rest = set;

    /// <summary>What was wrong where <see cref="TryRead"/> returned false; <see cref="DecodeFault.None"/> at the end or at padding.</summary>
    internal DecodeFault Fault { get; private set; }

    /// <summary>Reads the next template record.</summary>
    /// <returns>False at the end of the Set, at padding and where the record does not fit into the Set.</returns>
    internal bool TryRead(out TemplateDefinition definition)
    {
        definition = default;
        int headerLength = !isOptions ? 4 : 6;

        // RFC 7011 §3.3.1 padding; some devices pad with four and more zero bytes, which is no template with the id 0.
        if (_rest.Length < 4 || _rest.IndexOfAnyExcept((byte)0) < 0)
        {
            return false;
        }

        ushort id = BinaryPrimitives.ReadUInt16BigEndian(_rest);
        int first = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        if (version == 10 && first == 0)
        {
            // A withdrawal has no scope count, in options templates neither.
            headerLength = 4;
        }

        if (_rest.Length < headerLength)
        {
            Fault = DecodeFault.Truncated;
            return false;
        }

        (int count, int scopes) = (first, 0);
        if (isOptions && first != 0 | version == 9)
        {
            int second = BinaryPrimitives.ReadUInt16BigEndian(_rest[4..]);

            // RFC 3954 §6.1 gives both lengths in bytes; RFC 7011 §3.4.2.2 gives the number of all fields and of the scope fields among them.
            (count, scopes) = version == 9 ? ((first / 4) + (second / 4), first / 4) : (first, Math.Min(second, first));
        }

        int length = MeasureFields(_rest[headerLength..], count);
        if (length < 0)
        {
            Fault = DecodeFault.Truncated;
            return false;
        }

        definition = new TemplateDefinition
        {
            Version = version,
            Id = id,
            IsOptions = isOptions,
            FieldCount = count,
            ScopeCount = scopes,
            Fields = _rest.Slice(headerLength, length),
        };
        _rest = _rest[(headerLength + length)..];
        return true;
    }

    // -1 when fewer bytes are present than the count claims: nothing is allocated by a count alone.
    private readonly int MeasureFields(ReadOnlySpan<byte> bytes, int count)
    {
        if (count > bytes.Length / 4)
        {
            return -1;
        }

        int length = 0;
        for (int i = 0; i < count; i++)
        {
            length += TemplateDefinition.SpecifierSize(version, bytes[length..]);
            if (length > bytes.Length)
            {
                return -1;
            }
        }

        return length;
    }
}
