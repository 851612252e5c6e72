using Collector.Bgp.Messages;
using Collector.Testing.Builders;
using Xunit;

namespace Collector.Bgp.Tests.Messages;

/// <summary>AS paths of speakers with two-octet AS numbers (RFC 6793 §4.2.3).</summary>
public class As4PathTests
{
    private const string LongPath = "0206 0001 5BA0 5BA0 0004 5BA0 0006";

    private static readonly SessionParameters Old = ReadUpdate.Internal with { FourOctetAs = false };

    private static ReadUpdate Read(string path, string? as4Path = null, string? aggregator = null)
    {
        var builder = new UpdateBuilder().Origin(0).Attribute(0x40, 2, Hex(path)).NextHop("192.0.2.1");
        _ = as4Path is null ? builder : builder.Attribute(0xC0, 17, Hex(as4Path));
        _ = aggregator is null ? builder : builder.Attribute(0xC0, 7, Hex(aggregator));
        return ReadUpdate.Of(builder.Announce("10.0.0.0/8"), Old);
    }

    private static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));

    [Fact]
    public void TwoOctets_BecomeFour() => Assert.Equal("1 23456 23456 4 23456 6", Read(LongPath).AsPath);

    [Theory]
    [InlineData("0203 00000004 FA56EA00 00000006", "1 23456 23456 4 4200000000 6")]
    [InlineData("0205 FA56EA01 FA56EA02 00000004 FA56EA00 00000006", "1 4200000001 4200000002 4 4200000000 6")]
    [InlineData("0206 00000001 FA56EA01 FA56EA02 00000004 FA56EA00 00000006", "1 4200000001 4200000002 4 4200000000 6")]
    [InlineData("0207 00000001 FA56EA01 FA56EA02 00000004 FA56EA00 00000006 00000007", "1 23456 23456 4 23456 6")]
    [InlineData("0201 00000004 0102 FA56EA00 00000006", "1 23456 23456 4 4 {4200000000,6}")]
    [InlineData("0301 0000FDE8 0201 FA56EA00", "1 23456 23456 4 23456 4200000000")]
    public void As4Path_ReplacesTheEnd(string as4Path, string expected)
    {
        ReadUpdate read = Read(LongPath, as4Path);
        Assert.True(read.Faults.IsEmpty);
        Assert.Equal(expected, read.AsPath);
    }

    [Fact]
    public void MergedSequences_AreAsIfReceivedWithFourOctets()
    {
        ReadUpdate four = ReadUpdate.Of(new UpdateBuilder().Mandatory("192.0.2.1", 1, 4_200_000_000, 6).Announce("10.0.0.0/8"));
        Assert.Equal(four.Attributes.AsPath.ToArray(), Read("0203 0001 5BA0 0006", "0202 FA56EA00 00000006").Attributes.AsPath.ToArray());
    }

    [Fact]
    public void ConfederationSegments_DoNotCount() => Assert.Equal(
        "(64512) 1 4200000000 6", Read("0301 FC00 0203 0001 5BA0 0006", "0202 FA56EA00 00000006").AsPath);

    [Fact]
    public void Aggregator_TellsWhetherAs4PathIsOfBefore()
    {
        Assert.Equal("1 23456", Read("0202 0001 5BA0", "0201 FA56EA00", "0001 C0000201").AsPath);
        Assert.Equal("1 4200000000", Read("0202 0001 5BA0", "0201 FA56EA00", "5BA0 C0000201").AsPath);
    }

    [Fact]
    public void MalformedAs4Path_IsLeftOut()
    {
        ReadUpdate read = Read("0202 0001 5BA0", "0202 FA56EA00");
        Assert.Equal((ErrorHandling.AttributeDiscard, "1 23456"), (read.Handling, read.AsPath));
        Assert.True(read.Faults.Contains(UpdateFault.As4PathMalformed));
    }

    [Fact]
    public void As4Path_OfASpeakerWithFourOctets_IsLeftOut()
    {
        ReadUpdate read = ReadUpdate.Of(new UpdateBuilder().Mandatory("192.0.2.1", 1, 2).Attribute(0xC0, 17, Hex("0201 FA56EA00")).Attribute(0xC0, 18, new byte[8]).Announce("10.0.0.0/8"));
        Assert.Equal((ErrorHandling.AttributeDiscard, "1 2"), (read.Handling, read.AsPath));
        Assert.True(read.Faults.Contains(UpdateFault.As4FromNewSpeaker));
    }
}
