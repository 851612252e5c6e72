using System.Text;
using Collector.Output;
using Xunit;

namespace Collector.Tests.Output;

public class WriterIdTests
{
    [Theory]
    [InlineData("$proc_name/$writer_pid", "kafka/42")]
    [InlineData("$PROC_NAME-$Writer_Pid.x", "kafka-42.x")]
    [InlineData("constant", "constant")]
    [InlineData("", "")]
    public void Variables_AreReplaced(string template, string expected) => Assert.Equal(expected, Expand(template));

    [Fact]
    public void Build_NamesTheVersion() => Assert.Matches(@"^\d+\.\d+\.\d+ \(collector\)$", Expand("$pmacct_build"));

    [Theory]
    [InlineData("$proc_name_$writer_pid", "$proc_name_")]
    [InlineData("$pid", "$pid")]
    [InlineData("a$", "$")]
    public void UnknownVariable_SaysWhichThereAre(string template, string named)
    {
        Assert.False(WriterId.TryParse(template, out _, out string? error));
        Assert.Contains($"'{named}'", error, StringComparison.Ordinal);
        Assert.Contains("$proc_name, $writer_pid and $pmacct_build", error, StringComparison.Ordinal);
    }

    [Fact]
    public void LongText_IsCutBetweenCharacters()
    {
        string text = Expand(new string('é', 150));
        Assert.Equal(new string('é', 95), text);
    }

    private static string Expand(string template)
    {
        Assert.True(WriterId.TryParse(template, out WriterId? id, out string? error), error);
        return Encoding.UTF8.GetString(id.Expand("kafka", 42));
    }
}
