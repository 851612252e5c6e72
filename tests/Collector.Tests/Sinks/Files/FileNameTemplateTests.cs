using Collector.Aggregation;
using Collector.Configuration;
using Collector.Flows;
using Collector.Net;
using Collector.Sinks.Files;
using Collector.Tests.Output;
using Xunit;

namespace Collector.Tests.Sinks.Files;

public class FileNameTemplateTests
{
    private static readonly TimeZoneInfo Rome = TimeZoneInfo.FindSystemTimeZoneById("Europe/Rome");

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("/var/%Y/%m/%d/%H-%M-%S.json", "/var/2026/03/01/23-07-09.json")]
    [InlineData("%s", "1772402829")]
    [InlineData("%w %W %j", "0 08 060")]
    [InlineData("%z|$tzone", "+0100|+01:00")]
    [InlineData("%F_%T %y %b %B %a %A %e %I%p %h", "2026-03-01_23:07:09 26 Mar March Sun Sunday  1 11PM Mar")]
    [InlineData("100%%", "100%")]
    [InlineData("$ref-$hst", "60-300")]
    [InlineData("x-$peer_src_ip-$tag-$tag2.json", "x-10_0_0_1-7-8.json")]
    [InlineData("$post_tag/$POST_TAG2", "7/8")]
    public void Template_Expands(string template, string expected) =>
        Assert.Equal(expected, Expand(template, "peer_src_ip,tag,tag2", DateTimeOffset.Parse("2026-03-01T22:07:09Z")));

    [Fact]
    public void Week_BeginsOnMonday()
    {
        Assert.Equal("00", Expand("%W", "tag", DateTimeOffset.Parse("2026-01-04T12:00:00Z")));
        Assert.Equal("01", Expand("%W", "tag", DateTimeOffset.Parse("2026-01-05T12:00:00Z")));
        Assert.Equal("52", Expand("%W", "tag", DateTimeOffset.Parse("2026-12-31T12:00:00Z")));
    }

    [Fact]
    public void VariablesOutsideTheKey_AreNullAndZeroAsInPmacct() =>
        Assert.Equal("null-0-0", Expand("$peer_src_ip-$tag-$tag2", "src_host", DateTimeOffset.UnixEpoch));

    [Fact]
    public void IPv6Exporter_IsUnderscored() => Assert.Equal(
        "2001_db8__1", Expand("$peer_src_ip", "peer_src_ip", DateTimeOffset.UnixEpoch, exporter: "2001:db8::1"));

    [Fact]
    public void Utc_PrintsZIn17AndZerosIn18()
    {
        Assert.Equal("Z", Expand("$tzone", "tag", DateTimeOffset.UnixEpoch, new TextOptions { Utc = true }));
        Assert.Equal("+00:00", Expand("$tzone", "tag", DateTimeOffset.UnixEpoch, new TextOptions { Utc = true, Pmacct17 = false }));
    }

    [Fact]
    public void MonthlyHistory_HasTheSecondsOfItsMonth()
    {
        OutputOptions options = new() { Name = "out", Window = new WindowOptions { HistoryMonths = 1 } };
        Assert.True(FileNameTemplate.TryParse("$hst", options, new KeyLayout([FlowField.Kind]), out FileNameTemplate? template, out _, TimeZoneInfo.Utc));
        Assert.Equal("2419200", template.Expand(new FileNameKey(DateTimeOffset.Parse("2026-02-01T00:00:00Z").ToUnixTimeSeconds(), default, 0, 0)));
    }

    [Fact]
    public void Mistakes_AreAllTold()
    {
        Assert.False(FileNameTemplate.TryParse("/x/%Q/$nothing/%", new OutputOptions { Name = "out" }, new KeyLayout([FlowField.Kind]), out _, out IReadOnlyList<string> errors));
        Assert.Equal(3, errors.Count);
        Assert.Contains("'%Q' is no conversion of a time", errors[0], StringComparison.Ordinal);
        Assert.Contains("unknown variable '$nothing'", errors[1], StringComparison.Ordinal);
        Assert.Contains("%% for a percent sign", errors[2], StringComparison.Ordinal);
    }

    private static string Expand(string path, string aggregate, DateTimeOffset time, TextOptions? text = null, string exporter = "10.0.0.1")
    {
        OutputOptions options = new() { Name = "out", Text = text ?? new TextOptions(), Window = new WindowOptions { HistorySeconds = 300 } };
        KeyLayout layout = new(TestPurge.Select(aggregate).KeyFields);
        Assert.True(FileNameTemplate.TryParse(path, options, layout, out FileNameTemplate? template, out IReadOnlyList<string> errors, Rome), string.Join('\n', errors));
        TestPurge purge = new(layout) { Number = 1, Time = 0, TotalEntries = 1 };
        purge.Add(new FlowRecord { ExporterAddress = IpAddress.Parse(exporter), Tag = 7, Tag2 = 8 });
        return template.Expand(template.KeyOf(purge[0], time.ToUnixTimeSeconds()));
    }
}
