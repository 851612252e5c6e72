using Collector.Configuration;
using Collector.Enrichment.GeoIp;
using Collector.Net;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Enrichment.GeoIp;

public sealed class GeoDatabaseTests
{
    [Theory]
    [InlineData("10.1.1.1", "DE,20095,53.5511,9.9937")]
    [InlineData("10.1.255.255", "DE,20095,53.5511,9.9937")]
    [InlineData("10.2.0.0", "nothing")]
    [InlineData("10.0.255.255", "nothing")]
    [InlineData("10.1.3.7", "ABC,1234567890A,-0.1,1E-07")]
    [InlineData("192.0.2.1", "FR,,48,-73.935")]
    [InlineData("192.0.2.80", "nothing")]
    [InlineData("192.0.2.25", ",,0,7.25")]
    [InlineData("198.51.100.127", "US,94107,37.7697,-122.3933")]
    [InlineData("2001:db8:1::", "NL,1012 AB,52.3702,4.8952")]
    [InlineData("2001:db8:1:5::1", "BE,,0,0")]
    [InlineData("2001:db8:f::50", ",,-33.5,-70.25")]
    [InlineData("2001:db8:f::51", "JP,100-0001,35.685,139.7514")]
    [InlineData("2001:db8:2::", "nothing")]
    [InlineData("::", "nothing")]
    [InlineData("ffff::", "nothing")]
    public void Find_IsTheSameForEverySizeOfRecords(string address, string expected) =>
        Assert.All(["city-24", "city-28", "city-32"], name => Assert.Equal(expected, GeoDatabases.Ask(GeoDatabases.Read(name), address)));

    [Fact]
    public void Find_MappedAddressOfAnIPv6Flow_TakesTheAliasOfTheDatabase() =>
        Assert.Equal("DE,20095,53.5511,9.9937", GeoDatabases.Ask(GeoDatabases.Read("city-28"), "::ffff:10.1.1.1", isIPv4: false));

    [Theory]
    [InlineData("10.9.9.9", "AU,,0,0")]
    [InlineData("192.0.2.63", "NZ,,0,0")]
    [InlineData("192.0.2.64", "nothing")]
    [InlineData("2001:db8:1::", "nothing")]
    [InlineData("a00::", "nothing")]
    public void Find_DatabaseOfIPv4Only_KnowsNoIPv6(string address, string expected) =>
        Assert.Equal(expected, GeoDatabases.Ask(GeoDatabases.Read("country-ipv4"), address));

    [Theory]
    [InlineData("10.1.1.1")]
    [InlineData("192.0.2.1")]
    public void Find_ValuesOfOtherTypes_SayNothing(string address) => Assert.Equal("nothing", GeoDatabases.Ask(GeoDatabases.Read("other-kinds"), address));

    [Fact]
    public void Find_MembersThatAreMissing_LeaveTheOthers() => Assert.Equal(",K1A 0B1,1,0", GeoDatabases.Ask(GeoDatabases.Read("incomplete"), "192.0.2.53"));

    [Fact]
    public void Description_IsTypeAndDate() => Assert.Equal("Test-city-28 of 2025-11-24", GeoDatabases.Read("city-28").Description);

    [Fact]
    public void Find_AllocatesNothing()
    {
        GeoDatabase database = GeoDatabases.Read("city-28");
        IpAddress ipv4 = IpAddress.Parse("10.1.1.1"), ipv6 = IpAddress.Parse("2001:db8:1::1");
        uint found = 0;
        Assert.Equal(0, Allocation.OfSteadyState(() =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                found += database.Find(ipv4, true).Country + database.Find(ipv6, false).Country;
            }
        }));
        Assert.NotEqual(0u, found);
    }
}
