using System.Text;
using Collector.Sinks.Kafka;
using Xunit;

namespace Collector.Tests.Sinks.Kafka;

public sealed class KafkaWriterIdTests
{
    [Theory]
    [InlineData("$proc_name/$writer_pid", "kk/42")]
    [InlineData("$PROC_NAME-$Writer_Pid", "kk-42")]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("a\"b\\c", "a\\\"b\\\\c")]
    public void Suffix_Variables_AreExpandedAndQuoted(string text, string expected) =>
        Assert.Equal($", \"writer_id\": \"{expected}\"}}", Encoding.UTF8.GetString(KafkaWriterId.Suffix(text, "kk", 42)));

    [Fact]
    public void Suffix_Build_IsOurVersion() =>
        Assert.Matches("^, \"writer_id\": \"[0-9]+\\.[0-9]+.*\"}$", Encoding.UTF8.GetString(KafkaWriterId.Suffix("$pmacct_build", "kk", 42)));

    [Theory]
    [InlineData("$proc_name", null)]
    [InlineData("$proc_name_x", "unknown variable $proc_name_x in '$proc_name_x'; known are $proc_name, $writer_pid, $pmacct_build")]
    [InlineData("a$", "unknown variable $ in 'a$'; known are $proc_name, $writer_pid, $pmacct_build")]
    public void ErrorIn_UnknownVariable_IsNamed(string text, string? expected) => Assert.Equal(expected, KafkaWriterId.ErrorIn(text));
}
