using Collector.Aggregation;

namespace Collector.Output;

/// <summary>One value of a row, compiled: where in the key its fields lie and how it is written.</summary>
internal readonly struct ValueStep
{
    /// <summary>Compiles a column against the key of its output.</summary>
    /// <exception cref="ArgumentException">The key lacks a field of the column.</exception>
    public ValueStep(PrimitiveColumn column, KeyLayout layout)
    {
        Format = column.Format;
        Offset = column.Format is ValueFormat.StitchedMinimum ? layout.PaddedWidth
            : column.Format is ValueFormat.StitchedMaximum ? layout.PaddedWidth + sizeof(long)
            : column.Fields.Length > 0 ? layout.OffsetOf(column.Fields[0]) : 0;
        Second = column.Fields.Length > 1 ? layout.OffsetOf(column.Fields[1]) : 0;
        if (column.Extra is { } extra)
        {
            Offset = layout.OffsetOf(extra);
            Width = extra.Width;
        }

        Third = column.Fields.Length > 2 ? layout.OffsetOf(column.Fields[2]) : 0;
    }

    /// <summary>How the value is written.</summary>
    public ValueFormat Format { get; }

    /// <summary>Where the first field lies in the key.</summary>
    public int Offset { get; }

    /// <summary>Bytes of an extra value; 0 for fields.</summary>
    public int Width { get; }

    /// <summary>Where the second field lies in the key.</summary>
    public int Second { get; }

    /// <summary>Where the third field lies in the key.</summary>
    public int Third { get; }

    /// <summary>True for texts whose length only the row tells: those behind a handle, and the short ones within the key.</summary>
    public bool IsVariable => IsOfAnyLength(Format)
        || Format is ValueFormat.ClassName or ValueFormat.Country or ValueFormat.PostalCode or ValueFormat.InlineText or ValueFormat.InlineRawBytes;

    /// <summary>True for bytes that are printed in hexadecimal.</summary>
    public bool IsRaw => Format is ValueFormat.InlineRawBytes or ValueFormat.RawBytes;

    /// <summary>True for values that are integers in JSON and need no quotes.</summary>
    public bool IsNumber => Format is ValueFormat.Number8 or ValueFormat.Number16 or ValueFormat.Number32 or ValueFormat.Tag
        or ValueFormat.TcpFlagsNumber or ValueFormat.Flows;

    /// <summary>True for forms of texts that can be of any length.</summary>
    public static bool IsOfAnyLength(ValueFormat format) => format is ValueFormat.Text or ValueFormat.TagLabel or ValueFormat.VrfNameByDirection
        or ValueFormat.AsPath or ValueFormat.Communities or ValueFormat.MplsLabelStack or ValueFormat.Srv6Segments or ValueFormat.RawBytes;
}
