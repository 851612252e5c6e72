using System.Buffers.Binary;
using Collector.Bgp.PathAttributes;
using Collector.Bgp.Rib;
using Collector.Net;
using Xunit;

namespace Collector.Bgp.Tests.Rib;

/// <summary>A million different paths come and go: a reader that keeps texts by value handle and serial never takes one path for another.</summary>
public sealed class HandleReuseTests : IDisposable
{
    private const uint Paths = 1_000_000;
    private const uint Prefixes = 512;

    private readonly RouteTable _table = new(new RouteTableOptions(), TimeProvider.System);
    private readonly AdjRibIn _peer;
    private volatile bool _done;
    private string? _wrong;
    private long _lookups, _cached, _reused;

    public HandleReuseTests() => _peer = _table.AddPeer(new PeerDescription { Address = IpAddress.FromIPv4(1) })!;

    public void Dispose() => _table.Dispose();

    [Fact]
    public void AMillionPaths_WithdrawnAndAnnounced_NoWrongPath()
    {
        var reader = new Thread(Read);
        reader.Start();
        var received = new ReceivedAttributes { Present = AttributeFlags.AsPath };
        for (uint i = 0; i < Paths; i++)
        {
            Announce(received, i);
        }

        _done = true;
        reader.Join();

        Assert.Null(_wrong);
        Assert.True(_lookups > 1000 && _cached > 0 && _reused > 0, $"{_lookups} lookups, {_cached} from the cache, {_reused} handles reused");
        _table.Reclaim();
        Assert.Equal(Prefixes, _table.Attributes.Count);

        // Handles are used again: a million paths lie where a few thousand have room.
        Assert.InRange(_table.Pool.BytesInUse, 1, 16 << 20);
    }

    // Path i is "i, its complement, i" for the prefix i % Prefixes, of which that of before is withdrawn.
    private void Announce(ReceivedAttributes received, uint i)
    {
        Span<byte> path = received.SetAsPath(14);
        (path[0], path[1]) = (2, 3);
        BinaryPrimitives.WriteUInt32BigEndian(path[2..], i);
        BinaryPrimitives.WriteUInt32BigEndian(path[6..], ~i);
        BinaryPrimitives.WriteUInt32BigEndian(path[10..], i);
        var nlri = new Nlri { Prefix = PrefixOf(i), Length = 24 };
        lock (_table.WriterLock)
        {
            if (i % 3 == 0 && _peer.Withdraw(nlri, out uint removed))
            {
                _table.Attributes.Release(removed);
            }

            uint attributes = _table.Attributes.Intern(received);
            _peer.Announce(nlri, attributes);
            _table.Attributes.Release(attributes);
        }
    }

    private static IpAddress PrefixOf(uint i) => IpAddress.FromIPv4(0x0A00_0000 | ((i % Prefixes) << 8));

    private void Read()
    {
        var texts = new Dictionary<uint, (ulong Serial, string Text)>();
        using RouteReader reader = _table.CreateReader();
        for (uint i = 0; !_done && _wrong is null; i++)
        {
            if (i % 64 == 0)
            {
                reader.Quiesce();
            }

            if (!reader.TryFind(_peer.Index, RouteFamily.IPv4Unicast, 0, PrefixOf(i * 7), out Route route))
            {
                continue;
            }

            RouteAttributes attributes = reader.Attributes(route);
            ulong serial = reader.Serial(attributes.AsPath);
            string now = string.Join(' ', Numbers(reader.Value(attributes.AsPath)));
            string expected = $"{attributes.OriginAs} {~attributes.OriginAs} {attributes.OriginAs}";
            bool known = texts.TryGetValue(attributes.AsPath, out (ulong Serial, string Text) cached);
            if (now != expected || attributes.OriginAs % Prefixes != i * 7 % Prefixes || (known && cached.Serial == serial && cached.Text != now))
            {
                _wrong = $"prefix {i * 7 % Prefixes}: path {now}, origin {attributes.OriginAs}, cached {cached}, serial {serial}";
            }

            _lookups++;
            _cached += known && cached.Serial == serial ? 1 : 0;
            _reused += known && cached.Serial != serial ? 1 : 0;
            texts[attributes.AsPath] = (serial, now);
        }
    }

    private static uint[] Numbers(ReadOnlySpan<byte> path)
    {
        AsPath.TryReadSegment(ref path, out _, out ReadOnlySpan<byte> numbers);
        return [BinaryPrimitives.ReadUInt32BigEndian(numbers), BinaryPrimitives.ReadUInt32BigEndian(numbers[4..]), BinaryPrimitives.ReadUInt32BigEndian(numbers[8..])];
    }
}
