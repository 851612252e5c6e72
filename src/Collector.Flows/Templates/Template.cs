using Collector.Flows.Templates.Options;
using Collector.Flows.Templates.Plans;

namespace Collector.Flows.Templates;

/// <summary>A template or options template as an exporter announced it, with what was compiled from it.</summary>
internal sealed class Template
{
    private readonly byte[] _definition;
    private RecordPlan? _plan;
    private TemplateField[]? _solidFields;
    private OptionsPlan? _optionsPlan;

    internal Template(in TemplateDefinition definition)
    {
        Version = definition.Version;
        Id = definition.Id;
        IsOptions = definition.IsOptions;
        ScopeCount = definition.ScopeCount;
        Fields = definition.ReadFields();
        _definition = definition.Fields.ToArray();
        foreach (TemplateField field in Fields)
        {
            MinimumLength += field.MinimumLength;
            IsVariable |= field.IsVariable;
        }
    }

    private Template(Template original, TemplateField[] fields)
    {
        Version = original.Version;
        Id = original.Id;
        IsOptions = original.IsOptions;
        ScopeCount = original.ScopeCount;
        MinimumLength = original.MinimumLength;
        IsVariable = original.IsVariable;
        _definition = original._definition;
        Fields = fields;
    }

    /// <summary>True while it is only remembered from before a restart and no announcement has confirmed it.</summary>
    internal bool IsProvisional { get; set; }

    /// <summary>When it took the place of another layout, microseconds since the Unix epoch; 0 for one that was the first of its id.</summary>
    internal long ChangedAt { get; init; }

    internal ushort Version { get; }

    internal ushort Id { get; }

    internal bool IsOptions { get; }

    /// <summary>The first so many fields are the scope of an options template.</summary>
    internal int ScopeCount { get; }

    internal TemplateField[] Fields { get; }

    /// <summary>The field specifiers as they were announced.</summary>
    internal ReadOnlySpan<byte> Definition => _definition;

    /// <summary>Bytes of a record; with a field of variable length the least that a record takes.</summary>
    internal int MinimumLength { get; }

    /// <summary>True when a field has a variable length.</summary>
    internal bool IsVariable { get; }

    /// <summary>Records by this template that were found in lists of structured data (RFC 6313).</summary>
    internal long ListRecords { get; set; }

    /// <summary>The fields that take room in a record: so a walk over a record never takes more steps than it has bytes.</summary>
    internal TemplateField[] SolidFields => _solidFields ??= [.. Fields.Where(f => f.Length != 0)];

    /// <summary>The same template with other elements in the same places.</summary>
    internal Template Rewritten(Func<InformationElement, InformationElement> element) =>
        new(this, [.. Fields.Select(f => f with { Element = element(f.Element) })]);

    /// <summary>True when an announcement says the same as this template.</summary>
    internal bool Equals(in TemplateDefinition definition) =>
        IsOptions == definition.IsOptions && ScopeCount == definition.ScopeCount && definition.Fields.SequenceEqual(_definition);

    /// <summary>The plan for data records; compiled with the first of them, and anew when the options are other ones.</summary>
    internal RecordPlan PlanFor(DecoderOptions options) =>
        _plan is { } plan && ReferenceEquals(plan.Options, options) ? plan : _plan = PlanCompiler.Compile(this, options);

    /// <summary>What of an options record is of use.</summary>
    internal OptionsPlan OptionsPlan => _optionsPlan ??= new OptionsPlan(this);

    /// <summary>The last field that holds the element with a length above 0 (pmacct-compat §8.1: of repeated elements the last counts); -1 when none does.</summary>
    internal int Find(InformationElement element)
    {
        for (int i = Fields.Length - 1; i >= 0; i--)
        {
            if (Fields[i].Element == element && Fields[i].Length != 0)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The same for an element that needs an exact length, such as an address.</summary>
    internal int Find(InformationElement element, int length)
    {
        for (int i = Fields.Length - 1; i >= 0; i--)
        {
            if (Fields[i].Element == element && Fields[i].Length == length)
            {
                return i;
            }
        }

        return -1;
    }
}
