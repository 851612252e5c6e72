using System.Net;
using System.Net.Sockets;
using System.Text;
using Collector.Testing;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Collector.Net.Tests;

public class IpAddressTextTests
{
    private static string Write(IpAddress address, bool asIPv4)
    {
        Span<byte> text = stackalloc byte[IpAddressText.MaxLength];
        text.Fill((byte)'x');
        return Encoding.ASCII.GetString(text[..IpAddressText.Write(address, asIPv4, text)]);
    }

    [Fact]
    public void IPv6_IsWrittenAsTheCLibraryWritesIt() => Prop.ForAll(
        Addresses.Bytes,
        b => Assert.Equal(Addresses.Text(b), Write(IpAddress.ReadIPv6(b), false)))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));

    [Fact]
    public void IPv4_IsWrittenAsTheCLibraryWritesIt() => Prop.ForAll(
        Addresses.Bytes,
        b => Assert.Equal(Addresses.Text(b.AsSpan(12)), Write(IpAddress.ReadIPv6(b), true)))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void EveryOctet_IsWrittenInDecimal()
    {
        for (uint i = 0; i < 256; i++)
        {
            Assert.Equal($"{i}.{255 - i}.{i}.0", Write(IpAddress.FromIPv4((i << 24) | ((255 - i) << 16) | (i << 8)), true));
        }
    }

    [Theory]
    [InlineData("::", "::")]
    [InlineData("::1", "::1")]
    [InlineData("::ffff", "::ffff")]
    [InlineData("::1:0", "::0.1.0.0")]
    [InlineData("::1.2.3.4", "::1.2.3.4")]
    [InlineData("::ffff:1.2.3.4", "::ffff:1.2.3.4")]
    [InlineData("::fffe:1.2.3.4", "::fffe:102:304")]
    [InlineData("64:ff9b::1.2.3.4", "64:ff9b::102:304")]
    [InlineData("1::", "1::")]
    [InlineData("1:0:0:2::3", "1:0:0:2::3")]
    [InlineData("1:0:0:2:0:0:3:4", "1::2:0:0:3:4")]
    [InlineData("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7")]
    [InlineData("0:0:1:2:3:4:5:0", "::1:2:3:4:5:0")]
    [InlineData("ABCD:EF01:2345:6789:abcd:ef01:2345:6789", "abcd:ef01:2345:6789:abcd:ef01:2345:6789")]
    public void WellKnownForms_AreWrittenShort(string address, string text) =>
        Assert.Equal(text, Write(IpAddress.ReadIPv6(Addresses.Read(address)), false));

    [Fact]
    public void LongestText_FitsMaxLength()
    {
        string longest = Write(IpAddress.FromHostOrder(ulong.MaxValue, ulong.MaxValue), false);

        Assert.Equal("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", longest);
        Assert.True(longest.Length <= IpAddressText.MaxLength);
    }

    [Fact]
    public void ToString_IsTheTextThatTheFrameworkReads() => Prop.ForAll(Addresses.Bytes, b =>
    {
        var address = IpAddress.ReadIPv6(b);
        IPAddress parsed = IPAddress.Parse(address.ToString());
        Assert.Equal(address.IsIPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6, parsed.AddressFamily);
        Assert.Equal(address, IpAddress.From(parsed));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Writing_AllocatesNothing()
    {
        var address = IpAddress.FromHostOrder(0x2001_0DB8_0000_0000, 0x0000_0001_0000_0001);
        int length = 0;

        long allocated = Allocation.OfSteadyState(() =>
        {
            Span<byte> text = stackalloc byte[IpAddressText.MaxLength];
            for (int i = 0; i < 1000; i++)
            {
                length += IpAddressText.Write(address, i % 2 == 0, text);
            }
        });

        Assert.Equal(0, allocated);
        Assert.NotEqual(0, length);
    }
}
