using System.Buffers;
using System.Text;
using Collector.Aggregation;
using Collector.Configuration;
using Collector.Flows;
using Collector.Output;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Output;

/// <summary>Columns of fixed width; whole files are compared with nfacctd in Oracle/PrintedFileTests.</summary>
public class FormattedRowWriterTests
{
    [Fact]
    public void RowAndHeading_StandInColumns()
    {
        FlowRecord record = new() { SourcePort = 65535, Protocol = 6, Packets = 3, Octets = 120, Flows = 1 };
        Assert.Equal("65535     tcp         3                     1                     120", Row("src_port,proto,flows", record));
        Assert.Equal("SRC_PORT  PROTOCOL    PACKETS               FLOWS                 BYTES", Heading("src_port,proto,flows"));
    }

    [Fact]
    public void EventForm_HasNoCounters()
    {
        Assert.Equal("65535     ", Row("src_port,flows", new FlowRecord { SourcePort = 65535, Packets = 3 }, OutputFormat.EventFormatted));
        Assert.Equal("SRC_PORT  ", Heading("src_port,flows", OutputFormat.EventFormatted));
    }

    [Fact]
    public void WideValue_MovesWhatFollows() =>
        Assert.Equal("18446744073709551615  0                     0", Row("tag", new FlowRecord { Tag = ulong.MaxValue }));

    [Fact]
    public void AbsentAddress_IsTwoColons() => Assert.StartsWith("::      ", Row("src_host", default), StringComparison.Ordinal);

    [Fact]
    public void ControlCharacters_DoNotForgeRows()
    {
        ValueTable values = new();
        FlowRecord record = new() { ClassName = values.Intern("a\nb"u8) };
        Assert.StartsWith("a?b               0", Row("class", record, values: values), StringComparison.Ordinal);
    }

    [Fact]
    public void Row_AllocatesNothing()
    {
        string every = string.Join(',', PrimitiveTable.All.Where(p => p.Sum == SumKind.None && FormattedRowWriter.Unfit(TestPurge.Select(p.Name), true).Count == 0).Select(p => p.Name));
        PrimitiveSelection selection = TestPurge.Select(every);
        TestPurge purge = TestPurge.For(selection, DateTimeOffset.UnixEpoch, new FlowRecord { Packets = ulong.MaxValue });
        FormattedRowWriter writer = new(selection, new KeyLayout(selection.KeyFields), new TextOptions(), isEvent: false, TimeZoneInfo.Utc);
        ArrayBufferWriter<byte> buffer = new(1 << 20);
        Assert.Equal(0, Allocation.OfSteadyState(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                buffer.ResetWrittenCount();
                writer.Write(purge[0], buffer, 0, default);
            }
        }));
    }

    private static string Row(string aggregate, FlowRecord record, OutputFormat format = OutputFormat.Formatted, ValueTable? values = null) =>
        RowText.Of(new OutputOptions { Name = "out", Format = format }, aggregate, record, values);

    private static string Heading(string aggregate, OutputFormat format = OutputFormat.Formatted)
    {
        PrimitiveSelection selection = TestPurge.Select(aggregate);
        ArrayBufferWriter<byte> buffer = new();
        Assert.True(RowWriter.Create(new OutputOptions { Name = "out", Format = format }, selection, new KeyLayout(selection.KeyFields)).WriteHeader(buffer));
        return Encoding.ASCII.GetString(buffer.WrittenSpan);
    }
}
