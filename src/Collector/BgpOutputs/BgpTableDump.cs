using Collector.Aggregation;
using Collector.Bgp.Rib;
using Collector.Configuration;
using Collector.Sinks.Objects;

namespace Collector.BgpOutputs;

/// <summary>bgp_table_dump_*: all routes of all established peers, at instants aligned to the hour (pmacct-compat §6.4).</summary>
/// <remarks>A thread of its own; the table is read in pieces, so that neither sessions nor workers wait for a dump.</remarks>
public sealed class BgpTableDump : IDisposable
{
    // What is printed under one hold of the writer lock: half a millisecond.
    private const int RoutesAtOnce = 256;

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    private readonly BgpOutputOptions _options;
    private readonly PeerObjectNames _names;
    private readonly ObjectPublisher _publisher;
    private readonly RouteTable _table;
    private readonly BgpObjectWriter _writer;
    private readonly BgpSequence _sequence;
    private readonly BgpTagger _tagger;
    private readonly TimeProvider _time;
    private readonly WindowClock _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly RouteEntry[] _routes = new RouteEntry[RoutesAtOnce];
    private readonly Thread _thread;

    /// <summary>Makes a dump that does nothing before <see cref="Start"/>.</summary>
    /// <param name="options">Where to, how, how often.</param>
    /// <param name="publisher">Takes the objects.</param>
    /// <param name="table">The routes.</param>
    /// <param name="sequence">The running number of the daemon.</param>
    /// <param name="tagger">bgp_daemon_tag_map.</param>
    /// <param name="time">The clock.</param>
    public BgpTableDump(BgpOutputOptions options, ObjectPublisher publisher, RouteTable table, BgpSequence sequence, BgpTagger tagger, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(time);
        _options = options;
        _names = PeerObjectNames.Of(options.TableDump, options, hasTime: true);
        _publisher = publisher;
        _table = table;
        _writer = new BgpObjectWriter(options.Objects, table.Attributes);
        _sequence = sequence;
        _tagger = tagger;
        _time = time;
        _clock = new WindowClock(new WindowOptions { Roundoff = "m", RefreshSeconds = PeriodSeconds }, time.GetUtcNow().ToUnixTimeSeconds(), TimeZoneInfo.Local);
        _thread = new Thread(Run) { Name = "bgp table dump", IsBackground = true };
    }

    /// <summary>Dumps completed.</summary>
    public long Dumps { get; private set; }

    private int PeriodSeconds => Math.Max(1, _options.TableDumpSeconds / _options.TableDumpSlots);

    /// <summary>Starts the thread.</summary>
    public void Start() => _thread.Start();

    /// <summary>Dumps if the time has come; called by the thread, and by tests.</summary>
    /// <returns>True when a dump was made.</returns>
    public bool Look()
    {
        long now = _time.GetUtcNow().ToUnixTimeSeconds();
        if (!_clock.IsDue(now))
        {
            return false;
        }

        // The objects carry the instant that the dump was planned for.
        _clock.TakePurge(now, out long number, out _);
        Dump(_clock.Deadline - PeriodSeconds, (int)(number % _options.TableDumpSlots));
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        _stop.Dispose();
    }

    private void Run()
    {
        while (!_stop.Token.WaitHandle.WaitOne(LookInterval))
        {
            Look();
        }
    }

    private void Dump(long seconds, int slot)
    {
        long sequence = _sequence.Next();
        PeerSnapshot peers = _table.Peers;
        EventPlace begin = EventPlace.Begin | EventPlace.First;
        for (int i = 0; i < peers.Peers.Length && !_stop.IsCancellationRequested; i++)
        {
            RoutePeer peer = peers.Peers[i];
            if (peer.State == PeerState.Established && SlotOf(peer.Description) == slot && _table.FindPeer(peer.Description.Address) is { } rib)
            {
                DumpPeer(rib, peer.Description, sequence, seconds, begin);
                begin = EventPlace.Begin;
            }
        }

        Dumps++;
    }

    private void DumpPeer(AdjRibIn rib, PeerDescription peer, long sequence, long seconds, EventPlace begin)
    {
        PeerObjects objects = PeerObjects.For(_options.TableDump, _names, peer, _tagger.OfPeer(peer), seconds);
        long microseconds = seconds * 1_000_000, entries = 0;
        _writer.WriteDumpInit(objects.Buffer, sequence, microseconds, peer, _tagger.Of(objects), PeriodSeconds, objects.WriterId);
        objects.Ended();
        Hand(objects, begin);
        RouteCursor cursor = default;
        for (bool more = true; more && !_stop.IsCancellationRequested;)
        {
            lock (_table.WriterLock)
            {
                more = rib.Read(ref cursor, _routes, out int count);
                foreach (ref readonly RouteEntry route in _routes.AsSpan(0, count))
                {
                    _writer.WriteDump(objects.Buffer, sequence, microseconds, peer, _tagger.Of(objects, route.Attributes), route, objects.WriterId);
                    objects.Ended();
                }

                entries += count;
            }

            if (objects.IsFull)
            {
                Hand(objects, EventPlace.Middle);
            }
        }

        _writer.WriteDumpClose(objects.Buffer, sequence, microseconds, peer, _tagger.Of(objects), entries, objects.WriterId);
        objects.Ended();
        Hand(objects, EventPlace.End);
    }

    private void Hand(PeerObjects objects, EventPlace place)
    {
        if (objects.Take(place) is { } batch)
        {
            _publisher.PublishWhenRoom(batch, _stop.Token);
        }
    }

    // pmacct's spread: the hash of djb2 over the text of the address.
    private int SlotOf(PeerDescription peer)
    {
        uint hash = 5381;
        foreach (char c in peer.Address.ToString())
        {
            hash = (hash * 33) + c;
        }

        return (int)(Math.Abs((long)(int)hash) % _options.TableDumpSlots);
    }
}
