using Collector.Bgp.Sessions;
using Collector.Net;

namespace Collector.Replay;

/// <summary>The BGP sessions of a capture: TCP streams to the configured port, brought into order and read.</summary>
/// <remarks>
/// The reader's thread alone changes routes, and only while no worker is at work on an earlier packet: the message whose last byte a packet brings
/// takes effect between that packet and the next, whatever the number of workers.
/// </remarks>
public sealed class BgpReplay
{
    private const int MaxConnections = 4096;

    private readonly BgpSpeaker _speaker;
    private readonly HashSet<int> _ports;
    private readonly Dictionary<(IpAddress Router, ushort RouterPort, IpAddress Collector, ushort CollectorPort), Connection> _connections = [];

    /// <summary>Reads streams into the table of a speaker that is never started.</summary>
    public BgpReplay(BgpSpeaker speaker) => (_speaker, _ports) = (speaker, [.. speaker.Options.Listen.Select(e => e.Port)]);

    /// <summary>Called before routes change: returns when no worker is at work.</summary>
    public Action WaitForWorkers { get; set; } = () => { };

    /// <summary>Connections whose beginning is not in the capture, so that nobody knows how to read them.</summary>
    public long WithoutBeginning { get; private set; }

    /// <summary>Connections of routers that the configuration does not list, or beyond its limits.</summary>
    public long Refused { get; private set; }

    /// <summary>Connections that were left because bytes of them are missing.</summary>
    public long Broken { get; private set; }

    /// <summary>True when a segment belongs to a BGP session.</summary>
    public bool IsWanted(in TcpSegment segment) => _ports.Contains(segment.DestinationPort) || _ports.Contains(segment.SourcePort);

    /// <summary>Takes a segment.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="time">Its capture time, microseconds.</param>
    public void Take(in TcpSegment segment, long time)
    {
        bool fromRouter = _ports.Contains(segment.DestinationPort);
        var key = fromRouter
            ? (segment.Source, segment.SourcePort, segment.Destination, segment.DestinationPort)
            : (segment.Destination, segment.DestinationPort, segment.Source, segment.SourcePort);
        if (segment.IsSyn)
        {
            Begin(key, segment, fromRouter);
            return;
        }

        if (!_connections.TryGetValue(key, out Connection? connection))
        {
            if (!segment.IsReset && !segment.IsFin && _connections.Count < MaxConnections)
            {
                WithoutBeginning++;
                _connections[key] = new Connection(null);
            }

            return;
        }

        if (connection.Stream is not { } stream)
        {
            return;
        }

        Deliver(connection, stream, segment, fromRouter, DateTimeOffset.UnixEpoch.AddTicks(time * TimeSpan.TicksPerMicrosecond));
    }

    private void Begin((IpAddress Router, ushort RouterPort, IpAddress Collector, ushort CollectorPort) key, in TcpSegment segment, bool fromRouter)
    {
        _connections.TryGetValue(key, out Connection? connection);
        bool isNew = connection is null || (fromRouter && connection.FromRouter.HasBegun) || connection.Stream is null;
        if (isNew)
        {
            EndStream(connection, "the connection began anew");
            if (connection is null && _connections.Count >= MaxConnections)
            {
                Refused++;
                return;
            }

            connection = new Connection(_speaker.OpenStream(key.Router, key.RouterPort));
            Refused += connection.Stream is null ? 1 : 0;
            _connections[key] = connection;
        }

        (fromRouter ? connection!.FromRouter : connection!.FromCollector).Begin(segment.Sequence);
    }

    private void Deliver(Connection connection, BgpStream stream, in TcpSegment segment, bool fromRouter, DateTimeOffset time)
    {
        TcpDirection direction = fromRouter ? connection.FromRouter : connection.FromCollector;
        if (direction.HasBegun)
        {
            direction.Add(segment.Sequence, segment.Payload, bytes =>
            {
                if (!fromRouter)
                {
                    stream.FromCollector(bytes, time);
                    return;
                }

                if (stream.MayChangeRoutes)
                {
                    WaitForWorkers();
                }

                stream.FromPeer(bytes, time);
            });
        }

        if (direction.IsBroken)
        {
            Broken++;
            EndStream(connection, "bytes are missing in the capture");
        }
        else if (segment.IsFin || segment.IsReset)
        {
            EndStream(connection, "the connection was closed");
        }
    }

    private void EndStream(Connection? connection, string reason)
    {
        if (connection?.Stream is { IsOver: false } stream)
        {
            WaitForWorkers();
            stream.End(reason);
        }
    }

    private sealed class Connection(BgpStream? stream)
    {
        internal BgpStream? Stream { get; } = stream;

        internal TcpDirection FromRouter { get; } = new();

        internal TcpDirection FromCollector { get; } = new();
    }
}
