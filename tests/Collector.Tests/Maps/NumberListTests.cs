using Collector.Configuration;
using Collector.Maps;
using Xunit;

namespace Collector.Tests.Maps;

public sealed class NumberListTests
{
    private readonly Findings _findings = new("list");

    [Fact]
    public void Ports_ProtocolsAndTos_AreReadOneALine()
    {
        Assert.True(NumberList.ReadPorts(new StringReader("! web\n80\n443\n"), _findings).Contains(443));
        Assert.False(NumberList.ReadPorts(new StringReader("80\n"), _findings).Contains(81));
        Assert.True(NumberList.ReadProtocols(new StringReader("tcp\n17\n"), _findings).Contains(6));
        Assert.True(NumberList.ReadTos(new StringReader("184\n"), _findings).Contains(184));
        Assert.Empty(_findings.All);
    }

    [Theory]
    [InlineData("65536")]
    [InlineData("http-alt?")]
    [InlineData("-1")]
    public void WrongPort_IsTold(string port)
    {
        NumberList.ReadPorts(new StringReader($"80\n{port}\n"), _findings);
        Assert.StartsWith($"list:2: '{port}' does not fit; write a port", Assert.Single(_findings.All).ToString(), StringComparison.Ordinal);
    }
}
