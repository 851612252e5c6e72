using Collector.Net;
using Collector.Testing.Builders;

namespace Collector.Tests.Enrichment.Differential;

/// <summary>The table that both sides get: nested prefixes, sets, confederations, empty paths, defaults, both families, communities of all kinds, VPNs.</summary>
internal static class SameTable
{
    public const string FirstPeer = "127.0.0.1", FirstId = "10.255.0.1", SecondPeer = "127.0.0.2", SecondId = "10.255.0.2", AddPathPeer = "127.0.0.4", AddPathId = "10.255.0.4";

    /// <summary>The last route of each peer: who has it has all.</summary>
    public const string LastPrefix = "223.0.0.0/24";

    private const int Sequence = 2, Set = 1, ConfederationSequence = 3, ConfederationSet = 4;

    public static IReadOnlyList<byte[]> First { get; } =
    [
        Of([(Sequence, [65010, 65011])], 100, 0).Announce("10.0.0.0/8").Message(),
        Of([(Sequence, [65010, 65012])], 110, 10, "65010:1 65010:2").Announce("10.1.0.0/16").Message(),
        Of([(Sequence, [65020])], 120, 20, "65535:65281 65020:7 0:0").Announce("10.1.2.0/24").Message(),
        Of([(Sequence, [65020, 65020, 65020, 65021])], 130, 30, large: [65020, 1, 2, 65020, 1, 1]).Announce("10.1.2.128/25").Message(),
        Of([(Sequence, [65010]), (Set, [65030, 65031])], null, null, "65535:65282 65535:65283 65535:666").Announce("20.0.0.0/8").Message(),
        Of([(Set, [65032, 65033]), (Sequence, [65034])], null, 5).Announce("21.0.0.0/8").Message(),
        Of([(ConfederationSequence, [65100, 65101]), (Sequence, [65010, 65013])], 140, 40).Announce("30.0.0.0/8").Message(),
        Of([(ConfederationSequence, [65100])], 150, null).Announce("31.0.0.0/8").Message(),
        Of([(ConfederationSet, [65102, 65103]), (Sequence, [65010])], 0, 0).Announce("32.0.0.0/8").Message(),
        Of([], 160, 60).Announce("40.0.0.0/8", "40.1.0.0/16").Message(),
        Of([], 160, 61, "1:1 64512:64600", large: [64512, 64601, 9]).Announce("41.0.0.0/8").Message(),
        Of([(Sequence, [4_200_000_001, 65551, 23456])], 100, uint.MaxValue).Announce("50.0.0.0/8").Message(),
        Of([(Sequence, [65010, 65014])], 100, 1, extended: [0x0002_FDE9_0000_004D, 0x0003_FDE9_0000_0001, 0x0102_0102_0304_0005, 0x0202_FA56_EA01_0009, 0x0300_0000_0000_0001])
            .Announce("60.0.0.0/8").Message(),
        Of([(Sequence, [65015])], 100, 1, nextHop: "10.0.0.77").Announce("60.1.2.3/32").Message(),
        Mp([(Sequence, [65010, 65040])], 2, 1, "2001:db8:ffff::1", UpdateBuilder.Prefixes("2001:db8::/32")),
        Mp([(Sequence, [65010, 65041])], 2, 1, "2001:db8:ffff::2", UpdateBuilder.Prefixes("2001:db8:1::/48")),
        Mp([], 2, 1, "2001:db8:ffff::3", UpdateBuilder.Prefixes("2001:db8:2::/48", "2001:db8:2:1::5/128")),
        Mp([(Sequence, [65070])], 1, 4, "10.0.0.70", Labeled("70.0.0.0/8", 24001)),
        Mp([(Sequence, [65080, 65081])], 1, 128, "10.0.0.80", Vpn("10.0.0.0/8", 24002), withDistinguisher: true),
        Of([(Sequence, [65099])], 100, 0).Announce(LastPrefix).Message(),
    ];

    public static IReadOnlyList<byte[]> Second { get; } =
    [
        Of([(Sequence, [65200, 65201])], 100, 0, nextHop: FirstPeer).Announce("0.0.0.0/0").Message(),
        Of([(Sequence, [65200, 65202])], 100, 0, "65200:1").Announce("10.1.0.0/16").Message(),
        Of([(Sequence, [65099])], 100, 0).Announce(LastPrefix).Message(),
    ];

    public static IReadOnlyList<byte[]> WithPaths { get; } =
    [
        Of([(Sequence, [65301, 65310])], 100, 0, nextHop: "10.0.0.11").Announce("1@10.0.0.0/8", "1@20.0.0.0/8").Message(),
        Of([(Sequence, [65302, 65310])], 100, 0, nextHop: "10.0.0.12").Announce("2@10.0.0.0/8", "2@20.0.0.0/8").Message(),
        Of([(Sequence, [65303, 65311])], 100, 0, nextHop: "10.0.0.13").Announce("1@10.1.0.0/16").Message(),
        Of([(Sequence, [65099])], 100, 0).Announce("1@" + LastPrefix).Message(),
    ];

    /// <summary>Addresses in and around the prefixes.</summary>
    public static IReadOnlyList<string> IPv4 { get; } =
    [
        "10.200.0.1", "10.1.200.1", "10.1.2.3", "10.1.2.200", "20.1.1.1", "21.1.1.1", "30.1.1.1", "31.1.1.1", "32.1.1.1", "40.2.1.1", "40.1.1.1", "41.1.1.1",
        "50.1.1.1", "60.1.1.1", "60.1.2.3", "70.1.1.1", "99.1.1.1", "223.0.0.9",
    ];

    public static IReadOnlyList<string> IPv6 { get; } = ["2001:db8:77::1", "2001:db8:1::1", "2001:db8:2::9", "2001:db8:2:1::5", "2001:db9::1"];

    private static UpdateBuilder Of(
        (int Type, uint[] Numbers)[] path,
        uint? localPreference,
        uint? med,
        string communities = "",
        uint[]? large = null,
        ulong[]? extended = null,
        string? nextHop = "10.0.0.254")
    {
        UpdateBuilder builder = new UpdateBuilder().Origin(0);
        var segments = new WireWriter();
        foreach ((int type, uint[] numbers) in path)
        {
            segments.U8(type).U8(numbers.Length).U32(numbers);
        }

        builder.Attribute(0x40, 2, segments.ToArray());
        builder = nextHop is null ? builder : builder.NextHop(nextHop);
        builder = med is { } m ? builder.Attribute(0x80, 4, new WireWriter().U32(m).ToArray()) : builder;
        builder = localPreference is { } l ? builder.Attribute(0x40, 5, new WireWriter().U32(l).ToArray()) : builder;
        if (communities.Length > 0)
        {
            var list = new WireWriter();
            foreach (string community in communities.Split(' '))
            {
                string[] halves = community.Split(':');
                list.U16(int.Parse(halves[0])).U16(int.Parse(halves[1]));
            }

            builder.Attribute(0xC0, 8, list.ToArray());
        }

        if (extended is not null)
        {
            var list = new WireWriter();
            foreach (ulong community in extended)
            {
                list.U64(community);
            }

            builder.Attribute(0xC0, 16, list.ToArray());
        }

        return large is null ? builder : builder.Attribute(0xC0, 32, new WireWriter().U32(large).ToArray());
    }

    private static byte[] Mp((int, uint[])[] path, int afi, int safi, string nextHop, byte[] routes, bool withDistinguisher = false)
    {
        byte[] address = new WireWriter().Address(IpAddress.Parse(nextHop)).ToArray();
        return Of(path, 100, 0, nextHop: null).MpReach(afi, safi, withDistinguisher ? [.. new byte[8], .. address] : address, routes).Message();
    }

    private static byte[] Labeled(string prefix, uint label)
    {
        byte[] plain = UpdateBuilder.Prefixes(prefix);
        return [(byte)(plain[0] + 24), .. LabelBytes(label), .. plain[1..]];
    }

    private static byte[] Vpn(string prefix, uint label)
    {
        byte[] plain = UpdateBuilder.Prefixes(prefix);
        return [(byte)(plain[0] + 88), .. LabelBytes(label), 0, 0, 0xFD, 0xE9, 0, 0, 0, 7, .. plain[1..]];
    }

    private static byte[] LabelBytes(uint label) => [(byte)(label >> 12), (byte)(label >> 4), (byte)((label << 4) | 1)];
}
