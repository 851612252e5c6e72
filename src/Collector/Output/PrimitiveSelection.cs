using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Collector.Aggregation;
using Collector.Configuration;
using Collector.Flows;
using Collector.Flows.Extras;

namespace Collector.Output;

/// <summary>The `aggregate` list of one output, understood: what makes its key, what the decoders must read for it, what its rows print.</summary>
/// <remarks>Immutable.</remarks>
public sealed class PrimitiveSelection
{
    // A name longer than any primitive is no misspelling, and the search for the nearest is quadratic.
    private const int LongestName = 64;

    private const string Defining = "custom_primitives, or aggregate_primitives behind -f";

    private static readonly FrozenDictionary<string, Primitive> ByName = PrimitiveTable.All
        .SelectMany(p => p.Aliases.Prepend(p.Name).Select(name => KeyValuePair.Create(name, p)))
        .ToFrozenDictionary(StringComparer.Ordinal);

    private PrimitiveSelection(IReadOnlyList<Primitive> primitives, bool pmacct17)
    {
        Primitives = primitives;
        FlowField[] inKey = [.. primitives.SelectMany(p => p.Columns).Where(c => c.IsIn(pmacct17)).SelectMany(c => c.Fields)];

        // Events and options print no counters, so they never share an entry with flows.
        KeyFields = [.. inKey.Append(FlowField.Kind).Distinct()];
        NeededFields = FlowFieldSet.Of([.. KeyFields, .. primitives.SelectMany(p => p.DerivedFrom)]);
        Sum = primitives.Select(p => p.Sum).FirstOrDefault(s => s != SumKind.None);
        KeyExtras = [.. primitives.SelectMany(p => p.Columns).Select(c => c.Extra).OfType<ExtraPlace>().Distinct()];
        HasFlows = primitives.Any(p => p.Name == "flows");
    }

    /// <summary>Every name that an `aggregate` list may hold, aliases included, in alphabetical order.</summary>
    public static IReadOnlyList<string> KnownNames { get; } = [.. ByName.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The fields of the key; always with <see cref="FlowField.Kind"/>.</summary>
    public IReadOnlyList<FlowField> KeyFields { get; }

    /// <summary>Extra values in the key: custom primitives.</summary>
    public IReadOnlyList<ExtraPlace> KeyExtras { get; }

    /// <summary>
    /// What decoders must fill: the key, TCP flags where selected, and what the key is derived from (src_net from address and mask, a name
    /// from its id). What a routing table needs to resolve AS numbers and prefixes is not in it: that depends on where they are taken from.
    /// </summary>
    public FlowFieldSet NeededFields { get; }

    /// <summary>The sum_* primitive of the list.</summary>
    public SumKind Sum { get; }

    /// <summary>True when rows print flows.</summary>
    public bool HasFlows { get; }

    /// <summary>The selected primitives in the order of JSON, whatever their order in the list.</summary>
    internal IReadOnlyList<Primitive> Primitives { get; }

    /// <summary>Reads the `aggregate` list of an output.</summary>
    /// <param name="output">The output.</param>
    /// <param name="selection">The selection, or null when there are errors.</param>
    /// <param name="errors">As below.</param>
    public static bool TryParse(OutputOptions output, [NotNullWhen(true)] out PrimitiveSelection? selection, out IReadOnlyList<string> errors) =>
        TryParse(output.Aggregate, output.Text, new CustomPrimitiveSet(output.CustomPrimitives), out selection, out errors, output.Stitching);

    /// <summary>Reads an `aggregate` list without custom primitives.</summary>
    /// <param name="names">The names as configured; blanks around them and capital letters are forgiven.</param>
    /// <param name="text">How rows are printed: the dialect decides on some key fields, never on which names are accepted.</param>
    /// <param name="selection">The selection, or null when there are errors.</param>
    /// <param name="stitching">Rows print timestamp_min and timestamp_max, which no name of the list asks for.</param>
    /// <param name="errors">Every mistake of the list, each a sentence that says what to write instead.</param>
    public static bool TryParse(
        IReadOnlyList<string> names,
        TextOptions text,
        [NotNullWhen(true)] out PrimitiveSelection? selection,
        out IReadOnlyList<string> errors,
        bool stitching = false) => TryParse(names, text, new CustomPrimitiveSet([]), out selection, out errors, stitching);

    private static bool TryParse(
        IReadOnlyList<string> names,
        TextOptions text,
        CustomPrimitiveSet customs,
        [NotNullWhen(true)] out PrimitiveSelection? selection,
        out IReadOnlyList<string> errors,
        bool stitching)
    {
        List<string> found = [];
        Dictionary<Primitive, string> selected = [];
        foreach (string written in names)
        {
            string name = written.Trim().ToLowerInvariant();
            if ((ByName.GetValueOrDefault(name) ?? customs.Find(name)) is not { } primitive)
            {
                found.Add(Unknown(name, customs));
            }
            else if (!selected.TryAdd(primitive, name))
            {
                found.Add(selected[primitive] == name
                    ? $"aggregate: '{name}' is repeated; write it once"
                    : $"aggregate: '{name}' and '{selected[primitive]}' are the same primitive; write one of them");
            }
        }

        CheckSums(selected, found);
        errors = found;
        selection = found.Count > 0
            ? null
            : new PrimitiveSelection([.. PrimitiveTable.Printed(selected.ContainsKey, stitching), .. selected.Keys.Where(p => p.IsCustom)], text.Pmacct17);
        return selection is not null;
    }

    private static void CheckSums(Dictionary<Primitive, string> selected, List<string> errors)
    {
        KeyValuePair<Primitive, string>[] sums = [.. selected.Where(p => p.Key.Sum != SumKind.None)];
        if (sums.Length == 0)
        {
            return;
        }

        string sum = sums[0].Value;
        string[] others =
        [
            .. selected.Where(p => p.Key != sums[0].Key && !p.Key.StandsBesideSum && p.Key.Columns.Length > 0).Select(p => p.Value),
        ];
        if (others.Length > 0)
        {
            errors.Add($"aggregate: '{sum}' counts every record twice, by source and by destination, so only tag, tag2, class and flows can "
                + $"stand beside it; remove {string.Join(", ", others.Select(o => $"'{o}'"))}, or write another output for them");
        }
    }

    private static string Unknown(string name, CustomPrimitiveSet customs)
    {
        if (name.Length == 0)
        {
            return "aggregate: a name is empty; remove the comma too many, or write 'none' for one grand total";
        }

        if (name.Length > LongestName)
        {
            return $"aggregate: unknown primitive '{name[..LongestName]}…'";
        }

        // Those who know the output write its keys: ip_src instead of src_host.
        Primitive? ofKey = PrimitiveTable.All.FirstOrDefault(p => p.Columns.Any(c => c.JsonKey == name));
        return ofKey is not null
            ? $"aggregate: '{name}' is the JSON key of primitive '{ofKey.Name}'; write '{ofKey.Name}'"
            : NearestName.Find(name, KnownNames.Concat(customs.Names)) is { } near
                ? $"aggregate: unknown primitive '{name}'; did you mean '{near}'? A name of your own has to be defined first: {Defining}"
                : $"aggregate: unknown primitive '{name}'; the names are {string.Join(", ", KnownNames.Concat(customs.Names))}, and those that you define: {Defining}";
    }
}
