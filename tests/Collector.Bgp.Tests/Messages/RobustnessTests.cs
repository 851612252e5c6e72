using Collector.Bgp.Messages;
using Collector.Bgp.PathAttributes;
using Collector.Bgp.Rib;
using Collector.Testing.Builders;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Collector.Bgp.Tests.Messages;

/// <summary>Any bytes at all: never an exception, never a route that is none.</summary>
public class RobustnessTests
{
    private static readonly byte[][] Valid =
    [
        new UpdateBuilder().Withdraw("198.51.100.0/24").Mandatory("192.0.2.1", 65001, 4_200_000_000).Attribute(0xC0, 8, Convert.FromHexString("FDE900C8FDE90064"))
            .Attribute(0xC0, 16, Convert.FromHexString("0002FDE90000004D")).Attribute(0xC0, 32, new byte[12]).Announce("10.0.0.0/8", "10.1.0.0/17").Body(),
        new UpdateBuilder().Origin(0).AsPath(1).MpReach(2, 1, new byte[32], UpdateBuilder.Prefixes("2001:db8::/32", "::/0")).MpUnreach(2, 1, UpdateBuilder.Prefixes("2001:db8::/48")).Body(),
        new UpdateBuilder().Origin(0).AsPath(1).MpReach(1, 128, new byte[12], [112, 5, 0xDC, 0x11, 0, 0, 0xFD, 0xE9, 0, 0, 0, 7, 10, 99, 1]).Body(),
        new UpdateBuilder().Origin(0).AsPath(1).MpReach(1, 4, new byte[4], [48, 5, 0xDC, 0x10, 0, 1, 1]).MpUnreach(1, 4, [40, 0x80, 0, 0, 10, 1]).Body(),
        new UpdateBuilder().Origin(0).Attribute(0x40, 2, 2, 2, 0, 1, 0x5B, 0xA0).Attribute(0xC0, 17, 2, 1, 0, 1, 0, 0).NextHop("192.0.2.1").Announce("10.0.0.0/8").Body(),
    ];

    private static readonly SessionParameters[] Sessions =
    [
        ReadUpdate.Internal,
        ReadUpdate.Internal with { FourOctetAs = false, IsExternal = true },
        ReadUpdate.Internal with { AddPathFamilies = 0x3F, ExtendedNextHopFamilies = 0x07 },
    ];

    private static void Check(ReadOnlySpan<byte> body)
    {
        foreach (SessionParameters session in Sessions)
        {
            var attributes = new ReceivedAttributes();
            UpdateMessage update = UpdateMessage.Read(body, session, attributes);
            if (update.Faults.Handling == ErrorHandling.SessionReset)
            {
                continue;
            }

            CheckRoutes(update.Withdrawn);
            CheckRoutes(update.Announced);
            CheckRoutes(update.MpWithdrawn);
            CheckRoutes(update.MpAnnounced);

            // What is kept is canonical: a path of whole segments, lists in order.
            Assert.True(AsPathReader.IsWellFormed(attributes.AsPath, fourOctets: true));
            CheckOrder(CommunityKind.Standard, attributes.StandardCommunities);
            CheckOrder(CommunityKind.Extended, attributes.ExtendedCommunities);
            CheckOrder(CommunityKind.Large, attributes.LargeCommunities);
            byte[] text = new byte[AsPathText.MaxLength(attributes.AsPath.Length)];
            AsPathText.Write(attributes.AsPath, (byte)' ', 0, text);
        }
    }

    private static void CheckRoutes(NlriField field)
    {
        Nlri route = default;
        NlriReader reader = field.GetReader();
        while (reader.TryRead(ref route))
        {
            Assert.InRange(route.Length, 0, route.Family.MaxLength());
            Assert.True(route.Label < 1 << 20);
            if (route.Family.IsIPv4())
            {
                Assert.True(route.Prefix.IsIPv4);
                Assert.Equal(route.Prefix.Mask(route.Length), route.Prefix);
            }
        }

        Assert.False(reader.IsMalformed, "a field that was found right has routes that are none");
    }

    private static void CheckOrder(CommunityKind kind, ReadOnlySpan<byte> list)
    {
        int size = CommunityList.SizeOf(kind);
        Assert.Equal(0, list.Length % size);
        for (int i = size; i < list.Length; i += size)
        {
            Assert.True(list.Slice(i - size, size).SequenceCompareTo(list.Slice(i, size)) < 0);
        }
    }

    [Fact]
    public void AnyBytes_AsUpdate() => Prop.ForAll<byte[]>(bytes => Check(bytes)).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000).WithEndSize(400));

    [Fact]
    public void AnyBytes_AsAttributes() => Prop.ForAll<byte[]>(bytes => Check(new UpdateBuilder().Mandatory("192.0.2.1", 1).RawAttributes(bytes).Announce("10.0.0.0/8").Body()))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000).WithEndSize(200));

    [Fact]
    public void AnyBytes_AsOtherMessages() => Prop.ForAll<byte[]>(bytes =>
    {
        OpenMessage.Read(bytes, out _);
        NotificationMessage.Read(bytes).ToString();
        RouteRefreshMessage.TryRead(bytes, out _);
        MessageHeader.Read(bytes, extended: true, out _, out _);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000).WithEndSize(100));

    [Fact]
    public void EveryBitOfValidUpdates_Flipped()
    {
        foreach (byte[] valid in Valid)
        {
            Check(valid);
            for (int bit = 0; bit < valid.Length * 8; bit++)
            {
                byte[] flipped = [.. valid];
                flipped[bit / 8] ^= (byte)(1 << (bit % 8));
                Check(flipped);
            }
        }
    }

    [Fact]
    public void EveryByteOfValidUpdates_Replaced()
    {
        foreach (byte[] valid in Valid)
        {
            for (int i = 0; i < valid.Length; i++)
            {
                for (int value = 0; value < 256; value++)
                {
                    byte[] replaced = [.. valid];
                    replaced[i] = (byte)value;
                    Check(replaced);
                }

                Check(valid.AsSpan(0, i));
            }
        }
    }

    [Fact]
    public void BuiltUpdates_AreReadBack() => Prop.ForAll<uint[], uint[], byte>((prefixes, path, split) =>
    {
        string[] routes = [.. prefixes.Select(p => $"{new System.Net.IPAddress([(byte)(p >> 24), (byte)(p >> 16), (byte)(p >> 8), (byte)p])}/32").Distinct()];
        uint[] numbers = [.. path.Take(255).Select(a => a == 0 ? 1 : a)];
        int middle = routes.Length * split / 256;
        ReadUpdate read = ReadUpdate.Of(new UpdateBuilder().Withdraw(routes[..middle]).Mandatory("192.0.2.1", numbers).Announce(routes[middle..]));
        Assert.True(read.Faults.IsEmpty);
        Assert.Equal(routes[..middle], read.Withdrawn);
        Assert.Equal(routes[middle..], read.Announced);
        Assert.Equal(string.Join(' ', numbers), read.AsPath);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
}
