using System.Text;
using Collector.Bgp.PathAttributes;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Collector.Bgp.Tests.PathAttributes;

public class CommunityTextTests
{
    private static string Text(CommunityKind kind, string hex, bool numeric = false, string? patterns = null, char separator = ' ')
    {
        byte[] received = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        byte[] list = new byte[received.Length];
        Array.Resize(ref list, CommunityList.Canonicalize(kind, received, list));
        CommunityPatterns? chosen = null;
        Assert.True(patterns is null || CommunityPatterns.TryParse(patterns, out chosen));
        byte[] to = new byte[CommunityText.MaxLength(kind, list.Length, chosen)];
        return Encoding.UTF8.GetString(to, 0, CommunityText.Write(kind, list, (byte)separator, numeric, chosen, to));
    }

    [Fact]
    public void Standard_NamesTheWellKnown()
    {
        const string List = "FFFFFF03 FFFFFF02 FFFFFF01 FDE900C8 FDE90064 00000000 FFFF029A FDE90064";
        Assert.Equal("internet 65001:100 65001:200 65535:666 no-export no-advertise local-AS", Text(CommunityKind.Standard, List));
        Assert.Equal("0:0_65001:100_65001:200_65535:666_65535:65281_65535:65282_65535:65283", Text(CommunityKind.Standard, List, numeric: true, separator: '_'));
        Assert.Equal("", Text(CommunityKind.Standard, ""));
    }

    [Fact]
    public void Extended_TellsTargetsAndOrigins()
    {
        // Route target of AS 65001, origin of an address, route target of a four-octet AS; then an opaque and a non-transitive one.
        const string List = "0202FA56EA000009 0002FDE90000004D 0103010203040005 030B000000000001 4004FDE900000001";
        Assert.Equal("RT:65001:77 SoO:1.2.3.4:5 RT:4200000000:9 ? ?", Text(CommunityKind.Extended, List));
        Assert.Equal("0:2:65001:77 1:3:1.2.3.4:5 2:2:4200000000:9 3:11:1 64:4:279177169207297", Text(CommunityKind.Extended, List, numeric: true));
    }

    [Fact]
    public void Large_HasThreeParts() => Assert.Equal(
        "65001:1:2 65001:3:4 4294967295:4294967295:4294967295",
        Text(CommunityKind.Large, "FFFFFFFFFFFFFFFFFFFFFFFF 0000FDE90000000300000004 0000FDE90000000100000002 0000FDE90000000300000004"));

    [Theory]
    [InlineData("65001:", "65001:64 65001:640 65001:64000")]
    [InlineData("65001:64", "65001:64 65001:640 65001:64000")]
    [InlineData("65001:64...", "65001:64000")]
    [InlineData("65001:64.", "65001:640")]
    [InlineData("65002:,65001:64.", "65002:7 65001:640")]
    [InlineData("65001:640,65001:64.", "65001:640 65001:64000 65001:640")]
    [InlineData("export", "no-export")]
    [InlineData("65009:", "")]
    public void Patterns_ChooseInTheirOrder(string patterns, string expected) =>
        Assert.Equal(expected, Text(CommunityKind.Standard, "FDE90040 FDE90280 FDE9FA00 FDEA0007 FFFFFF01", patterns: patterns));

    [Fact]
    public void Patterns_AreAtMostSixteen()
    {
        Assert.False(CommunityPatterns.TryParse(" , ", out _));
        Assert.True(CommunityPatterns.TryParse(string.Join(',', Enumerable.Repeat("1:", 16)), out _));
        Assert.False(CommunityPatterns.TryParse(string.Join(',', Enumerable.Repeat("1:", 17)), out _));
    }

    [Fact]
    public void Canonicalize_SortsAndRemovesDuplicates() => Prop.ForAll<byte[], byte>((bytes, choice) =>
    {
        var kind = (CommunityKind)(choice % 3);
        int size = CommunityList.SizeOf(kind);

        // Few different values, so that duplicates are frequent.
        byte[] list = [.. bytes.Select(b => (byte)(b & 3))];
        byte[] to = new byte[list.Length];
        int length = CommunityList.Canonicalize(kind, list, to);
        string[] expected = [.. list.Chunk(size).Where(c => c.Length == size).Select(Convert.ToHexString).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(expected, to.Take(length).Chunk(size).Select(Convert.ToHexString));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000).WithEndSize(300));
}
