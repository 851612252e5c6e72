using Collector.Configuration;
using Collector.Configuration.Pmacct;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Collector.Tests.Configuration.Pmacct;

/// <summary>pmacct-compat §10.1.</summary>
public class PmacctGrammarTests
{
    [Theory]
    [InlineData("nfacctd_ip: 127.0.0.1", "nfacctd_ip", null, "127.0.0.1")]
    [InlineData("NFACCTD_IP:127.0.0.1", "nfacctd_ip", null, "127.0.0.1")]
    [InlineData("  nfacctd_port \t: 2100  ", "nfacctd_port", null, "2100")]
    [InlineData("aggregate [b] : src_host", "aggregate", "b", "src_host")]
    [InlineData("aggregate[ OutA ]: src_host", "aggregate", "OutA", "src_host")]
    [InlineData("print_output: json ! x", "print_output", null, "json ! x")]
    [InlineData("kafka_topic: \"a:b[c]\"", "kafka_topic", null, "\"a:b[c]\"")]
    [InlineData("kafka_topic:", "kafka_topic", null, "")]
    public void Read_Directive_IsCut(string text, string key, string? plugin, string value)
    {
        var findings = new Findings("f");
        Assert.Equal([new PmacctLine(1, key, plugin, value)], PmacctGrammar.Read(new StringReader(text), findings));
        Assert.Empty(findings.All);
    }

    [Theory]
    [InlineData("no colon here", "f:1: missing ':'; write key: value")]
    [InlineData(": value", "f:1: missing key before ':'; write key: value")]
    [InlineData("aggregate[a: x", "f:1: illegal brackets; write key[plugin name]: value")]
    [InlineData("aggregate a]: x", "f:1: illegal brackets; write key[plugin name]: value")]
    [InlineData("aggregate[]: x", "f:1: illegal brackets; write key[plugin name]: value")]
    [InlineData("aggregate[a]b: x", "f:1: illegal brackets; write key[plugin name]: value")]
    [InlineData("aggregate[a][b]: x", "f:1: illegal brackets; write key[plugin name]: value")]
    [InlineData("aggregate]a[: x", "f:1: illegal brackets; write key[plugin name]: value")]
    public void Read_BrokenLine_IsNamed(string text, string error)
    {
        var findings = new Findings("f");
        Assert.Empty(PmacctGrammar.Read(new StringReader(text), findings));
        Assert.Equal(error, Assert.Single(findings.All).ToString());
    }

    [Fact]
    public void Read_CommentsBlankLinesAndCrLf_KeepTheNumbersOfLines()
    {
        IReadOnlyList<PmacctLine> lines = PmacctGrammar.Read(new StringReader("! a: b\r\n\r\n  # c: d\r\nkey: value \r\nlast: x"), new Findings("f"));
        Assert.Equal([new PmacctLine(4, "key", null, "value"), new PmacctLine(5, "last", null, "x")], lines);
    }

    [Fact]
    public void Read_LineBeyondTheLimit_IsNamed()
    {
        var findings = new Findings("f");
        Assert.Empty(PmacctGrammar.Read(new StringReader("a: " + new string('x', 10_239)), findings));
        Assert.StartsWith("f:1: the line is longer than 10239", Assert.Single(findings.All).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TooManyLines_AreNamedOnce()
    {
        var findings = new Findings("f");
        Assert.Equal(8_192, PmacctGrammar.Read(new StringReader(string.Concat(Enumerable.Repeat("a: b\n", 9_000))), findings).Count);
        Assert.Equal(8_193, Assert.Single(findings.All).Line);
    }

    [Fact]
    public void Read_AnyText_NeverThrows() => Prop.ForAll<string>(text =>
    {
        var findings = new Findings("f");
        IReadOnlyList<PmacctLine> lines = PmacctGrammar.Read(new StringReader(text ?? ""), findings);
        Assert.All(lines, l => Assert.False(string.IsNullOrEmpty(l.Key) || l.Plugin == "" || l.Value != l.Value.Trim()));
    }).QuickCheckThrowOnFailure();
}
