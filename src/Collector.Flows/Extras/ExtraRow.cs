using System.Runtime.CompilerServices;

namespace Collector.Flows.Extras;

/// <summary>Writes the row of extra values that belongs to a record.</summary>
/// <remarks>Unsafe: rows lie in the pinned array of the <see cref="FlowBatch"/> that the record is of, and live as long as the record stays in it.</remarks>
internal static unsafe class ExtraRow
{
    /// <summary>Stores the value of a custom primitive by its form.</summary>
    /// <param name="form">Which lengths it takes.</param>
    /// <param name="value">The bytes as they came.</param>
    /// <param name="length">The length of the primitive.</param>
    /// <param name="offset">Where it lies in the row.</param>
    /// <param name="record">The record.</param>
    /// <param name="values">Interns what is stored as a handle.</param>
    internal static void Store(CustomForm form, ReadOnlySpan<byte> value, int length, int offset, ref FlowRecord record, ValueTable values)
    {
        if (record.ExtraValues == 0 || (form is CustomForm.Exact or CustomForm.ExactValue && value.Length != length))
        {
            return;
        }

        byte* target = (byte*)record.ExtraValues + offset;
        if (form is CustomForm.AtMost or CustomForm.AtMostValue && value.Length > length)
        {
            value = value[..length];
        }

        switch (form)
        {
            case CustomForm.Exact:
                value.CopyTo(new Span<byte>(target, length));
                break;
            case CustomForm.AtMost:
                *target = (byte)value.Length;
                value.CopyTo(new Span<byte>(target + 1, length));
                break;
            default:
                Unsafe.WriteUnaligned(target, values.Intern(value));
                break;
        }
    }
}
