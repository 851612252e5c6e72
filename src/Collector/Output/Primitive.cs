using Collector.Aggregation;
using Collector.Flows;
using Collector.Flows.Extras;

namespace Collector.Output;

/// <summary>In which dialects a column is printed (never which primitives are accepted).</summary>
internal enum ColumnDialect
{
    Both,
    Only17,
    Only18,
}

/// <summary>One value of a row: its JSON key, its CSV heading, its form and the fields of the record that it reads.</summary>
/// <param name="JsonKey">Key in a JSON object.</param>
/// <param name="CsvHeading">Heading in CSV, null where CSV has no such column; its place is that of <see cref="PrintColumns.Order"/>.</param>
/// <param name="Format">Form of the value.</param>
/// <param name="Fields">Fields that must be in the key, in the order in which the format reads them; none for sums and absent values.</param>
/// <param name="Dialect">Where the column is printed.</param>
internal sealed record PrimitiveColumn(
    string JsonKey, string? CsvHeading, ValueFormat Format, FlowField[] Fields, ColumnDialect Dialect = ColumnDialect.Both)
{
    /// <summary>The extra value that it reads instead of fields; null: none.</summary>
    public ExtraPlace? Extra { get; init; }

    /// <summary>Where it stands in the forms of the print plugin, for a custom primitive; null: <see cref="PrintColumns.Order"/> says it.</summary>
    public PrintColumn? Place { get; init; }

    /// <summary>True when it has no bounded length, and so no column of fixed width.</summary>
    public bool IsOfAnyLength => Place is null ? ValueStep.IsOfAnyLength(Format) : Place.ValueWidth == 0;

    /// <summary>True when the column is printed in the dialect.</summary>
    public bool IsIn(bool pmacct17) => Dialect == ColumnDialect.Both || (Dialect == ColumnDialect.Only17) == pmacct17;
}

/// <summary>One name of the `aggregate` list, with what it prints and needs.</summary>
/// <param name="Name">pmacct's name.</param>
/// <param name="Columns">What it prints, in order; none for `none`.</param>
internal sealed record Primitive(string Name, params PrimitiveColumn[] Columns)
{
    /// <summary>Other names of the same primitive.</summary>
    public string[] Aliases { get; init; } = [];

    /// <summary>Fields that are not in the key but from which decoders or enrichment derive those that are.</summary>
    public FlowField[] DerivedFrom { get; init; } = [];

    /// <summary>True for what JSON prints behind stamp_inserted and stamp_updated.</summary>
    public bool AfterStamps { get; init; }

    /// <summary>The sum_* rule of the primitive.</summary>
    public SumKind Sum { get; init; }

    /// <summary>True for one that the operator has defined: it stands in the order of the `aggregate` list.</summary>
    public bool IsCustom { get; init; }

    /// <summary>True when a sum_* primitive lets this one stand beside it.</summary>
    public bool StandsBesideSum { get; init; }
}
