namespace Collector.Testing.Builders;

/// <summary>Makes NetFlow v9 packets and IPFIX messages; counts and lengths are right unless a test writes them itself.</summary>
/// <param name="version">9 or 10.</param>
public sealed class ExportMessageBuilder(int version)
{
    private readonly WireWriter _sets = new();
    private int _count;

    /// <summary>Source id or observation domain id.</summary>
    public uint Domain { get; init; }

    /// <summary>Sequence number.</summary>
    public uint Sequence { get; init; } = 1;

    /// <summary>Export time, seconds since the Unix epoch; 2023-11-14 22:13:20.</summary>
    public uint ExportSeconds { get; init; } = 1_700_000_000;

    /// <summary>Uptime in milliseconds, NetFlow v9 only.</summary>
    public uint SysUpTime { get; init; } = 1_000_000;

    /// <summary>What is written instead of the true message length of IPFIX, or instead of the count of NetFlow v9.</summary>
    public int? DeclaredLength { get; init; }

    /// <summary>A builder of NetFlow v9 packets.</summary>
    public static ExportMessageBuilder NetFlow9() => new(9);

    /// <summary>A builder of IPFIX messages.</summary>
    public static ExportMessageBuilder Ipfix() => new(10);

    /// <summary>The datagram.</summary>
    public byte[] Build() => version == 9
        ? new WireWriter().U16(9).U16(DeclaredLength ?? _count).U32(SysUpTime, ExportSeconds, Sequence, Domain).Bytes(_sets.ToArray()).ToArray()
        : new WireWriter().U16(10).U16(DeclaredLength ?? 16 + _sets.Length).U32(ExportSeconds, Sequence, Domain).Bytes(_sets.ToArray()).ToArray();

    /// <summary>Adds a Set with its header.</summary>
    /// <param name="id">Set id.</param>
    /// <param name="content">What follows the header.</param>
    /// <param name="declaredLength">What is written instead of the true length.</param>
    public ExportMessageBuilder Set(int id, ReadOnlySpan<byte> content, int? declaredLength = null)
    {
        _sets.U16(id).U16(declaredLength ?? 4 + content.Length).Bytes(content);
        return this;
    }

    /// <summary>Adds a template Set with one template.</summary>
    public ExportMessageBuilder Template(int id, params ReadOnlySpan<FieldSpecifier> fields) => Set(version == 9 ? 0 : 2, TemplateRecord(id, fields));

    /// <summary>Adds an options template Set with one template.</summary>
    /// <param name="id">Template id.</param>
    /// <param name="scopes">Scope fields; in NetFlow v9 their ids are scope types.</param>
    /// <param name="fields">The other fields.</param>
    public ExportMessageBuilder OptionsTemplate(int id, FieldSpecifier[] scopes, params ReadOnlySpan<FieldSpecifier> fields)
    {
        WireWriter writer = new WireWriter().U16(id);
        writer = version == 9 ? writer.U16(4 * scopes.Length).U16(4 * fields.Length) : writer.U16(scopes.Length + fields.Length).U16(scopes.Length);
        Append(writer, scopes);
        Append(writer, fields);
        _count++;
        return Set(version == 9 ? 1 : 3, writer.Pad4().ToArray());
    }

    /// <summary>Adds a data Set with records of right length, without padding.</summary>
    public ExportMessageBuilder Data(int id, params ReadOnlySpan<byte[]> records)
    {
        var writer = new WireWriter();
        foreach (byte[] record in records)
        {
            writer.Bytes(record);
        }

        _count += records.Length;
        return Set(id, writer.ToArray());
    }

    /// <summary>A template record as it stands in a template Set.</summary>
    public byte[] TemplateRecord(int id, params ReadOnlySpan<FieldSpecifier> fields)
    {
        WireWriter writer = new WireWriter().U16(id).U16(fields.Length);
        Append(writer, fields);
        _count++;
        return writer.ToArray();
    }

    private void Append(WireWriter writer, ReadOnlySpan<FieldSpecifier> fields)
    {
        foreach (FieldSpecifier field in fields)
        {
            bool isEnterprise = version == 10 && field.Enterprise != 0;
            writer.U16(isEnterprise ? field.Id | 0x8000 : field.Id).U16(field.Length);
            if (isEnterprise)
            {
                writer.U32(field.Enterprise);
            }
        }
    }
}
