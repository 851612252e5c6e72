using System.Buffers.Binary;
using static Collector.Flows.Templates.InformationElement;

namespace Collector.Flows.Templates.Plans;

/// <summary>
/// Counts the records inside lists of structured data (RFC 6313), by the template that each list names, to a bounded depth. What a list says is
/// not used: it is passed over by its length whatever is found inside.
/// </summary>
internal static class ListReader
{
    /// <summary>Lists deeper inside lists are counted as records of the outer one and not looked into.</summary>
    internal const int MaxDepth = 4;

    private const int SemanticLength = 1;

    /// <summary>Counts the records of one list.</summary>
    /// <param name="element">291 basicList, 292 subTemplateList or 293 subTemplateMultiList.</param>
    /// <param name="list">The list behind its length, from its semantic on.</param>
    /// <param name="context">Finds the templates and counts.</param>
    internal static void Count(ushort element, ReadOnlySpan<byte> list, PlanContext context)
    {
        if (!TryCount(element, list, context, 1))
        {
            context.Domain!.Counters.Count(DecodeFault.BadList);
        }
    }

    private static bool TryCount(ushort element, ReadOnlySpan<byte> list, PlanContext context, int depth)
    {
        if (list.Length < SemanticLength)
        {
            return false;
        }

        list = list[SemanticLength..];
        return element switch
        {
            BasicList => TryCountBasic(list, context, depth),
            SubTemplateList => list.Length >= 2 && TryCountRecords(BinaryPrimitives.ReadUInt16BigEndian(list), list[2..], context, depth),
            _ => TryCountMulti(list, context, depth),
        };
    }

    // RFC 6313 §4.5.1: one element and its length, then values of it.
    private static bool TryCountBasic(ReadOnlySpan<byte> list, PlanContext context, int depth)
    {
        int header = list.Length > 0 && (list[0] & 0x80) != 0 ? 8 : 4;
        if (list.Length < header)
        {
            return false;
        }

        int id = BinaryPrimitives.ReadUInt16BigEndian(list), length = BinaryPrimitives.ReadUInt16BigEndian(list[2..]);
        ReadOnlySpan<byte> values = list[header..];
        if (length != TemplateField.Variable)
        {
            bool isWhole = length == 0 ? values.IsEmpty : values.Length % length == 0;
            context.Domain!.Counters.ListRecords += length == 0 ? 0 : values.Length / length;
            return isWhole;
        }

        bool good = true;
        for (int position = 0; position < values.Length; position += length)
        {
            if (!VariableRecord.TryReadLength(values, ref position, out length) || length > values.Length - position)
            {
                return false;
            }

            context.Domain!.Counters.ListRecords++;
            good &= header == 8 || TryCountNested((ushort)id, values.Slice(position, length), context, depth);
        }

        return good;
    }

    // RFC 6313 §4.5.3: template id and length, the header included, before each group of records.
    private static bool TryCountMulti(ReadOnlySpan<byte> list, PlanContext context, int depth)
    {
        bool good = true;
        while (!list.IsEmpty)
        {
            int length = list.Length < 4 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(list[2..]);
            if (length < 4 || length > list.Length)
            {
                return false;
            }

            good &= TryCountRecords(BinaryPrimitives.ReadUInt16BigEndian(list), list[4..length], context, depth);
            list = list[length..];
        }

        return good;
    }

    private static bool TryCountRecords(ushort templateId, ReadOnlySpan<byte> records, PlanContext context, int depth)
    {
        if (context.FindTemplate(templateId) is not { } template)
        {
            context.Domain!.Counters.Count(DecodeFault.MissingListTemplate);
            return true;
        }

        bool good = true;
        while (!records.IsEmpty)
        {
            int length = Measure(template, records, context, depth, ref good);
            if (length <= 0)
            {
                return false;
            }

            template.ListRecords++;
            context.Domain!.Counters.ListRecords++;
            records = records[length..];
        }

        return good;
    }

    // The length of the record at the start of the bytes; -1 when it does not end within them.
    private static int Measure(Template template, ReadOnlySpan<byte> bytes, PlanContext context, int depth, ref bool good)
    {
        int position = 0;
        foreach (TemplateField field in template.SolidFields)
        {
            int length = field.Length;
            if ((field.IsVariable && !VariableRecord.TryReadLength(bytes, ref position, out length)) || length > bytes.Length - position)
            {
                return -1;
            }

            good &= field.Element.Enterprise != 0 || TryCountNested(field.Element.Id, bytes.Slice(position, length), context, depth);
            position += length;
        }

        return position;
    }

    private static bool TryCountNested(ushort element, ReadOnlySpan<byte> list, PlanContext context, int depth) =>
        element is not (BasicList or SubTemplateList or SubTemplateMultiList) || depth >= MaxDepth || TryCount(element, list, context, depth + 1);
}
