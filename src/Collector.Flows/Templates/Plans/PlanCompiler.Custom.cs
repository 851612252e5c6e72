using Collector.Flows.Extras;

namespace Collector.Flows.Templates.Plans;

internal sealed partial class PlanCompiler
{
    // pmacct counts repeated elements from here on one by one; below, and without an enterprise, the last one holds for all (seen with 1.7.7).
    private const ushort FirstCountedElement = 384;

    // By the elements as they were announced: what both directions of a record say is the same for both.
    private void CompileCustomFields()
    {
        foreach (CustomField custom in _options.CustomFields)
        {
            if (custom.Element != 0 && FindCustom(custom) is >= 0 and int field)
            {
                _steps.Add(new PlanStep
                {
                    Kind = StepKind.Custom,
                    Form = custom.Form,
                    Target = Offset(FlowField.ExtraValues),
                    Field = (short)field,
                    FieldB = -1,
                    Offset = _offsets[field],
                    Length = _original.Fields[field].Length,
                    LengthB = custom.Length,
                    Argument = custom.Place.Offset,
                });
            }
        }
    }

    private int FindCustom(CustomField custom)
    {
        var element = new InformationElement(custom.Enterprise, custom.Element);
        if (custom.Enterprise == 0 && custom.Element < FirstCountedElement)
        {
            // The scope of an options template of NetFlow v9 has types of its own, which pmacct takes for field types.
            int last = _original.Find(element);
            return last >= 0 ? last : _original.Find(new InformationElement(InformationElement.NetFlow9Scope, custom.Element));
        }

        int found = -1, left = custom.Occurrence;
        for (int i = 0; i < _original.Fields.Length && left >= 0; i++)
        {
            if (_original.Fields[i].Element == element && _original.Fields[i].Length != 0)
            {
                found = i;
                left--;
            }
        }

        return found;
    }
}
