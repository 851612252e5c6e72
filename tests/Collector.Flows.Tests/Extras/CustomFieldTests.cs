using Collector.Flows.Extras;
using Collector.Testing;
using Collector.Testing.Builders;
using Xunit;

namespace Collector.Flows.Tests.Extras;

/// <summary>Custom primitives of NetFlow v9 and IPFIX: which lengths fill them, where they go (pmacct-compat §5.4).</summary>
public sealed class CustomFieldTests
{
    private const int Element = 1_000, At = 16;

    public static TheoryData<CustomForm, int, int, string> Lengths => new()
    {
        { CustomForm.Exact, 4, 4, "01020304" },
        { CustomForm.Exact, 4, 3, "00000000" },
        { CustomForm.Exact, 4, 5, "00000000" },
        { CustomForm.AtMost, 4, 4, "0401020304" },
        { CustomForm.AtMost, 4, 2, "0201020000" },
        { CustomForm.AtMost, 4, 9, "0401020304" },
    };

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Length_DecidesWhatIsStored(CustomForm form, int length, int onTheWire, string row)
    {
        byte[] value = [.. Enumerable.Range(1, onTheWire).Select(i => (byte)i)];
        foreach (int version in (int[])[9, 10])
        {
            Assert.Equal(row, Convert.ToHexString(RowOf(version, form, length, onTheWire, value)));

            // The same behind a length of its own.
            Assert.Equal(row, Convert.ToHexString(RowOf(version, form, length, 65_535, [(byte)onTheWire, .. value])));
        }
    }

    [Theory]
    [InlineData(CustomForm.AnyValue, 0, 300, 300)]
    [InlineData(CustomForm.AnyValue, 0, 0, 0)]
    [InlineData(CustomForm.AtMostValue, 100, 300, 100)]
    [InlineData(CustomForm.ExactValue, 100, 99, 0)]
    [InlineData(CustomForm.ExactValue, 100, 100, 100)]
    public void LongValue_IsInterned(CustomForm form, int length, int onTheWire, int kept)
    {
        byte[] value = [255, (byte)(onTheWire >> 8), (byte)onTheWire, .. Enumerable.Repeat((byte)'x', onTheWire)];
        DecoderRun run = Run(Field(form, length)).Feed(ExportMessageBuilder.Ipfix().Template(Wire.Template, (Element, 65_535)).Data(Wire.Template, value).Build());
        Assert.Equal(new string('x', kept), run.Text(BitConverter.ToUInt32(run.Rows[0], At)));
    }

    [Fact]
    public void ValueBeyondTheLimitOfTheTable_IsEmptyAndCounted()
    {
        byte[] value = [255, 0x50, 0x00, .. new byte[0x5000]];
        DecoderRun run = Run(Field(CustomForm.AnyValue, 0)).Feed(ExportMessageBuilder.Ipfix().Template(Wire.Template, (Element, 65_535)).Data(Wire.Template, value).Build());
        Assert.Equal((0u, 1L), (BitConverter.ToUInt32(run.Rows[0], At), run.Decoder.Values.Refused));
    }

    // pmacct 1.7.7: of elements from 384 on each primitive takes the next occurrence, below the last one holds for all.
    [Theory]
    [InlineData(91, 0, 2)]
    [InlineData(91, 1, 2)]
    [InlineData(383, 0, 2)]
    [InlineData(384, 0, 1)]
    [InlineData(384, 1, 2)]
    [InlineData(384, 2, 2)]
    public void RepeatedElement_IsTakenByItsOccurrence(int element, int occurrence, int expected)
    {
        CustomField field = Field(CustomForm.Exact, 1) with { Element = (ushort)element, Occurrence = occurrence };
        DecoderRun run = Run(field).Feed(ExportMessageBuilder.Ipfix().Template(Wire.Template, (element, 1), (element, 1)).Data(Wire.Template, [1, 2]).Build());
        Assert.Equal(expected, run.Rows[0][At]);
    }

    [Fact]
    public void EnterpriseElement_IsAnotherOneThanThatOfIana()
    {
        CustomField field = Field(CustomForm.Exact, 2) with { Element = 7, Enterprise = 4_444 };
        FieldSpecifier own = new(7, 2, 4_444);
        DecoderRun run = Run(field).Feed(ExportMessageBuilder.Ipfix().Template(Wire.Template, (7, 2), own).Data(Wire.Template, [1, 2, 3, 4]).Build());
        Assert.Equal(("0304", 0x0102), (Convert.ToHexString(run.Rows[0].AsSpan(At, 2)), run.Records[0].SourcePort));
    }

    [Theory]
    [InlineData(9, 1)]
    [InlineData(10, 149)]
    public void ScopeOfOptions_IsAFieldToo(int version, int scope)
    {
        CustomField field = Field(CustomForm.Exact, 4) with { Element = (ushort)scope };
        DecoderRun run = new DecoderRun(Options(field) with { AccountOptions = true })
            .Feed(new ExportMessageBuilder(version).OptionsTemplate(400, [(scope, 4)], (91, 1)).Data(400, [0, 0, 0, 77, 9]).Build());
        Assert.Equal((FlowKind.Options, 77), (run.Records[0].Kind, run.Rows[0][At + 3]));
    }

    // Records without counters are taken out of the batch: what is left keeps its own values.
    [Fact]
    public void ReverseRecords_KeepTheirValues()
    {
        FieldSpecifier reverse = new(1, 4, 29_305);
        DecoderOptions options = Options(Field(CustomForm.Exact, 1)) with { BothDirections = true };
        byte[][] records = [.. Enumerable.Range(1, 6).Select(i => new WireWriter().U32(100, i % 2 == 0 ? 0u : 50u).U8(i).ToArray())];
        DecoderRun run = new DecoderRun(options).Feed(ExportMessageBuilder.Ipfix().Template(Wire.Template, (1, 4), reverse, (Element, 1)).Data(Wire.Template, records).Build());
        Assert.Equal([1, 2, 3, 4, 5, 6, 1, 3, 5], run.Rows.Select(r => (int)r[At]));
    }

    [Fact]
    public void CustomFields_AllocateNothing()
    {
        DecoderRun run = Run(Field(CustomForm.Exact, 4), Field(CustomForm.AnyValue, 0, At + 4) with { Element = 1_001 });
        run.FeedOnly(ExportMessageBuilder.Ipfix().Template(Wire.Template, (Element, 4), (1_001, 65_535)).Build());
        byte[] record = [1, 2, 3, 4, 3, 65, 66, 67];
        byte[] datagram = ExportMessageBuilder.Ipfix().Data(Wire.Template, record, record).Build();
        Assert.Equal(2, run.FeedOnly(datagram));
        Assert.Equal(0, Allocation.OfSteadyState(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                run.FeedOnly(datagram);
            }
        }));
    }

    private static byte[] RowOf(int version, CustomForm form, int length, int onTheWire, byte[] record)
    {
        CustomField field = Field(form, length);
        DecoderRun run = Run(field).Feed(new ExportMessageBuilder(version).Template(Wire.Template, (Element, onTheWire)).Data(Wire.Template, record).Build());
        return run.Rows[0].AsSpan(At, field.Place.Width).ToArray();
    }

    private static CustomField Field(CustomForm form, int length, int at = At) => new()
    {
        Place = new ExtraPlace(at, form switch { CustomForm.Exact => length, CustomForm.AtMost => length + 1, _ => 4 }, form > CustomForm.AtMost),
        Form = form,
        Length = length,
        Element = Element,
    };

    private static DecoderOptions Options(params CustomField[] fields) => new() { CustomFields = fields, ExtraRowBytes = 200 };

    private static DecoderRun Run(params CustomField[] fields) => new(Options(fields));
}
