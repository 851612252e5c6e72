using System.Text.Json;
using Xunit;

namespace Collector.Tests.Oracle;

/// <summary>The comparison itself: an oracle that overlooks a difference is worth nothing.</summary>
public sealed class RecordComparisonTests
{
    private static readonly HashSet<string> Nothing = [];

    private const string First =
        """{"event_type": "purge", "ip_src": "10.0.0.1", "tcp_flags": "2", "stamp_updated": "2026-01-01 12:00:00", "flows": 1, "packets": 3, "bytes": 180}""";

    private const string Second =
        """{"event_type": "purge", "ip_src": "10.0.0.2", "tcp_flags": "16", "stamp_updated": "2026-01-01 12:00:00", "flows": 1, "packets": 5, "bytes": 300}""";

    [Fact]
    public void OrderOfRecordsAndStamps_DoNotMatter() =>
        Assert.Empty(RecordComparison.Differences([First, Second], [Second.Replace("12:00:00", "13:30:00", StringComparison.Ordinal), First], Nothing));

    [Fact]
    public void OtherValue_IsToldWithBothSides()
    {
        string line = Assert.Single(RecordComparison.Differences([First, Second], [First.Replace("\"packets\": 3", "\"packets\": 4", StringComparison.Ordinal), Second], Nothing));
        Assert.Equal("ip_src=\"10.0.0.1\": packets is 4, pmacct has 3", line);
    }

    [Fact]
    public void NumberForString_IsADifference() =>
        Assert.Contains("tcp_flags is 2, pmacct has \"2\"", Assert.Single(RecordComparison.Differences(
            [First], [First.Replace("\"tcp_flags\": \"2\"", "\"tcp_flags\": 2", StringComparison.Ordinal)], Nothing)), StringComparison.Ordinal);

    [Fact]
    public void SameRecordTwice_CountsTwice()
    {
        Assert.StartsWith(RecordComparison.OnlyCollector, Assert.Single(RecordComparison.Differences([First], [First, First], Nothing)), StringComparison.Ordinal);
        Assert.StartsWith("only pmacct: ", Assert.Single(RecordComparison.Differences([First, First], [First], Nothing)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"flows\": 1, \"packets\": 3", "\"packets\": 3, \"flows\": 1")]
    [InlineData("\"flows\": 1, ", "")]
    [InlineData("\"flows\": 1, ", "\"flows\": 1, \"vlan\": 0, ")]
    public void OtherOrderMissingOrNewMember_IsADifference(string from, string to) =>
        Assert.Contains("or their order", Assert.Single(RecordComparison.Differences(
            [First], [First.Replace(from, to, StringComparison.Ordinal)], Nothing)), StringComparison.Ordinal);

    [Fact]
    public void LeftOutMember_SumsWhatBecomesEqual()
    {
        string merged = """{"event_type": "purge", "ip_src": "10.9.9.9", "tcp_flags": "18", "flows": 2, "packets": 8, "bytes": 480}""";
        Assert.Empty(RecordComparison.Differences([First, Second], [merged], new HashSet<string> { "ip_src" }));
        Assert.NotEmpty(RecordComparison.Differences([First, Second], [merged.Replace("480", "481", StringComparison.Ordinal)], new HashSet<string> { "ip_src" }));
        Assert.NotEmpty(RecordComparison.Differences([First, Second], [merged.Replace("\"18\"", "18", StringComparison.Ordinal)], new HashSet<string> { "ip_src" }));
    }

    [Fact]
    public void LeftOutSum_HidesOnlyItself()
    {
        string other = First.Replace("\"packets\": 3", "\"packets\": 0", StringComparison.Ordinal);
        Assert.Empty(RecordComparison.Differences([other], [First], new HashSet<string> { "packets" }));
        Assert.NotEmpty(RecordComparison.Differences([other.Replace("180", "0", StringComparison.Ordinal)], [First], new HashSet<string> { "packets" }));
    }

    [Theory]
    [InlineData("{\"ip_src\": ")]
    [InlineData("[1]")]
    public void LineThatIsNoObject_Fails(string line) =>
        Assert.ThrowsAny<JsonException>(() => RecordComparison.Differences([First], [line], Nothing));
}
