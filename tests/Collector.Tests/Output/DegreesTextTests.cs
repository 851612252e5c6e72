using System.Text;
using Collector.Enrichment.GeoIp;
using Collector.Flows;
using Collector.Output;
using Xunit;

namespace Collector.Tests.Output;

/// <summary>Texts that nfacctd 1.7.7 printed for the same doubles, and glibc's printf for those at the edges.</summary>
public class DegreesTextTests
{
    [Theory]
    [InlineData(0, "0.0", "0.000000")]
    [InlineData(48, "48.0", "48.000000")]
    [InlineData(-180, "-180.0", "-180.000000")]
    [InlineData(-73.935, "-73.935000000000002", "-73.935000")]
    [InlineData(37.7697, "37.7697", "37.769700")]
    [InlineData(89.99999999999999, "89.999999999999986", "90.000000")]
    [InlineData(0.00012345, "0.00012344999999999999", "0.000123")]
    [InlineData(-0.0000123, "-1.2300000000000001e-5", "-0.000012")]
    [InlineData(0.0000001, "9.9999999999999995e-8", "0.000000")]
    [InlineData(1e20, "1e20", "100000000000000000000.000000")]
    [InlineData(123456789012345680000.0, "1.2345678901234568e20", "123456789012345683968.000000")]
    [InlineData(1e16, "10000000000000000.0", "10000000000000000.000000")]
    [InlineData(1e17, "1e17", "100000000000000000.000000")]
    [InlineData(1e-100, "1e-100", "0.000000")]
    [InlineData(-0.0, "-0.0", "-0.000000")]
    [InlineData(-1e30, "-1e30", "-1000000000000000019884624838656.000000")]
    public void Both_AsPmacctPrints(double degrees, string json, string csv)
    {
        byte[] to = new byte[64];
        Assert.Equal(json, Encoding.ASCII.GetString(to, 0, DegreesText.WriteJson(degrees, to)));
        Assert.Equal(csv, Encoding.ASCII.GetString(to, 0, DegreesText.WriteFixed(degrees, to)));
    }

    [Fact]
    public void Row_HasThePlaceInBothFormats()
    {
        FlowRecord record = new()
        {
            SourceCountry = GeoPlace.CountryOf("DE"u8),
            SourcePostalCode = PostalCode.Of("x\"y"u8),
            SourceCoordinates = new Coordinates(53.5511, -9.5),
        };
        const string Aggregate = "src_host_country,src_host_pocode,src_host_coords";
        Assert.Equal(
            "{\"event_type\": \"purge\", \"country_ip_src\": \"DE\", \"pocode_ip_src\": \"x\\\"y\", \"lat_ip_src\": 53.551099999999998, \"lon_ip_src\": -9.5, \"packets\": 0, \"bytes\": 0}",
            RowText.Json(Aggregate, record));
        Assert.Equal("DE,\"x\"\"y\",53.551100,-9.500000,0,0", RowText.Csv(Aggregate, record));
    }

    [Fact]
    public void Row_CodeThatIsCutWithinACharacter_LosesItsKey() =>
        Assert.Equal(
            "{\"event_type\": \"purge\", \"country_ip_dst\": \"FR\", \"packets\": 0, \"bytes\": 0}",
            RowText.Json("src_host_country,dst_host_country", new FlowRecord { SourceCountry = GeoPlace.CountryOf("ÅÅ"u8), DestinationCountry = GeoPlace.CountryOf("FR"u8) }));
}
