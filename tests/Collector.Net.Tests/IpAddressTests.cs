using System.Net;
using System.Net.Sockets;
using System.Numerics;
using System.Runtime.CompilerServices;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Collector.Net.Tests;

public class IpAddressTests
{
    [Fact]
    public void Size_IsSixteenBytesInMemory() => Assert.Equal(IpAddress.Size, Unsafe.SizeOf<IpAddress>());

    [Fact]
    public void Default_IsTheUnspecifiedIPv6Address()
    {
        Assert.Equal("::", default(IpAddress).ToString());
        Assert.True(default(IpAddress).IsUnspecified);
        Assert.False(default(IpAddress).IsIPv4);
    }

    [Fact]
    public void ReadAndWrite_KeepTheBytes() => Prop.ForAll(Addresses.Bytes, b =>
    {
        var address = IpAddress.ReadIPv6(b);
        byte[] written = new byte[16];
        address.WriteTo(written);

        Assert.Equal(b, written);
        Assert.Equal(new BigInteger(b, isUnsigned: true, isBigEndian: true), ((BigInteger)address.FirstHostOrder << 64) | address.LastHostOrder);
        Assert.Equal(address, IpAddress.FromHostOrder(address.FirstHostOrder, address.LastHostOrder));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void IPv4_IsTheMappedForm() => Prop.ForAll(Addresses.Bytes, b =>
    {
        byte[] mapped = [.. new byte[10], 0xFF, 0xFF, .. b[12..]];
        var address = IpAddress.ReadIPv4(b.AsSpan(12));

        Assert.Equal(IpAddress.ReadIPv6(mapped), address);
        Assert.True(address.IsIPv4);
        Assert.Equal(address, IpAddress.FromIPv4(address.ToIPv4()));
        Assert.Equal(b[..12].SequenceEqual(mapped[..12]), IpAddress.ReadIPv6(b).IsIPv4);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void FrameworkAddresses_ConvertBothWays() => Prop.ForAll(Addresses.Bytes, b =>
    {
        var framework = new IPAddress(b);
        var address = IpAddress.From(framework);

        Assert.Equal(IpAddress.ReadIPv6(b), address);
        Assert.Equal(framework.IsIPv4MappedToIPv6 ? framework.MapToIPv4() : framework, address.ToIPAddress());
        Assert.Equal(address.ToIPAddress().AddressFamily, address.Family);
        Assert.Equal(IpAddress.ReadIPv4(b.AsSpan(12)), IpAddress.From(new IPAddress(b.AsSpan(12))));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void ScopeId_IsDropped() => Assert.Equal(IpAddress.Parse("fe80::1"), IpAddress.From(IPAddress.Parse("fe80::1%7")));

    [Theory]
    [InlineData("0.0.0.0", true)]
    [InlineData("::", true)]
    [InlineData("::ffff:0:0", true)]
    [InlineData("::1", false)]
    [InlineData("0.0.0.1", false)]
    [InlineData("1::", false)]
    public void IsUnspecified_HoldsForBothFamilies(string text, bool expected) => Assert.Equal(expected, IpAddress.Parse(text).IsUnspecified);

    [Fact]
    public void Order_IsThatOfTheBytes() => Prop.ForAll(Addresses.Bytes, Addresses.Bytes, (a, b) =>
    {
        IpAddress left = IpAddress.ReadIPv6(a), right = IpAddress.ReadIPv6(b);
        int expected = Math.Sign(a.AsSpan().SequenceCompareTo(b));

        Assert.Equal(expected, Math.Sign(left.CompareTo(right)));
        Assert.Equal(
            [expected < 0, expected > 0, expected <= 0, expected >= 0, expected == 0, expected != 0],
            (bool[])[left < right, left > right, left <= right, left >= right, left == right, left != right]);
        Assert.Equal(expected == 0, left.Equals((object)right));
        Assert.True(expected != 0 || (left.Hash() == right.Hash() && left.GetHashCode() == right.GetHashCode()));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Hash_SpreadsNeighboursOverLowAndHighBits()
    {
        // 64 exporters that differ in one byte only, wherever it is: as they are in real networks.
        for (int at = 0; at < 16; at++)
        {
            var low = new HashSet<ulong>();
            var high = new HashSet<ulong>();
            for (int i = 0; i < 64; i++)
            {
                byte[] bytes = new byte[16];
                bytes[0] = 0x20;
                bytes[at] = (byte)i;
                ulong hash = IpAddress.ReadIPv6(bytes).Hash();
                low.Add(hash & 1023);
                high.Add(hash >> 54);
            }

            // Of 64 random values 62 are distinct on average; a hash that ignores the byte gives 1.
            Assert.True(low.Count > 48 && high.Count > 48, $"byte {at}: {low.Count} low, {high.Count} high");
        }
    }

    [Fact]
    public void Mask_KeepsTheFirstBits() => Prop.ForAll(Addresses.Bytes, Gen.Choose(0, 140).ToArbitrary(), (b, length) =>
    {
        var address = IpAddress.ReadIPv6(b);
        int bits = Math.Min(128, address.IsIPv4 ? length + 96 : length);
        byte[] expected = [.. b.Select((v, i) => (byte)(v & (0xFF00 >> Math.Clamp(bits - (8 * i), 0, 8))))];

        Assert.Equal(IpAddress.ReadIPv6(expected), address.Mask(length));
        Assert.True(!address.IsIPv4 || address.Mask(length).IsIPv4);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Theory]
    [InlineData("192.0.2.255", int.MaxValue, "192.0.2.255")]
    [InlineData("2001:db8::ff", int.MaxValue, "2001:db8::ff")]
    [InlineData("192.0.2.255", -1, "0.0.0.0")]
    [InlineData("2001:db8::ff", -1, "::")]
    public void MaskBeyondTheRange_IsTheNearestThatThereIs(string address, int length, string expected) =>
        Assert.Equal(expected, IpAddress.Parse(address).Mask(length).ToString());

    [Fact]
    public void Text_IsReadBack() => Prop.ForAll(Addresses.Bytes, b =>
    {
        var address = IpAddress.ReadIPv6(b);

        Assert.Equal(address, IpAddress.Parse(Addresses.Text(b)));
        Assert.Equal(address, IpAddress.Parse(address.ToString()));
        Assert.Equal(address, IpAddress.Parse(new IPAddress(b).ToString()));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("1")]
    [InlineData("10.1")]
    [InlineData("10.0.1")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.")]
    [InlineData(".1.2.3")]
    [InlineData("1..2.3")]
    [InlineData("1.2.3.4 ")]
    [InlineData(" 1.2.3.4")]
    [InlineData("010.1.1.1")]
    [InlineData("1.2.3.08")]
    [InlineData("0x10.1.1.1")]
    [InlineData("1.2.3.-4")]
    [InlineData("1.2.3.4/32")]
    [InlineData("1.2.3.4:80")]
    [InlineData("1.2.3.4%1")]
    [InlineData("::1%1")]
    [InlineData("fe80::1%eth0")]
    [InlineData("::1/64")]
    [InlineData("[::1]")]
    [InlineData("[::1]:80")]
    [InlineData("::1]")]
    [InlineData("::1]:80")]
    [InlineData(":::")]
    [InlineData("1::2::3")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("12345::")]
    [InlineData("::g")]
    [InlineData("::0x1")]
    [InlineData("::1.2.3")]
    [InlineData("::1.2.3.256")]
    [InlineData("::010.1.1.1")]
    [InlineData("::ffff:0x1.2.3.4")]
    [InlineData("1.2.3.4::")]
    [InlineData("localhost")]
    [InlineData("１.2.3.4")]
    public void TextThatIsNoAddress_IsRefused(string text)
    {
        Assert.False(IpAddress.TryParse(text, out IpAddress address));
        Assert.Equal(default, address);
        Assert.Throws<FormatException>(() => IpAddress.Parse(text));
    }

    [Fact]
    public void AnyText_IsReadAsTheCLibraryReadsIt()
    {
        // Pieces of addresses put together at random are right often enough to matter, and wrong in every way.
        Gen<string> texts = Gen.Elements("0", "1", "9", "00", "010", "255", "256", "a", "ffff", "fffff", ".", ".", ".", ":", ":", "::", "::", "x", "%1", "/8", " ", "ffff:", "1.2.3.4")
            .NonEmptyListOf().Select(parts => string.Concat(parts.Take(9)));
        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            byte[]? expected = Addresses.Read(text);
            bool isAddress = IpAddress.TryParse(text, out IpAddress address);

            Assert.True(isAddress == expected is not null, $"'{text}' is {(isAddress ? "taken" : "refused")}");
            Assert.Equal(expected is null ? default : IpAddress.ReadIPv6(expected), address);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
    }
}
