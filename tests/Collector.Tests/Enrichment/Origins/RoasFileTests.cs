using System.Text;
using Collector.Configuration;
using Collector.Enrichment.Origins;
using Collector.Net;
using Xunit;

namespace Collector.Tests.Enrichment.Origins;

public class RoasFileTests
{
    private const string Routinator = """
        {"metadata": {"generated": 1764190000, "generatedTime": "2025-11-26T20:46:40Z"},
         "roas": [{"asn": "AS64496", "prefix": "192.0.2.0/24", "maxLength": 25, "ta": "ripe"},
                  {"asn": "AS64497", "prefix": "2001:db8::/32", "maxLength": 48, "ta": "ripe"}]}
        """;

    private const string RpkiClient = """
        {"metadata": {"buildmachine": "x", "roas": 2},
         "roas": [{"asn": 64496, "prefix": "192.0.2.0/24", "maxLength": 25, "ta": "ripe", "expires": 1764300000},
                  {"asn": 64497, "prefix": "2001:db8::/32", "maxLength": 48, "ta": "ripe", "expires": 1764300000}],
         "bgpsec_keys": []}
        """;

    [Theory]
    [InlineData(Routinator)]
    [InlineData(RpkiClient)]
    public void Read_BothPrograms_TheSameTable(string json)
    {
        Findings findings = new("roas.json");
        RoaTable table = RoasFile.Read(Encoding.UTF8.GetBytes(json), findings)!;
        Assert.Empty(findings.All);
        Assert.Equal(2, table.Count);
        Assert.Equal(RoaStatus.Valid, table.Validate(IpAddress.Parse("192.0.2.0"), 25, true, 64496));
        Assert.Equal(RoaStatus.Valid, table.Validate(IpAddress.Parse("2001:db8::"), 32, false, 64497));
    }

    [Theory]
    [InlineData("{", "roas.json:1: this is not JSON")]
    [InlineData("[]", "roas.json: there is no list \"roas\"")]
    [InlineData("{\"roas\": 1}", "roas.json: there is no list \"roas\"")]
    [InlineData("{\"roas\": [{\"asn\": \"AS1\"}]}", "roas.json: no entry of roas can be used")]
    public void Read_WhatCannotBeUsed_IsAnError(string json, string expected)
    {
        Findings findings = new("roas.json");
        Assert.Null(RoasFile.Read(Encoding.UTF8.GetBytes(json), findings));
        Assert.Contains(findings.All, f => f.Severity == FindingSeverity.Error && f.ToString().StartsWith(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{\"asn\": \"ASx\", \"prefix\": \"10.0.0.0/8\"}")]
    [InlineData("{\"asn\": -1, \"prefix\": \"10.0.0.0/8\"}")]
    [InlineData("{\"asn\": 1, \"prefix\": \"10.0.0.0\"}")]
    [InlineData("{\"asn\": 1, \"prefix\": \"10.0.0.0/8\", \"maxLength\": 7}")]
    [InlineData("{\"asn\": 1, \"prefix\": \"10.0.0.0/8\", \"maxLength\": 33}")]
    [InlineData("{\"asn\": 1, \"prefix\": 5}")]
    [InlineData("7")]
    public void Read_EntryThatIsWrong_IsLeftOutAndNamed(string entry)
    {
        Findings findings = new("roas.json");
        RoaTable table = RoasFile.Read(Encoding.UTF8.GetBytes($"{{\"roas\": [{{\"asn\": 1, \"prefix\": \"11.0.0.0/8\"}}, {entry}]}}"), findings)!;
        Assert.Equal(1, table.Count);
        Assert.Equal($"roas.json: warning: entry 2 of roas is left out: {entry}", Assert.Single(findings.All).ToString());
    }

    [Fact]
    public void Read_AbsentFile_IsAnError()
    {
        Findings findings = new("/nowhere/roas.json");
        Assert.Null(RoasFile.Read("/nowhere/roas.json", findings));
        Assert.True(findings.HasErrors);
    }

    // RFC 6811 §2.1 and the examples of its §2.
    [Theory]
    [InlineData("10.0.0.0/16", 64501u, RoaStatus.Valid)]
    [InlineData("10.0.0.0/20", 64501u, RoaStatus.Valid)]
    [InlineData("10.0.0.0/21", 64501u, RoaStatus.Invalid)]
    [InlineData("10.0.0.0/16", 64502u, RoaStatus.Invalid)]
    [InlineData("10.0.128.0/24", 64502u, RoaStatus.Valid)]
    [InlineData("10.0.0.0/8", 64501u, RoaStatus.Unknown)]
    [InlineData("11.0.0.0/16", 64501u, RoaStatus.Unknown)]
    [InlineData("12.0.0.0/24", 0u, RoaStatus.Invalid)]
    [InlineData("12.0.0.0/24", 64501u, RoaStatus.Invalid)]
    public void Validate_ByRfc6811(string prefix, uint origin, RoaStatus expected)
    {
        RoaTable table = new(
        [
            Of("10.0.0.0/16", 20, 64501), Of("10.0.0.0/16", 16, 64501), Of("10.0.128.0/17", 24, 64502), Of("12.0.0.0/8", 24, 0),
        ]);
        IpPrefix.TryParse(prefix, out IpPrefix route);
        Assert.Equal(expected, table.Validate(route.Address, route.Length, true, origin));
    }

    private static Roa Of(string prefix, byte maxLength, uint asNumber)
    {
        IpPrefix.TryParse(prefix, out IpPrefix network);
        return new Roa(network, maxLength, asNumber);
    }
}
