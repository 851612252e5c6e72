using static Collector.Flows.Templates.InformationElement;

namespace Collector.Flows.Templates.Plans;

/// <summary>
/// Turns a template into the steps for the fields that the configuration reads. All precedence among elements is settled here, once, so that a
/// record costs its steps only.
/// </summary>
internal sealed partial class PlanCompiler
{
    private readonly Template _template;
    private readonly Template _original;
    private readonly DecoderOptions _options;
    private readonly int[] _offsets;
    private readonly List<PlanStep> _steps = [];
    private readonly bool _isReverse;
    private FlowFamily _family;
    private FlowRecordFlags _flags;
    private int[] _labelFields = [];

    private PlanCompiler(Template template, Template original, DecoderOptions options, bool isReverse)
    {
        _isReverse = isReverse;
        _template = template;
        _original = original;
        _options = options;
        _offsets = new int[template.Fields.Length];
        for (int i = 1; i < _offsets.Length; i++)
        {
            // Variable fields have no place among the fixed ones.
            _offsets[i] = _offsets[i - 1] + FixedLength(template.Fields[i - 1]);
        }
    }

    /// <summary>Compiles a template, both directions where its records and the options have them.</summary>
    internal static RecordPlan Compile(Template template, DecoderOptions options)
    {
        Template? reverse = Directions.Reverse(template, options);
        RecordPlan? reversePlan = reverse is null ? null : new PlanCompiler(reverse, template, options, isReverse: true).Compile(null);
        return new PlanCompiler(Directions.Forward(template, options.Nsel), template, options, isReverse: false).Compile(reversePlan);
    }

    private RecordPlan Compile(RecordPlan? reverse)
    {
        CompileFrameSection();
        CompileNumbers(NumberElements.Counters, always: true);
        CompileNumbers(NumberElements.Others, always: false);
        CompileVlan();
        CompileAddresses();
        CompileAutonomousSystems();
        CompileTimes();
        CompileSampling();
        CompileValues();
        CompileCustomFields();

        int late = _steps.FindIndex(s => IsVariable(s.Field) || IsVariable(s.FieldB) || (IsSection(s.Kind) && Array.Exists(_section!.Fields, IsVariable)));
        return new RecordPlan
        {
            Options = _options,
            Steps = [.. late < 0 ? _steps : _steps[..late]],
            Kind = KindOf(),
            Family = _family,
            EtherType = _template.IsOptions && _family == FlowFamily.None ? EtherTypeOf(FlowFamily.IPv4) : EtherTypeOf(_family),
            Flags = _flags | FieldsGiven(),
            RecordLength = _template.Fields.Sum(FixedLength),
            MplsLabels = [.. _labelFields.Select(f => _offsets[f])],
            Section = _section,
            HasOwnSampling = _steps.Exists(s => s.Kind is StepKind.SamplingInterval or StepKind.SamplerInterval),
            IsReverse = _isReverse,
            Reverse = reverse,
            Variable = _template.IsVariable ? CompileVariable(late < 0 ? [] : [.. _steps[late..]]) : null,
        };
    }

    private FlowRecordFlags FieldsGiven() =>
        (Find(new InformationElement(InformationElement.Pmacct, 1)) >= 0 ? FlowRecordFlags.TagGiven : 0)
        | (Find(new InformationElement(InformationElement.Pmacct, 2)) >= 0 ? FlowRecordFlags.Tag2Given : 0)
        | (Find(new InformationElement(InformationElement.Pmacct, 3)) >= 0 ? FlowRecordFlags.LabelGiven : 0)
        | (Find(FlowDirection) >= 0 ? FlowRecordFlags.DirectionGiven : 0);

    private VariablePlan CompileVariable(PlanStep[] lateSteps)
    {
        var runs = new List<int> { 0 };
        foreach (TemplateField field in _template.Fields)
        {
            runs[^1] += FixedLength(field);
            if (field.IsVariable)
            {
                runs.Add(0);
            }
        }

        return new VariablePlan
        {
            MinimumLength = _template.MinimumLength,
            Runs = [.. runs],
            Lengths = [.. _template.Fields.Select(f => f.Length)],
            LateSteps = lateSteps,
            MplsLabelFields = _labelFields,
            Section = _section,
        };
    }

    private static int FixedLength(TemplateField field) => field.IsVariable ? 0 : field.Length;

    private static bool IsSection(StepKind kind) => kind is StepKind.FrameSection or StepKind.PacketSection or StepKind.PayloadSection;

    private bool IsVariable(int field) => field >= 0 && _template.Fields[field].IsVariable;

    private static ushort EtherTypeOf(FlowFamily family) => family switch
    {
        FlowFamily.IPv4 => 0x0800,
        FlowFamily.IPv6 => 0x86DD,
        _ => 0,
    };

    private FlowKind KindOf() =>
        _template.IsOptions ? FlowKind.Options
        : Find(NatEvent) >= 0 ? FlowKind.Event
        : _section is null && !Array.Exists(NumberElements.Traffic, id => Find(id) >= 0) ? FlowKind.Event
        : FlowKind.Flow;

    private void CompileNumbers(NumberRule[] rules, bool always)
    {
        foreach (NumberRule rule in rules)
        {
            if (always || Wants(rule.Target))
            {
                Number(rule.Target, First(rule.Elements));
            }
        }
    }

    // nfacctd_peer_as turns 16 and 17 into peer ASes, and then there are no others (seen with 1.7.7).
    private void CompileAutonomousSystems()
    {
        if (_options.AsFromExport)
        {
            NumberIfWanted(_options.PeerAs ? FlowField.PeerSourceAs : FlowField.SourceAs, SourceAs);
            NumberIfWanted(_options.PeerAs ? FlowField.PeerDestinationAs : FlowField.DestinationAs, DestinationAs);
        }

        if (_options.AsFromExport && !_options.PeerAs)
        {
            NumberIfWanted(FlowField.PeerSourceAs, BgpPrevAdjacentAs);
            NumberIfWanted(FlowField.PeerDestinationAs, BgpNextAdjacentAs);
        }
    }

    // With a direction in the record only the element of that side counts.
    private void CompileVlan()
    {
        if (!Wants(FlowField.Vlan))
        {
            return;
        }

        int direction = Find(FlowDirection), ingress = First(VlanId, Dot1qVlanId), egress = First(PostVlanId, PostDot1qVlanId);
        if (direction < 0)
        {
            Number(FlowField.Vlan, First(VlanId, PostVlanId, Dot1qVlanId, PostDot1qVlanId));
            return;
        }

        if (ingress >= 0)
        {
            Add(StepKind.Number2IfIngress, FlowField.Vlan, ingress, direction);
        }

        if (egress >= 0)
        {
            Add(StepKind.Number2IfEgress, FlowField.Vlan, egress, direction);
        }
    }

    private bool Wants(FlowField field) => _options.Fields.Contains(field);

    private static ushort Offset(FlowField field) => (ushort)FlowRecordLayout.OffsetOf(field);

    private int Find(InformationElement element) => _template.Find(element);

    private int First(params ReadOnlySpan<InformationElement> elements)
    {
        foreach (InformationElement element in elements)
        {
            if (Find(element) is >= 0 and int field)
            {
                return field;
            }
        }

        return -1;
    }

    private int FirstOfLength(int length, params ReadOnlySpan<ushort> elements)
    {
        foreach (ushort element in elements)
        {
            if (_template.Find(element, length) is >= 0 and int field)
            {
                return field;
            }
        }

        return -1;
    }

    private void NumberIfWanted(FlowField target, InformationElement element)
    {
        if (Wants(target))
        {
            Number(target, Find(element));
        }
    }

    private void Number(FlowField target, int field)
    {
        if (field >= 0)
        {
            Add(NumberKind(_template.Fields[field].Length, FlowRecordLayout.SizeOf(target)), target, field);
        }
    }

    private static StepKind NumberKind(int length, int size) => (length, size) switch
    {
        (1, 1) => StepKind.Copy1,
        (2, 2) => StepKind.Copy2,
        (4, 4) => StepKind.Copy4,
        (8, 8) => StepKind.Copy8,
        (2, 4) => StepKind.Widen2To4,
        (4, 8) => StepKind.Widen4To8,
        (_, 1) => StepKind.Number1,
        (_, 2) => StepKind.Number2,
        (_, 4) => StepKind.Number4,
        _ => StepKind.Number8,
    };

    private void Add(StepKind kind, FlowField target, int field = -1, int fieldB = -1, FlowField? argument = null, int value = 0) => _steps.Add(new PlanStep
    {
        Kind = kind,
        Target = Offset(target),
        Field = (short)field,
        FieldB = (short)fieldB,
        Offset = field < 0 ? 0 : _offsets[field],
        Length = field < 0 ? -1 : _template.Fields[field].Length,
        OffsetB = fieldB < 0 ? 0 : _offsets[fieldB],
        LengthB = fieldB < 0 ? -1 : _template.Fields[fieldB].Length,
        Argument = argument is { } a ? Offset(a) : value,
    });
}
