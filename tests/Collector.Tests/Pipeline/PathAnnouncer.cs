using System.Buffers.Binary;
using Collector.Bgp.Rib;
using Collector.Net;
using Collector.Tests.Enrichment;

namespace Collector.Tests.Pipeline;

/// <summary>A peer that withdraws and announces its routes, one after the other, each time with a path that no route has had.</summary>
internal sealed class PathAnnouncer : IDisposable
{
    private readonly RouteTable _table;
    private readonly AdjRibIn _peer;
    private readonly RouteReader _reader;
    private readonly ReceivedAttributes _received = new() { NextHop = IpAddress.Parse("192.0.2.254"), Present = AttributeFlags.AsPath | AttributeFlags.NextHop };
    private readonly int _prefixes;
    private uint _origin;
    private int _next;

    public PathAnnouncer(RouteRig routes, int prefixes, uint firstAs)
    {
        _table = routes.Routes;
        _peer = routes.Peer("192.0.2.1");
        _reader = _table.CreateReader();
        (_prefixes, _origin) = (prefixes, firstAs);
    }

    public static IpAddress HostIn(int prefix) => IpAddress.FromIPv4(0x0A01_0001u + ((uint)prefix << 8));

    /// <summary>Changes so many routes; called by one thread.</summary>
    public void Next(int changes)
    {
        for (int i = 0; i < changes; i++)
        {
            Span<byte> path = _received.SetAsPath(10);
            (path[0], path[1]) = (2, 2);
            BinaryPrimitives.WriteUInt32BigEndian(path[2..], 65_001);
            BinaryPrimitives.WriteUInt32BigEndian(path[6..], ++_origin);
            var nlri = new Nlri { Family = RouteFamily.IPv4Unicast, Length = 24, Prefix = HostIn(_next).Mask(24) };
            _next = (_next + 1) % _prefixes;
            lock (_table.WriterLock)
            {
                if (_peer.Withdraw(nlri, out uint removed))
                {
                    _table.Attributes.Release(removed);
                }

                uint attributes = _table.Attributes.Intern(_received);
                _peer.Announce(nlri, attributes);
                _table.Attributes.Release(attributes);
            }

            if (i % 1_024 == 0)
            {
                // As each second in the daemon: what no reader holds any more is used again.
                _reader.Quiesce();
                _table.Reclaim();
            }
        }
    }

    public void Dispose() => _reader.Dispose();
}
