using System.Text;
using Collector.Bgp.PathAttributes;
using Collector.Testing;
using Collector.Testing.Builders;
using Xunit;

namespace Collector.Bgp.Tests.PathAttributes;

public class AsPathTests
{
    private static byte[] Path(params (AsPathSegmentType Type, uint[] Numbers)[] segments)
    {
        var writer = new WireWriter();
        foreach ((AsPathSegmentType type, uint[] numbers) in segments)
        {
            writer.U8((int)type).U8(numbers.Length).U32(numbers);
        }

        return writer.ToArray();
    }

    private static string Text(byte[] path, char separator = ' ', int radius = 0)
    {
        byte[] to = new byte[AsPathText.MaxLength(path.Length)];
        return Encoding.UTF8.GetString(to, 0, AsPathText.Write(path, (byte)separator, radius, to));
    }

    private static readonly byte[] Mixed = Path(
        (AsPathSegmentType.ConfederationSequence, [64512, 64513]),
        (AsPathSegmentType.ConfederationSet, [64514, 64515]),
        (AsPathSegmentType.Sequence, [65001, 65010, 65010, 4_200_000_000]),
        (AsPathSegmentType.Set, [65020, 65021]));

    [Fact]
    public void EverySegment_HasItsBrackets()
    {
        Assert.Equal("(64512 64513) [64514,64515] 65001 65010 65010 4200000000 {65020,65021}", Text(Mixed));
        Assert.Equal("(64512_64513)_[64514,64515]_65001_65010_65010_4200000000_{65020,65021}", Text(Mixed, '_'));
        Assert.Equal("", Text([]));
    }

    [Theory]
    [InlineData(1, "65001")]
    [InlineData(2, "65001 65010")]
    [InlineData(3, "65001 65010 65010")]
    [InlineData(4, "65001 65010 65010 {1,2}")]
    [InlineData(5, "65001 65010 65010 {1,2} 7")]
    [InlineData(9, "65001 65010 65010 {1,2} 7")]
    public void Radius_CountsPrependsAndTakesASetAsOneHop(int radius, string expected) => Assert.Equal(expected, Text(
        Path((AsPathSegmentType.Sequence, [65001, 65010, 65010]), (AsPathSegmentType.Set, [1, 2]), (AsPathSegmentType.Sequence, [7])), ' ', radius));

    [Fact]
    public void MaxLength_HoldsTheLongestText()
    {
        byte[] longest = Path((AsPathSegmentType.Set, [uint.MaxValue]), (AsPathSegmentType.Set, [uint.MaxValue]), (AsPathSegmentType.Sequence, [.. Enumerable.Repeat(uint.MaxValue, 255)]));
        Assert.EndsWith(" 4294967295", Text(longest), StringComparison.Ordinal);
    }

    [Fact]
    public void OriginAndPeer_AreTheEndsOfThePath()
    {
        Assert.Equal(65021u, AsPath.OriginAs(Mixed));
        Assert.Equal(64512u, AsPath.PeerAs(Mixed));
        Assert.Equal(65001u, AsPath.PeerAsOutsideConfederation(Mixed));
        byte[] inside = Path((AsPathSegmentType.ConfederationSequence, [64512, 64513]));
        Assert.Equal(64512u, AsPath.PeerAsOutsideConfederation(inside));
        byte[] set = [1, 2, 0, 0, 0xFD, 0xE8, 0, 0, 0xFD, 0xE9, 2, 1, 0, 0, 0xFD, 0xEA];
        Assert.Equal((65002u, 0u, 0u), (AsPath.OriginAs(set), AsPath.PeerAs(set), AsPath.PeerAsOutsideConfederation(set)));
        Assert.Equal((0u, 0u, 0u), (AsPath.OriginAs([]), AsPath.PeerAs([]), AsPath.PeerAsOutsideConfederation([])));
    }

    [Fact]
    public void Write_DoesNotAllocate()
    {
        byte[] to = new byte[AsPathText.MaxLength(Mixed.Length)];
        Assert.Equal(0, Allocation.OfSteadyState(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                AsPathText.Write(Mixed, (byte)' ', 0, to);
            }
        }));
    }
}
