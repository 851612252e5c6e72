using Collector.Diff;
using Xunit;

namespace Collector.Tests.Diff;

/// <summary>What an operator reads who runs two collectors side by side.</summary>
public sealed class DiffRunTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("collector-test");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void EqualSums_InOtherRowsAndOrder_AreNoDifference()
    {
        (bool equal, string report) = Diff(
            """
            {"event_type": "purge_init", "writer_id": "a/1"}
            {"ip_src": "10.0.0.1", "as_dst": 1, "tcp_flags": "2", "stamp_inserted": "t1", "stamp_updated": "x", "packets": 1, "bytes": 40, "writer_id": "a/1"}
            {"ip_src": "10.0.0.1", "as_dst": 1, "tcp_flags": "16", "stamp_inserted": "t1", "stamp_updated": "y", "packets": 2, "bytes": 80, "writer_id": "a/1"}
            """,
            """
            {"ip_src": "10.0.0.1", "as_dst": 1, "tcp_flags": "18", "stamp_inserted": "t1", "stamp_updated": "z", "packets": 3, "bytes": 120, "writer_id": "b/2"}
            """);

        Assert.True(equal, report);
        Assert.Contains("2 rows, bytes 120, packets 3, flows 0; 1 markers left out", report, StringComparison.Ordinal);
        Assert.Contains("compared: 1 windows; 1 keys are equal\nno difference\n", report, StringComparison.Ordinal);
    }

    [Fact]
    public void OneFieldDiffers_IsToldAsThatField_WithItsValues()
    {
        (bool equal, string report) = Diff(
            """
            {"ip_src": "10.0.0.1", "ip_dst": "10.0.0.2", "as_dst": 65001, "stamp_inserted": "t1", "packets": 1, "bytes": 40}
            {"ip_src": "10.0.0.1", "ip_dst": "10.0.0.3", "as_dst": 65001, "stamp_inserted": "t1", "packets": 5, "bytes": 90}
            """,
            """
            {"ip_src": "10.0.0.1", "ip_dst": "10.0.0.2", "as_dst": 0, "stamp_inserted": "t1", "packets": 1, "bytes": 40}
            {"ip_src": "10.0.0.1", "ip_dst": "10.0.0.3", "as_dst": 0, "stamp_inserted": "t1", "packets": 5, "bytes": 90}
            """);

        Assert.False(equal);
        Assert.Contains("as_dst: 2 keys differ in nothing else\n  as_dst '65001' | '0': 2 keys, as in window t1 ip_src=10.0.0.1 ip_dst=10.0.0.2 as_dst=65001 bytes 40 packets 1\n", report, StringComparison.Ordinal);
        Assert.DoesNotContain("only on the", report, StringComparison.Ordinal);
    }

    [Fact]
    public void SamplingAppliedByOneOnly_IsToldAsAFactor()
    {
        (_, string report) = Diff(
            """
            {"ip_src": "10.0.0.1", "packets": 1, "bytes": 40}
            {"ip_src": "10.0.0.2", "packets": 7, "bytes": 400}
            """,
            """
            {"ip_src": "10.0.0.1", "packets": 1000, "bytes": 40000}
            {"ip_src": "10.0.0.2", "packets": 7000, "bytes": 400000}
            """);

        Assert.Contains("counters: 2 keys with other counters; right is 1000 times left in all of them: look at sampling and renormalize\n", report, StringComparison.Ordinal);
    }

    [Fact]
    public void LoneKeys_OtherWindows_FieldsAndTypes_AreTold()
    {
        (_, string report) = Diff(
            """
            {"ip_src": "10.0.0.1", "ip_proto": "tcp", "tos": 0, "label": "x", "stamp_inserted": "t1", "packets": 1, "bytes": 40}
            no json
            """,
            """
            {"ip_src": "10.0.0.1", "ip_proto": "tcp", "tos": "0", "vlan": 7, "stamp_inserted": "t2", "packets": 1, "bytes": 40}
            """);

        Assert.Contains("1 lines are no JSON objects", report, StringComparison.Ordinal);
        Assert.Contains("field label: only on the left;", report, StringComparison.Ordinal);
        Assert.Contains("field vlan: only on the right;", report, StringComparison.Ordinal);
        Assert.Contains("field tos: JSON type number on the left, string on the right; values are compared as text\n", report, StringComparison.Ordinal);
        Assert.Contains("only on the left: 1 key, bytes 40, packets 1; the other side has 1 of these keys in another window: look at history, time_new and the clocks\n", report, StringComparison.Ordinal);
        Assert.EndsWith("the two differ\n", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Tolerance_AndIgnoredFields_LeaveSmallThingsOut()
    {
        string left = """{"ip_src": "10.0.0.1", "etype": "800", "packets": 100, "bytes": 1000}""";
        string right = """{"ip_src": "10.0.0.1", "etype": "86dd", "packets": 101, "bytes": 1009}""";

        Assert.False(Diff(left, right).Equal);
        Assert.False(Diff(left, right, ignore: ["etype"]).Equal);
        Assert.True(Diff(left, right, ignore: ["etype"], tolerance: 0.01).Equal);
    }

    private (bool Equal, string Report) Diff(string left, string right, string[]? ignore = null, double tolerance = 0)
    {
        var request = new DiffRequest { Left = Write("left", left), Right = Write("right", right), Ignore = ignore ?? [], Tolerance = tolerance };
        using var output = new StringWriter();
        bool equal = DiffRun.Run(request, output, CancellationToken.None);
        return (equal, output.ToString());
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
