using static Collector.Flows.Templates.InformationElement;

namespace Collector.Flows.Templates.Plans;

/// <summary>
/// Turns a template into the steps for the fields that the configuration reads. All precedence among elements is settled here, once, so that a
/// record costs its steps only.
/// </summary>
internal sealed partial class PlanCompiler
{
    private readonly Template _template;
    private readonly DecoderOptions _options;
    private readonly int[] _offsets;
    private readonly List<PlanStep> _steps = [];
    private FlowFamily _family;
    private FlowRecordFlags _flags;
    private int[] _labelFields = [];

    internal PlanCompiler(Template template, DecoderOptions options)
    {
        _template = template;
        _options = options;
        _offsets = new int[template.Fields.Length];
        for (int i = 1; i < _offsets.Length; i++)
        {
            // Variable fields have no place among the fixed ones.
            _offsets[i] = _offsets[i - 1] + FixedLength(template.Fields[i - 1]);
        }
    }

    internal RecordPlan Compile()
    {
        CompileNumbers(NumberElements.Counters, always: true);
        CompileNumbers(NumberElements.Others, always: false);
        CompileAddresses();
        CompileAutonomousSystems();
        CompileDirections();
        CompileTimes();
        CompileSampling();
        if (_options.Pmacct17 && Wants(FlowField.TcpFlags) && _steps.Exists(s => s.Target == Offset(FlowField.TcpFlags)))
        {
            if (!Wants(FlowField.Protocol))
            {
                Number(FlowField.Protocol, Find(ProtocolIdentifier));
            }

            Add(StepKind.FlagsOnlyTcp, FlowField.TcpFlags);
        }

        CompileValues();

        int late = _steps.FindIndex(s => IsVariable(s.Field) || IsVariable(s.FieldB));
        return new RecordPlan
        {
            Options = _options,
            Steps = [.. late < 0 ? _steps : _steps[..late]],
            Kind = KindOf(),
            Family = _family,
            EtherType = EtherTypeOf(_family),
            Flags = _flags,
            RecordLength = _template.Fields.Sum(FixedLength),
            MplsLabels = [.. _labelFields.Select(f => _offsets[f])],
            Variable = _template.IsVariable ? CompileVariable(late < 0 ? [] : [.. _steps[late..]]) : null,
        };
    }

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
        };
    }

    private static int FixedLength(TemplateField field) => field.IsVariable ? 0 : field.Length;

    private bool IsVariable(int field) => field >= 0 && _template.Fields[field].IsVariable;

    private static ushort EtherTypeOf(FlowFamily family) => family switch
    {
        FlowFamily.IPv4 => 0x0800,
        FlowFamily.IPv6 => 0x86DD,
        _ => 0,
    };

    private FlowKind KindOf() =>
        _template.IsOptions ? FlowKind.Options
        : Find(NatEvent) >= 0 || !Array.Exists(NumberElements.Traffic, id => Find(id) >= 0) ? FlowKind.Event
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

    // The element ids of AS numbers mean origin or peer ASes by configuration (nfacctd_peer_as).
    private void CompileAutonomousSystems()
    {
        if (!_options.AsFromExport)
        {
            return;
        }

        NumberIfWanted(FlowField.SourceAs, SourceAs);
        NumberIfWanted(FlowField.DestinationAs, DestinationAs);
        int previous = Find(BgpPrevAdjacentAs), next = Find(BgpNextAdjacentAs);
        if (Wants(FlowField.PeerSourceAs))
        {
            Number(FlowField.PeerSourceAs, previous < 0 && _options.PeerAs ? Find(SourceAs) : previous);
        }

        if (Wants(FlowField.PeerDestinationAs))
        {
            Number(FlowField.PeerDestinationAs, next < 0 && _options.PeerAs ? Find(DestinationAs) : next);
        }
    }

    private void CompileDirections()
    {
        int direction = Find(FlowDirection);
        if (direction < 0)
        {
            return;
        }

        if (Wants(FlowField.SamplingDirection))
        {
            Add(StepKind.Direction, FlowField.SamplingDirection, direction);
        }

        if (Wants(FlowField.Vlan))
        {
            Add(StepKind.Number2IfIngress, FlowField.Vlan, First(VlanId, Dot1qVlanId), direction);
            Add(StepKind.Number2IfEgress, FlowField.Vlan, First(PostVlanId, PostDot1qVlanId), direction);
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

    private void Add(StepKind kind, FlowField target, int field = -1, int fieldB = -1, FlowField? argument = null) => _steps.Add(new PlanStep
    {
        Kind = kind,
        Target = Offset(target),
        Field = (short)field,
        FieldB = (short)fieldB,
        Offset = field < 0 ? 0 : _offsets[field],
        Length = field < 0 ? -1 : _template.Fields[field].Length,
        OffsetB = fieldB < 0 ? 0 : _offsets[fieldB],
        LengthB = fieldB < 0 ? -1 : _template.Fields[fieldB].Length,
        Argument = argument is { } a ? Offset(a) : 0,
    });
}
