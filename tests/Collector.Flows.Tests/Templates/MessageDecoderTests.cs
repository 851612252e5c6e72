using Collector.Testing.Builders;
using Xunit;

namespace Collector.Flows.Tests.Templates;

/// <summary>Messages and Sets: lengths, padding, damage; the same for NetFlow v9 and IPFIX where not said otherwise.</summary>
public sealed class MessageDecoderTests
{
    private static readonly byte[] Eight = new WireWriter().U32(1000, 2000).ToArray();

    [Theory]
    [InlineData(9, 0)]
    [InlineData(9, 1)]
    [InlineData(9, 2)]
    [InlineData(9, 3)]
    [InlineData(10, 0)]
    [InlineData(10, 2)]
    [InlineData(10, 7)]
    public void P1_PaddingBehindRecords_IsNoRecord(int version, int padding)
    {
        DecoderRun run = new DecoderRun().Feed(Known(version).Set(Wire.Template, [.. Eight, .. Eight, .. new byte[padding]]).Data(Wire.Template, Eight).Build());
        Assert.Equal(3, run.Records.Count);
        Assert.Equal((0u, 1u, 2u), (run.Records[0].RecordNumber, run.Records[1].RecordNumber, run.Records[2].RecordNumber));
        Assert.Equal(3, run.Counters((ushort)version).Records);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void F2_SetLengthBelowItsHeader_EndsTheDatagram(int length)
    {
        DecoderRun run = new DecoderRun().Feed(Known(9).Data(Wire.Template, Eight).Set(Wire.Template, Eight, length).Build());
        Assert.Single(run.Records);
        Assert.Equal(1, run.Counters(9)[DecodeFault.BadSetLength]);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(10)]
    public void F3_SetBeyondTheDatagram_GivesItsCompleteRecords(int version)
    {
        DecoderRun run = new DecoderRun().Feed(Known(version).Set(Wire.Template, [.. Eight, .. Eight, 1, 2, 3], 400).Build());
        Assert.Equal(2, run.Records.Count);
        Assert.Equal(1, run.Counters((ushort)version)[DecodeFault.Truncated]);
    }

    [Fact]
    public void F3_OneSetInAZeroFilledDatagram_IsNoFault()
    {
        DecoderRun run = new DecoderRun().Feed([.. Known(9).Data(Wire.Template, Eight).Build(), .. new byte[1_000]]);
        Assert.Single(run.Records);
        Assert.Equal(0, run.Counters(9)[DecodeFault.BadSetLength]);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(15, 1)]
    [InlineData(60_000, 1)]
    public void F3_WrongMessageLength_IsCountedAndWhatIsThereDecoded(int declared, int records)
    {
        var message = new ExportMessageBuilder(10) { DeclaredLength = declared };
        DecoderRun run = new DecoderRun().Feed(message.Template(Wire.Template, (1, 4), (2, 4)).Data(Wire.Template, Eight).Build());
        Assert.Equal((records, 1L), (run.Records.Count, run.Counters(10)[DecodeFault.BadMessageLength]));
    }

    [Fact]
    public void F3_BytesBehindTheMessage_AreNotDecoded()
    {
        byte[] message = Known(10).Data(Wire.Template, Eight).Build();
        byte[] more = ExportMessageBuilder.Ipfix().Data(Wire.Template, Eight).Build()[16..];
        DecoderRun run = new DecoderRun().Feed([.. message, .. more]).Feed([.. message, .. new byte[100]]);
        Assert.Equal((2, 1L), (run.Records.Count, run.Counters(10)[DecodeFault.BadMessageLength]));
    }

    [Theory]
    [InlineData(9, 2)]
    [InlineData(9, 3)]
    [InlineData(10, 0)]
    [InlineData(10, 255)]
    public void ReservedSet_IsCountedAndPassedOver(int version, int id)
    {
        DecoderRun run = new DecoderRun().Feed(Known(version).Set(id, Eight).Data(Wire.Template, Eight).Build());
        Assert.Single(run.Records);
        Assert.Equal(1, run.Counters((ushort)version)[DecodeFault.ReservedSet]);
    }

    [Fact]
    public void F13_CountOfNetFlow9_IsNotTrusted()
    {
        var message = new ExportMessageBuilder(9) { DeclaredLength = 1 };
        Assert.Equal(2, new DecoderRun().Feed(message.Template(Wire.Template, (1, 4), (2, 4)).Data(Wire.Template, Eight, Eight).Build()).Records.Count);
    }

    [Fact]
    public void F11_DatagramOf65507Bytes_IsReadWhole()
    {
        byte[][] records = [.. Enumerable.Repeat(Eight, (65_507 - 16 - 16 - 4) / 8)];
        byte[] datagram = Known(10).Data(Wire.Template, records).Build();
        DecoderRun run = new DecoderRun().Feed(datagram);
        Assert.Equal(records.Length, run.Records.Count);
        Assert.Equal((uint)records.Length - 1, run.Records[^1].RecordNumber);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void FullBatch_IsResumed(int capacity)
    {
        ExportMessageBuilder message = Known(10).Template(301, (1, 4), (82, 65_535), (2, 4));
        for (int i = 0; i < 20; i++)
        {
            message.Data(Wire.Template, Eight, Eight, Eight).Data(301, new WireWriter().U32(1).U8(3).Bytes("eth"u8).U32(2).ToArray());
        }

        DecoderRun run = new DecoderRun(batchCapacity: capacity).Feed(message.Build());
        Assert.Equal(80, run.Records.Count);
        Assert.Equal(Enumerable.Range(0, 80).Select(i => (uint)i), run.Records.Select(r => r.RecordNumber));
    }

    [Fact]
    public void Header_IsInEveryRecord()
    {
        var message = new ExportMessageBuilder(10) { Domain = 9, Sequence = 77 };
        DecoderRun run = new DecoderRun().Feed([1]).Feed(message.Template(Wire.Template, (1, 4), (2, 4)).Data(Wire.Template, Eight).Build());
        FlowRecord r = Assert.Single(run.Records);
        Assert.Equal((77u, 9u, 10, Wire.Template), (r.ExportSequence, r.ExportSystemId, r.ExportVersion, r.TemplateId));
        Assert.Equal((1_700_000_000_000_000, DecoderRun.Arrival, 2ul), (r.ExportTime, r.ArrivalTime, r.DatagramNumber));
        Assert.Equal((FlowFamily.None, (byte)'u', 1ul), (r.Family, r.SamplingDirection, r.Flows));
    }

    [Theory]
    [InlineData(9)]
    [InlineData(10)]
    public void P8_VariableFieldsFirstLastAndTwice_KeepTheRecordsApart(int version)
    {
        ExportMessageBuilder message = new ExportMessageBuilder(version)
            .Template(Wire.Template, (94, 65_535), (1, 4), new FieldSpecifier(77, 65_535, 9_999), (2, 4), (94, 65_535))
            .Data(
                Wire.Template,
                new WireWriter().U8(0).U32(1).U8(3).Bytes(1, 2, 3).U32(2).U8(0).ToArray(),
                new WireWriter().U8(255).U16(3).Bytes(1, 2, 3).U32(3).U8(0).U32(4).U8(255).U16(300).Bytes(new byte[300]).ToArray(),
                new WireWriter().U8(1).U8(1).U32(5).U8(0).U32(6).U8(0).ToArray());
        DecoderRun run = new DecoderRun().Feed(message.Build());
        Assert.Equal([(1ul, 2ul), (3ul, 4ul), (5ul, 6ul)], run.Records.Select(r => (r.Octets, r.Packets)));
    }

    // Juniper PTX writes 255 and two bytes for short values too.
    [Fact]
    public void P7_EveryFormOfALength_IsTheSame()
    {
        DecoderRun run = new DecoderRun().Feed(ExportMessageBuilder.Ipfix().Template(Wire.Template, (94, 65_535), (1, 4)).Data(
            Wire.Template,
            new WireWriter().U8(0).U32(1).ToArray(),
            new WireWriter().U8(255).U16(0).U32(2).ToArray(),
            new WireWriter().U8(2).U16(9).U32(3).ToArray(),
            new WireWriter().U8(255).U16(2).U16(9).U32(4).ToArray(),
            new WireWriter().U8(254).Bytes(new byte[254]).U32(5).ToArray(),
            new WireWriter().U8(255).U16(255).Bytes(new byte[255]).U32(6).ToArray()).Build());
        Assert.Equal([1ul, 2ul, 3ul, 4ul, 5ul, 6ul], run.Records.Select(r => r.Octets));
    }

    // H3C NetStream.
    [Fact]
    public void P9_VariableLengthInNetFlow9_IsReadLikeIpfix()
    {
        DecoderRun run = new DecoderRun().Feed(ExportMessageBuilder.NetFlow9().Template(Wire.Template, (1, 4), (82, 65_535), (2, 4)).Data(
            Wire.Template,
            new WireWriter().U32(1).U8(4).Bytes("eth0"u8).U32(2).ToArray(),
            new WireWriter().U32(3).U8(255).U16(5).Bytes("eth10"u8).U32(4).ToArray()).Build());
        Assert.Equal([(1ul, 2ul), (3ul, 4ul)], run.Records.Select(r => (r.Octets, r.Packets)));
    }

    [Fact]
    public void P4_PaddingBehindVariableRecords_StopsCleanly()
    {
        byte[] record = new WireWriter().U8(2).U16(1).U16(7).ToArray();
        DecoderRun run = new DecoderRun().Feed(ExportMessageBuilder.Ipfix().Template(Wire.Template, (94, 65_535), (1, 2))
            .Set(Wire.Template, [.. record, 0, 0, 0]).Data(Wire.Template, record).Build());
        Assert.Equal(2, run.Records.Count);
        Assert.Equal(0, run.Counters(10)[DecodeFault.BadRecord]);
    }

    [Fact]
    public void VariableLengthBeyondTheSet_CostsTheRestOfItsSetOnly()
    {
        byte[] good = new WireWriter().U8(1).U8(9).U16(7).ToArray();
        DecoderRun run = new DecoderRun().Feed(ExportMessageBuilder.Ipfix().Template(Wire.Template, (94, 65_535), (1, 2))
            .Data(Wire.Template, good, [200, 1, 2, 3, 4, 5]).Data(Wire.Template, good).Build());
        Assert.Equal([7ul, 7ul], run.Records.Select(r => r.Octets));
        Assert.Equal(1, run.Counters(10)[DecodeFault.BadRecord]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void VariableNumbersAndTexts_AreRead(bool longForm)
    {
        var record = new WireWriter().U8(3).Bytes(1, 0, 0);
        _ = longForm ? record.U8(255).U16(3) : record.U8(3);
        record.Bytes("a,b"u8).U8(2).U16(53);
        DecoderRun run = new DecoderRun().Feed(ExportMessageBuilder.Ipfix()
            .Template(Wire.Template, (1, 65_535), new FieldSpecifier(3, 65_535, 43874), (7, 65_535)).Data(Wire.Template, record.ToArray()).Build());
        FlowRecord r = Assert.Single(run.Records);
        Assert.Equal((65_536ul, "a,b", 53), (r.Octets, run.Text(r.Label), r.SourcePort));
    }

    private static ExportMessageBuilder Known(int version) => new ExportMessageBuilder(version).Template(Wire.Template, (1, 4), (2, 4));
}
