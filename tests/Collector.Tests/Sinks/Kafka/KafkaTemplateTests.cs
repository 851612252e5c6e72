using System.Text;
using Collector.Aggregation;
using Collector.Flows;
using Collector.Net;
using Collector.Sinks.Kafka;
using Collector.Tests.Output;
using Xunit;

namespace Collector.Tests.Sinks.Kafka;

public sealed class KafkaTemplateTests
{
    [Theory]
    [InlineData("flows", "flows")]
    [InlineData("flows.$peer_src_ip", "flows.192_0_2_1")]
    [InlineData("a_$peer_src_ip_b", null)]
    [InlineData("$tag-$tag2-$post_tag", "7-0-7")]
    [InlineData("$peer_src_ip_", "192_0_2_1_")]
    [InlineData("$src_host:$src_port/$proto", null)]
    public void Topic_PmacctVariables_Expand(string text, string? expected)
    {
        if (expected is null)
        {
            Assert.Contains("unknown variable", KafkaTemplate.ErrorIn(text, KafkaTemplate.TopicVariables));
        }
        else
        {
            Assert.Equal(expected, Expand(text, KafkaTemplate.TopicVariables, NumberedRows.Layout, NumberedRows.Of(1)));
        }
    }

    [Theory]
    [InlineData("$src_host:$src_port/$proto", "10_0_0_3:3/17")]
    [InlineData("$dst_host,$dst_port,$in_iface", "null,0,0")]
    [InlineData("ключ-$src_port", "ключ-3")]
    public void Key_PmacctVariables_Expand(string text, string expected) =>
        Assert.Equal(expected, Expand(text, KafkaTemplate.KeyVariables, NumberedRows.Layout, NumberedRows.Of(1, first: 3)));

    [Fact]
    public void Write_IPv6Address_ColonsBecomeUnderscores()
    {
        KeyLayout layout = new([FlowField.SourceAddress]);
        byte[] key = new byte[layout.Width];
        IpAddress.Parse("2001:db8::5").WriteTo(key);
        AggregateEntry entry = default;
        byte[] text = new byte[64];

        int length = new KafkaTemplate("$src_host", KafkaTemplate.KeyVariables, layout).Write(new AggregateRow(ref entry, key, new ValueTable().Snapshot), text);

        Assert.Equal("2001_db8__5", Encoding.UTF8.GetString(text, 0, length));
    }

    [Fact]
    public void Constructor_NoVariables_IsConstant()
    {
        Assert.True(new KafkaTemplate("flows", KafkaTemplate.TopicVariables, NumberedRows.Layout).IsConstant);
        Assert.False(new KafkaTemplate("$tag", KafkaTemplate.TopicVariables, NumberedRows.Layout).IsConstant);
    }

    [Theory]
    [InlineData("$")]
    [InlineData("$$tag")]
    [InlineData("$src_host")]
    [InlineData("x$y")]
    public void ErrorIn_UnknownVariable_NamesTheKnownOnes(string text) =>
        Assert.EndsWith("known are $peer_src_ip, $tag, $tag2, $post_tag, $post_tag2", KafkaTemplate.ErrorIn(text, KafkaTemplate.TopicVariables));

    private static string Expand(string text, IReadOnlyList<string> variables, KeyLayout layout, TestPurge purge)
    {
        KafkaTemplate template = new(text, variables, layout);
        byte[] bytes = new byte[template.MaxBytes];
        return Encoding.UTF8.GetString(bytes, 0, template.Write(purge[0], bytes));
    }
}
