using Collector.Bgp.Rib;
using Collector.Bgp.Sessions;
using Collector.Configuration;
using Collector.Maps.PreTag;
using Collector.Sinks.Objects;

namespace Collector.BgpOutputs;

/// <summary>bgp_daemon_msglog_*: pmacct's object for each session that comes or goes and each route announced, withdrawn or deleted (pmacct-compat §6.3).</summary>
/// <remarks>Objects are printed where the change happens, since that is where its attributes are good, and published by another thread.</remarks>
public sealed class BgpMessageLog : BgpObserver, IDisposable
{
    private static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly Dictionary<BgpPeer, PeerObjects> _peers = [];
    private readonly ObjectOutputOptions _output;
    private readonly PeerObjectNames _names;
    private readonly ObjectPublisher _publisher;
    private readonly BgpObjectWriter _writer;
    private readonly BgpSequence _sequence;
    private readonly BgpTagger _tagger;
    private readonly LabelFilter? _filter;
    private readonly ITimer _flush;

    /// <summary>Begins to log.</summary>
    /// <param name="options">Where to and how.</param>
    /// <param name="publisher">Takes the objects.</param>
    /// <param name="attributes">Resolves what routes hold.</param>
    /// <param name="sequence">The running number of the daemon.</param>
    /// <param name="tagger">bgp_daemon_tag_map.</param>
    /// <param name="time">The clock of the batches.</param>
    public BgpMessageLog(
        BgpOutputOptions options, ObjectPublisher publisher, AttributeTable attributes, BgpSequence sequence, BgpTagger tagger, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _output = options.MessageLog;
        _names = PeerObjectNames.Of(_output, options, hasTime: false);
        _publisher = publisher;
        _writer = new BgpObjectWriter(options.Objects, attributes);
        _sequence = sequence;
        _tagger = tagger;
        _filter = options.LabelFilter is { } labels ? LabelFilter.Parse(labels) : null;
        _flush = time.CreateTimer(_ => Flush(), null, FlushInterval, FlushInterval);
    }

    /// <inheritdoc/>
    public override bool WantsRoutes => true;

    /// <inheritdoc/>
    public override void SessionUp(BgpPeer peer, DateTimeOffset time)
    {
        lock (_gate)
        {
            // A new port and perhaps another tag: the names are resolved anew.
            Hand(_peers.GetValueOrDefault(peer));
            if (peer.Rib?.Description is { } description)
            {
                _peers[peer] = PeerObjects.For(_output, _names, description, _tagger.OfPeer(description), 0);
            }

            Session(peer, time, "log_init"u8);
        }
    }

    /// <inheritdoc/>
    public override void SessionDown(BgpPeer peer, string reason, bool isGraceful, DateTimeOffset time)
    {
        lock (_gate)
        {
            Session(peer, time, "log_close"u8);
            if (!isGraceful)
            {
                Hand(_peers.GetValueOrDefault(peer));
                _peers.Remove(peer);
            }
        }
    }

    /// <inheritdoc/>
    public override void RouteAnnounced(BgpPeer peer, in Nlri route, uint attributes, DateTimeOffset time) => Route(peer, route, attributes, time, "update"u8);

    /// <inheritdoc/>
    public override void RouteWithdrawn(BgpPeer peer, in Nlri route, uint removedAttributes, DateTimeOffset time) =>
        Route(peer, route, removedAttributes, time, "withdraw"u8);

    /// <inheritdoc/>
    public override void RouteDeleted(BgpPeer peer, in Nlri route, uint removedAttributes, DateTimeOffset time) =>
        Route(peer, route, removedAttributes, time, "delete"u8);

    /// <summary>Hands over what was gathered.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            foreach (PeerObjects objects in _peers.Values)
            {
                Hand(objects);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _flush.Dispose();
        Flush();
    }

    private void Session(BgpPeer peer, DateTimeOffset time, ReadOnlySpan<byte> eventType)
    {
        if (_peers.TryGetValue(peer, out PeerObjects? objects) && _tagger.Of(objects) is var tag && IsWanted(tag))
        {
            _writer.WriteSession(objects.Buffer, _sequence.Next(), Microseconds(time), objects.Peer, tag, eventType, objects.WriterId);
            objects.Ended();
        }
    }

    private void Route(BgpPeer peer, in Nlri route, uint attributes, DateTimeOffset time, ReadOnlySpan<byte> logType)
    {
        lock (_gate)
        {
            if (!_peers.TryGetValue(peer, out PeerObjects? objects))
            {
                // Routes of a snapshot go before the peer has come back.
                if (peer.Rib?.Description is not { } description)
                {
                    return;
                }

                _peers[peer] = objects = PeerObjects.For(_output, _names, description, _tagger.OfPeer(description), 0);
            }

            BgpTag tag = _tagger.Of(objects, attributes);
            if (!IsWanted(tag))
            {
                return;
            }

            var entry = new RouteEntry { Nlri = route, Attributes = attributes };
            _writer.WriteLog(objects.Buffer, _sequence.Next(), Microseconds(time), objects.Peer, tag, logType, entry, objects.WriterId);
            objects.Ended();
            if (objects.IsFull)
            {
                Hand(objects);
            }
        }
    }

    // What the filter leaves out takes no number: a hole in seq means a loss to who reads it.
    private bool IsWanted(BgpTag tag) => _filter?.Passes(tag.Label) ?? true;

    private void Hand(PeerObjects? objects)
    {
        if (objects?.Take(EventPlace.Log) is { } batch)
        {
            _publisher.Publish(batch);
        }
    }

    private static long Microseconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
