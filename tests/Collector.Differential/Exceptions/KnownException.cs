using Collector.Differential.Comparison;
using Record = System.Collections.Generic.IReadOnlyList<System.Collections.Generic.KeyValuePair<string, string>>;

namespace Collector.Differential.Exceptions;

/// <summary>One way in which the collector means to differ from 1.7.7.</summary>
/// <param name="Name">Short name, for the report.</param>
/// <param name="Reference">The row or paragraph that says so: pmacct-compat.md, quirks.md, an RFC.</param>
/// <param name="Fields">Members that differ, as JSON names them.</param>
internal sealed record KnownException(string Name, string Reference, params IReadOnlyList<string> Fields)
{
    /// <summary>Where it can be: the daemon, keys of the configuration, captures.</summary>
    public Func<CaseContext, bool> AppliesTo { get; init; } = _ => true;

    /// <summary>Which records can have it; asked of every record that one side has and the other has not.</summary>
    public Func<Record, bool> Holds { get; init; } = _ => true;

    /// <summary>pmacct lacks records: what the collector has more is passed over, in counters too.</summary>
    public bool IsLoss { get; init; }

    /// <summary>Rows that differ in nothing but what is excepted are compared by their sums.</summary>
    public bool SumsRows { get; init; }

    /// <summary>Its names as CSV has them, besides those of JSON.</summary>
    public IEnumerable<string> AllNames => Fields.Concat(Fields.Select(Members.CsvName));

    /// <inheritdoc/>
    public bool Equals(KnownException? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}
