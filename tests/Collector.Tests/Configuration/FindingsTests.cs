using Collector.Configuration;
using Xunit;

namespace Collector.Tests.Configuration;

public class FindingsTests
{
    [Fact]
    public void ToString_SaysWhereAndHowGrave()
    {
        Assert.Equal("a.yaml:3: wrong", new Finding(FindingSeverity.Error, "a.yaml", 3, "wrong").ToString());
        Assert.Equal("a.yaml: wrong", new Finding(FindingSeverity.Error, "a.yaml", 0, "wrong").ToString());
        Assert.Equal("a.yaml:3: warning: odd", new Finding(FindingSeverity.Warning, "a.yaml", 3, "odd").ToString());
        Assert.Equal("a.yaml:3: note: so", new Finding(FindingSeverity.Note, "a.yaml", 3, "so").ToString());
    }

    [Fact]
    public void All_IsInTheOrderOfLinesAndWithoutRepetition()
    {
        var findings = new Findings("f");
        findings.Error(9, "late");
        findings.Note(2, "early");
        findings.Error(9, "late");

        Assert.Equal(["f:2: note: early", "f:9: late"], findings.All.Select(f => f.ToString()));
        Assert.True(findings.HasErrors);
    }

    [Fact]
    public void HasErrors_WarningsOnly_IsFalse()
    {
        var findings = new Findings("f");
        findings.Warning(1, "odd");
        Assert.False(findings.HasErrors);
    }
}
