using Collector.Configuration;
using Collector.Maps;
using Collector.Net;
using Xunit;

namespace Collector.Tests.Maps;

public sealed class AddressListTests
{
    private readonly Findings _findings = new("allow");

    [Theory]
    [InlineData("192.0.2.1", true)]
    [InlineData("192.0.2.2", false)]
    [InlineData("10.200.0.1", true)]
    [InlineData("::ffff:10.1.1.1", true)]
    [InlineData("2001:db8:1::5", true)]
    [InlineData("2001:db9::5", false)]
    public void Contains_AddressesAndPrefixes(string address, bool expected) => Assert.Equal(
        expected, AddressList.Read(new StringReader("! routers\n192.0.2.1\n10.0.0.0/8\n# six\n2001:db8::/32\n"), _findings).Contains(IpAddress.Parse(address)));

    [Fact]
    public void EmptyList_LetsNobodyIn() => Assert.False(AddressList.Read(new StringReader("! nobody\n"), _findings).Contains(IpAddress.Parse("192.0.2.1")));

    [Fact]
    public void AllOfIPv6_IsNotIPv4() => Assert.False(AddressList.Read(new StringReader("::/0"), _findings).Contains(IpAddress.Parse("192.0.2.1")));

    [Fact]
    public void WrongEntry_IsToldWithItsLine()
    {
        Assert.Equal(1, AddressList.Read(new StringReader("192.0.2.1\nrouter1\n"), _findings).Count);
        Assert.StartsWith("allow:2: 'router1' is neither an address nor a prefix", Assert.Single(_findings.All).ToString(), StringComparison.Ordinal);
    }
}
