using System.Buffers.Binary;

namespace Collector.Flows.Templates;

/// <summary>A template record as it lies in a datagram, its bounds already checked.</summary>
internal readonly ref struct TemplateDefinition
{
    /// <summary>More fields than any device has been seen to use; beyond, a template is refused.</summary>
    internal const int MaxFields = 1_024;

    // A few are seen on real devices. Many, beside one field of one byte, would make a datagram of 64 KB tens of millions of fields.
    private const int MaxEmptyFields = 16;

    internal required ushort Version { get; init; }

    internal required ushort Id { get; init; }

    internal required bool IsOptions { get; init; }

    internal required int FieldCount { get; init; }

    internal required int ScopeCount { get; init; }

    /// <summary>The field specifiers.</summary>
    internal required ReadOnlySpan<byte> Fields { get; init; }

    /// <summary>Template withdrawal (RFC 7011 §8.1): IPFIX only, no fields.</summary>
    internal bool IsWithdrawal => FieldCount == 0 && Version == 10;

    /// <summary>False when there is nothing to decode by it, too much, or a record could not fit into a datagram.</summary>
    internal bool IsUsable
    {
        get
        {
            if (Id < 256 || FieldCount is 0 or > MaxFields)
            {
                return false;
            }

            int length = 0, empty = 0;
            for (ReadOnlySpan<byte> rest = Fields; rest.Length >= 4; rest = rest[SpecifierSize(Version, rest)..])
            {
                int size = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
                length += size == TemplateField.Variable ? 1 : size;
                empty += size == 0 ? 1 : 0;
            }

            return length is > 0 and < ushort.MaxValue && empty <= MaxEmptyFields;
        }
    }

    /// <summary>Reads the field specifiers; makes the one array that the template keeps.</summary>
    internal TemplateField[] ReadFields()
    {
        var fields = new TemplateField[FieldCount];
        ReadOnlySpan<byte> rest = Fields;
        for (int i = 0; i < fields.Length; i++)
        {
            fields[i] = ReadField(rest, i, out int size);
            rest = rest[size..];
        }

        return fields;
    }

    /// <summary>Bytes that the next field specifier takes: 8 with an enterprise number, which NetFlow v9 does not have (bit 15 is part of its type).</summary>
    internal static int SpecifierSize(ushort version, ReadOnlySpan<byte> bytes) => version == 10 && bytes.Length > 0 && (bytes[0] & 0x80) != 0 ? 8 : 4;

    private TemplateField ReadField(ReadOnlySpan<byte> bytes, int index, out int size)
    {
        size = SpecifierSize(Version, bytes);
        ushort id = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        ushort length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return size == 8
            ? new TemplateField(new InformationElement(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), (ushort)(id & 0x7FFF)), length)
            : new TemplateField(new InformationElement(Version == 9 && index < ScopeCount ? InformationElement.NetFlow9Scope : 0, id), length);
    }
}
