using System.Net;
using Collector.Configuration;
using Xunit;

namespace Collector.Tests.Configuration;

public class ListenAddressTests
{
    [Theory]
    [InlineData("192.0.2.1:2055", "192.0.2.1", 2055)]
    [InlineData("0.0.0.0:6343", "0.0.0.0", 6343)]
    [InlineData("[2001:db8::1]:4739", "2001:db8::1", 4739)]
    public void TryParse_AddressAndPort_AreRead(string text, string address, int port)
    {
        Assert.True(ListenAddress.TryParse(text, out IPEndPoint endPoint));
        Assert.Equal(new IPEndPoint(IPAddress.Parse(address), port), endPoint);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2055")]
    [InlineData(":2055")]
    [InlineData("192.0.2.1")]
    [InlineData("192.0.2.1:0")]
    [InlineData("192.0.2.1:65536")]
    [InlineData("192.0.2.1:x")]
    [InlineData("192.0.2:2055")]
    [InlineData("[192.0.2.1]:2055")]
    [InlineData("2001:db8::1:2055")]
    [InlineData("router.example:2055")]
    public void TryParse_AnythingElse_IsRefused(string text) => Assert.False(ListenAddress.TryParse(text, out _));

    [Fact]
    public void TryParse_AllAddresses_IsWhatTheKernelHas()
    {
        Assert.True(ListenAddress.TryParse("[::]:2055", out IPEndPoint endPoint));
        Assert.Equal(ListenAddress.Any(2055), endPoint);
    }

    [Fact]
    public void Defaults_AreThePortsOfTheThreeProtocols() => Assert.Equal([2055, 4739, 6343], ListenAddress.Defaults.Select(e => e.Port));
}
