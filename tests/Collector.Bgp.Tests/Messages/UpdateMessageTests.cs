using Collector.Bgp.Messages;
using Collector.Bgp.Rib;
using Collector.Net;
using Collector.Testing;
using Collector.Testing.Builders;
using Xunit;

namespace Collector.Bgp.Tests.Messages;

public class UpdateMessageTests
{
    private const byte AllFamilies = 0x3F;

    private static readonly byte[] HopV6 = Convert.FromHexString("20010DB8000000000000000000000001");
    private static readonly byte[] LinkLocal = Convert.FromHexString("FE800000000000000000000000000001");
    private static readonly byte[] HopV4 = [192, 0, 2, 9];

    [Fact]
    public void IPv4_RoutesAndAttributes_AreRead()
    {
        ReadUpdate read = ReadUpdate.Of(new UpdateBuilder()
            .Withdraw("198.51.100.0/24", "0.0.0.0/0")
            .Mandatory("192.0.2.1", 65001, 4_200_000_000)
            .Attribute(0x80, 4, 0, 0, 0, 50)
            .Attribute(0x40, 5, 0, 0, 0, 200)
            .Attribute(0xC0, 8, Convert.FromHexString("FDE900C8FDE90064"))
            .Attribute(0xC0, 16, Convert.FromHexString("0002FDE90000004D"))
            .Attribute(0xC0, 32, Convert.FromHexString("0000FDE90000000100000002"))
            .Attribute(0x80, 26, Convert.FromHexString("01000B00000000000003E8"))
            .Attribute(0xC0, 35, 0, 0, 0xFD, 0xE9)
            .Announce("10.0.0.0/8", "10.1.128.0/17", "10.1.2.3/32", "0.0.0.0/0"));
        Assert.True(read.Faults.IsEmpty);
        Assert.Equal(["198.51.100.0/24", "0.0.0.0/0"], read.Withdrawn);
        Assert.Equal(["10.0.0.0/8", "10.1.128.0/17", "10.1.2.3/32", "0.0.0.0/0"], read.Announced);
        Assert.Equal("65001 4200000000", read.AsPath);
        Assert.Equal(IpAddress.Parse("192.0.2.1"), read.NextHop);
        ReceivedAttributes a = read.Attributes;
        Assert.Equal((50u, 200u, 1000ul, 65001u), (a.Med, a.LocalPreference, a.Aigp, a.OnlyToCustomer));
        Assert.Equal("FDE90064FDE900C8", Convert.ToHexString(a.StandardCommunities));
        Assert.Equal("0002FDE90000004D", Convert.ToHexString(a.ExtendedCommunities));
        Assert.Equal("0000FDE90000000100000002", Convert.ToHexString(a.LargeCommunities));
        Assert.Equal(
            AttributeFlags.Origin | AttributeFlags.AsPath | AttributeFlags.NextHop | AttributeFlags.Med | AttributeFlags.LocalPreference | AttributeFlags.Aigp | AttributeFlags.OnlyToCustomer,
            a.Present);
    }

    [Fact]
    public void HostBits_AreCleared() => Assert.Equal(["10.0.0.0/9", "10.1.2.0/25"], ReadUpdate.Of(
        new UpdateBuilder().Mandatory().RawAnnounced(9, 10, 0x7F).RawAnnounced(25, 10, 1, 2, 0x7F)).Announced);

    [Fact]
    public void AbsentAttributes_AreTold()
    {
        ReceivedAttributes attributes = ReadUpdate.Of(new UpdateBuilder().Mandatory("192.0.2.1", 1).Announce("10.0.0.0/8")).Attributes;
        Assert.Equal(AttributeFlags.Origin | AttributeFlags.AsPath | AttributeFlags.NextHop, attributes.Present);
    }

    [Fact]
    public void IPv6_HasTheGlobalNextHop()
    {
        ReadUpdate read = ReadUpdate.Of(new UpdateBuilder().Origin(2).AsPath(65001)
            .MpReach(2, 1, [.. HopV6, .. LinkLocal], UpdateBuilder.Prefixes("2001:db8::/32", "::/0", "2001:db8::1/128", "2001:db8:8000::/33"))
            .MpUnreach(2, 1, UpdateBuilder.Prefixes("2001:db8:1::/48")));
        Assert.True(read.Faults.IsEmpty);
        Assert.Equal(["2001:db8::/32", "::/0", "2001:db8::1/128", "2001:db8:8000::/33"], read.Announced);
        Assert.Equal(["2001:db8:1::/48"], read.Withdrawn);
        Assert.Equal(IpAddress.Parse("2001:db8::1"), read.MpNextHop);
    }

    [Fact]
    public void PathIdentifiers_StandBeforeEachRoute()
    {
        ReadUpdate read = ReadUpdate.Of(
            new UpdateBuilder().Withdraw("9@10.2.0.0/16").Mandatory().MpReach(2, 1, HopV6, UpdateBuilder.Prefixes("3@2001:db8::/32")).Announce("1@10.0.0.0/8", "2@10.0.0.0/8"),
            ReadUpdate.Internal with { AddPathFamilies = AllFamilies });
        Assert.Equal(["1@10.0.0.0/8", "2@10.0.0.0/8", "3@2001:db8::/32"], read.Announced);
        Assert.Equal(["9@10.2.0.0/16"], read.Withdrawn);
    }

    [Fact]
    public void LabeledRoutes_KeepTheFirstLabelOfTheStack()
    {
        // Label 24001 with the bottom bit, then 24001 above 16, then label 3 for IPv6.
        byte[] one = [24 + 16, 0x05, 0xDC, 0x11, 10, 1];
        byte[] two = [48 + 8, 0x05, 0xDC, 0x10, 0x00, 0x01, 0x01, 11];
        byte[] six = [24 + 32, 0x00, 0x00, 0x31, 0x20, 0x01, 0x0D, 0xB8];
        Assert.Equal(["10.1.0.0/16 label 24001", "11.0.0.0/8 label 24001"], ReadUpdate.Of(new UpdateBuilder().Origin(0).AsPath().MpReach(1, 4, HopV4, [.. one, .. two])).Announced);
        Assert.Equal(["2001:db8::/32 label 3"], ReadUpdate.Of(new UpdateBuilder().Origin(0).AsPath().MpReach(2, 4, HopV6, six)).Announced);

        // Withdrawn: the value of RFC 8277 and the zeros of others, without the bottom bit.
        Assert.Equal(["10.1.0.0/16", "11.0.0.0/8"], ReadUpdate.Of(new UpdateBuilder().MpUnreach(1, 4, [40, 0x80, 0, 0, 10, 1, 32, 0, 0, 0, 11])).Withdrawn);
    }

    [Fact]
    public void VpnRoutes_HaveTheirDistinguisher()
    {
        byte[] distinguisher = [0, 0, 0xFD, 0xE9, 0, 0, 0, 7];
        byte[] route = [24 + 64 + 24, 0x05, 0xDC, 0x11, .. distinguisher, 10, 99, 1];
        byte[] zero = new byte[8];
        ReadUpdate read = ReadUpdate.Of(new UpdateBuilder().Origin(0).AsPath().MpReach(1, 128, [.. zero, .. HopV4], route));
        Assert.Equal(["fde900000007:10.99.1.0/24 label 24001"], read.Announced);
        Assert.Equal(IpAddress.Parse("192.0.2.9"), read.MpNextHop);
        byte[] six = [24 + 64 + 32, 0x05, 0xDC, 0x11, .. distinguisher, 0x20, 0x01, 0x0D, 0xB8];
        read = ReadUpdate.Of(new UpdateBuilder().Origin(0).AsPath().MpReach(2, 128, [.. zero, .. HopV6, .. zero, .. LinkLocal], six));
        Assert.Equal(["fde900000007:2001:db8::/32 label 24001"], read.Announced);
        Assert.Equal(IpAddress.Parse("2001:db8::1"), read.MpNextHop);
    }

    [Fact]
    public void ExtendedNextHop_IsTakenWhereNegotiated()
    {
        UpdateBuilder update = new UpdateBuilder().Origin(0).AsPath(1).MpReach(1, 1, HopV6, UpdateBuilder.Prefixes("10.0.0.0/8"));
        ReadUpdate read = ReadUpdate.Of(update, ReadUpdate.Internal with { ExtendedNextHopFamilies = 1 });
        Assert.Equal((IpAddress.Parse("2001:db8::1"), "10.0.0.0/8"), (read.MpNextHop, Assert.Single(read.Announced)));
        Assert.True(ReadUpdate.Of(update).Faults.Contains(UpdateFault.MpReachMalformed));
    }

    [Fact]
    public void UnknownFamilies_ArePassedOver()
    {
        ReadUpdate read = ReadUpdate.Of(new UpdateBuilder().Mandatory().MpReach(25, 70, HopV4, [1, 2, 3]).Announce("10.0.0.0/8"));
        Assert.True(read.Faults.IsEmpty && read.HasUnknownFamily);
        Assert.Equal(["10.0.0.0/8"], read.Announced);
    }

    [Theory]
    [InlineData("0000 0000", RouteFamily.IPv4Unicast)]
    [InlineData("0000 0006 80 0F 03 0001 01", RouteFamily.IPv4Unicast)]
    [InlineData("0000 0006 80 0F 03 0002 01", RouteFamily.IPv6Unicast)]
    [InlineData("0000 0007 90 0F 0003 0002 80", RouteFamily.IPv6Vpn)]
    public void EndOfRib_IsTold(string body, RouteFamily expected)
    {
        ReadUpdate read = ReadUpdate.Of(Convert.FromHexString(body.Replace(" ", "", StringComparison.Ordinal)));
        Assert.Equal(expected, read.EndOfRib);
        Assert.True(read.Faults.IsEmpty);
    }

    [Fact]
    public void OrdinaryUpdates_AreNoEndOfRib()
    {
        Assert.Null(ReadUpdate.Of(new UpdateBuilder().MpUnreach(2, 1, UpdateBuilder.Prefixes("2001:db8::/32"))).EndOfRib);
        Assert.Null(ReadUpdate.Of(new UpdateBuilder().Withdraw("10.0.0.0/8").MpUnreach(2, 1, [])).EndOfRib);
        Assert.Null(ReadUpdate.Of(new UpdateBuilder().MpUnreach(25, 70, [])).EndOfRib);
        Assert.Null(ReadUpdate.Of(new UpdateBuilder().Origin(0).MpUnreach(2, 1, [])).EndOfRib);
    }

    [Fact]
    public void Read_DoesNotAllocate()
    {
        byte[] body = new UpdateBuilder().Mandatory("192.0.2.1", 65001, 65002, 65003).Attribute(0xC0, 8, Convert.FromHexString("FDE900C8FDE90064"))
            .MpReach(2, 1, HopV6, UpdateBuilder.Prefixes("2001:db8::/32", "2001:db8:1::/48")).Announce("10.0.0.0/8", "10.1.0.0/16", "10.2.0.0/16").Body();
        var attributes = new ReceivedAttributes();
        long routes = 0;
        Assert.Equal(0, Allocation.OfSteadyState(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                UpdateMessage update = UpdateMessage.Read(body, ReadUpdate.Internal, attributes);
                Nlri route = default;
                for (NlriReader reader = update.Announced.GetReader(); reader.TryRead(ref route);)
                {
                    routes++;
                }
            }
        }));
        Assert.True(routes >= 3000);
    }
}
