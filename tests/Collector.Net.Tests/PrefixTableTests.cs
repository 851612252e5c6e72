using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Collector.Net.Tests;

public class PrefixTableTests
{
    // Few bits that differ, so that networks nest, adjoin and repeat.
    private static readonly Gen<IpAddress> AnyAddress = Gen.OneOf(
        Gen.Elements<uint>(0, 1, 0x0A00_0000, 0x0A00_0001, 0x0A00_FFFF, 0x0A01_0000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_0000, 0xFFFF_FFFE, 0xFFFF_FFFF)
            .Select(IpAddress.FromIPv4),
        Gen.Elements("::", "::1", "::ffff:0:0", "::ffff:10.0.0.1", "2001:db8::", "2001:db8:0:1::", "2001:db8:0:1:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")
            .Select(IpAddress.Parse));

    private static readonly Gen<IpPrefix> AnyPrefix =
        from address in AnyAddress
        from six in Gen.Elements(false, true)
        from length in Gen.OneOf(Gen.Elements(0, 1, 8, 16, 17, 24, 31, 32), Gen.Choose(0, 32))
        let isIPv4 = address.IsIPv4 && !six
        select IpPrefix.Of(address, (byte)(isIPv4 ? length : length * 4), isIPv4);

    [Fact]
    public void Find_AnyNetworksAndAddress_AnswersAsALinearSearch() => Prop.ForAll(
        AnyPrefix.ListOf().Select(l => l.ToArray()).ToArbitrary(),
        AnyAddress.ToArbitrary(),
        Gen.Choose(0, 128).ToArbitrary(),
        (prefixes, address, maxLength) =>
        {
            PrefixTable table = PrefixTable.Build(prefixes);
            foreach (bool isIPv4 in address.IsIPv4 ? [true, false] : new[] { false })
            {
                Assert.Equal(Model(prefixes, address, isIPv4, 128), table.Find(address, isIPv4));
                Assert.Equal(Model(prefixes, address, isIPv4, maxLength), table.Find(address, isIPv4, maxLength));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Parent_IsTheNextShorterNetworkAround()
    {
        PrefixTable table = PrefixTable.Build([Parse("10.0.0.0/24"), Parse("10.0.0.0/8"), Parse("0.0.0.0/0"), Parse("10.0.0.128/25"), Parse("11.0.0.0/8")]);
        Assert.Equal([1, 2, PrefixTable.None, 0, 2], Enumerable.Range(0, 5).Select(table.Parent));
    }

    [Fact]
    public void Find_EmptyTable_IsNone()
    {
        Assert.Equal(PrefixTable.None, PrefixTable.Empty.Find(IpAddress.Parse("10.0.0.1"), true));
        Assert.Equal(PrefixTable.None, PrefixTable.Empty.Find(IpAddress.Parse("::1"), false));
    }

    [Theory]
    [InlineData("10.1.2.3/8", "10.0.0.0/8")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("2001:db8:1::1/32", "2001:db8::/32")]
    [InlineData("10.1.2.3", null)]
    [InlineData("10.1.2.3/33", null)]
    [InlineData("2001:db8::/129", null)]
    [InlineData("10.1.2.3/ 8", null)]
    [InlineData("10.1/8", null)]
    [InlineData("/8", null)]
    public void TryParse_ReadsNetworksOnly(string text, string? expected) =>
        Assert.Equal(expected, IpPrefix.TryParse(text, out IpPrefix prefix) ? prefix.ToString() : null);

    [Fact]
    public void Contains_TheFamilyMustBeTheSame()
    {
        Assert.True(Parse("10.0.0.0/8").Contains(IpAddress.Parse("10.255.0.1"), true));
        Assert.False(Parse("10.0.0.0/8").Contains(IpAddress.Parse("10.255.0.1"), false));
        Assert.False(Parse("10.0.0.0/8").Contains(IpAddress.Parse("11.0.0.1"), true));
        Assert.True(Parse("::/0").Contains(IpAddress.Parse("::ffff:10.0.0.1"), false));
    }

    private static IpPrefix Parse(string text) => IpPrefix.TryParse(text, out IpPrefix prefix) ? prefix : throw new FormatException(text);

    private static int Model(IpPrefix[] prefixes, IpAddress address, bool isIPv4, int maxLength)
    {
        int found = PrefixTable.None;
        for (int i = 0; i < prefixes.Length; i++)
        {
            if (prefixes[i].Length <= maxLength && prefixes[i].Contains(address, isIPv4) && (found < 0 || prefixes[i].Length >= prefixes[found].Length))
            {
                found = i;
            }
        }

        return found;
    }
}
