using System.Globalization;
using System.Net.Sockets;
using Collector.Bgp.Messages;
using Collector.Bgp.Rib;
using Collector.Bgp.Sessions;
using Collector.BgpOutputs;
using Collector.Configuration;
using Collector.Maps;
using Collector.Pipeline;
using Collector.Telemetry;
using Microsoft.Extensions.Logging;

namespace Collector.Hosting;

/// <summary>The BGP speaker within the daemon: its table of routes, its start and stop, the reload of its peers.</summary>
/// <remarks>Made, started and stopped by one thread; the table is read by all workers and must outlive them.</remarks>
public sealed class BgpDaemon : IAsyncDisposable, IDisposable
{
    private readonly BgpOptions _options;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly NeighborsFile? _neighbors;
    private RibSnapshotFile? _snapshot;
    private ITimer? _absent;

    private BgpDaemon(BgpOptions options, long memoryLimit, TimeProvider time, ILogger log, BgpObserver[] observers)
    {
        (_options, _log, _time) = (options, log, time);
        Routes = new RouteTable(options.Table with { MemoryLimit = memoryLimit }, time);
        Publishing = new BgpPublishing(options.Outputs, Routes, time, log);
        _neighbors = options.NeighborsFile is { } file ? new NeighborsFile(file, log) : null;
        BgpObserver[] all = [new BgpLog(log), .. observers, .. new BgpObserver?[] { Publishing.Observer, _neighbors }.OfType<BgpObserver>()];
        Speaker = new BgpSpeaker(BgpPeerFiles.Read(options, Warn), Routes, new ObserverList(all), time);
    }

    /// <summary>The routes of all peers.</summary>
    public RouteTable Routes { get; }

    /// <summary>The message log and the table dumps.</summary>
    public BgpPublishing Publishing { get; }

    /// <summary>The sessions.</summary>
    public BgpSpeaker Speaker { get; }

    /// <summary>Makes the daemon; null when the configuration has no speaker.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="time">The clock of all timers.</param>
    /// <param name="log">Where the operator reads.</param>
    /// <param name="observers">Who else is told of sessions and routes.</param>
    public static BgpDaemon? Create(CollectorOptions options, TimeProvider time, ILogger log, params BgpObserver[] observers)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Bgp.IsEnabled ? new BgpDaemon(options.Bgp, PipelineParts.RouteMemoryLimitOf(options), time, log, observers) : null;
    }

    /// <summary>Loads the routes that an earlier run saved, and saves them from now on; called before the workers and <see cref="Start"/>.</summary>
    /// <param name="state">The state directory; null: nothing is loaded or saved.</param>
    public void UseState(StateDirectory? state)
    {
        if (state is not null && _options.Snapshot)
        {
            _snapshot = new RibSnapshotFile(Routes, state, _log);
            _snapshot.Load();
        }
    }

    /// <summary>Opens the ports and begins to connect.</summary>
    /// <param name="maps">The maps of the configuration, of which bgp_daemon_tag_map holds here; null: none.</param>
    /// <exception cref="CannotStartException">A port cannot be had, or the kernel has no TCP-MD5.</exception>
    public void Start(MapSet? maps = null)
    {
        Publishing.Tags = maps?.BgpTag;
        Publishing.Start();
        _neighbors?.Start();
        try
        {
            Speaker.Start();
        }
        catch (SocketException e)
        {
            string cure = e.SocketErrorCode switch
            {
                SocketError.AccessDenied => "; give the collector CAP_NET_BIND_SERVICE, or listen on a port from 1024 on",
                SocketError.AddressAlreadyInUse => "; another BGP speaker has it: stop that, or listen on another port",
                SocketError.ProtocolOption or SocketError.OperationNotSupported => "; passwords of peers need a kernel with TCP-MD5 signatures",
                _ when _options.Speaker.Interface is { } name => $"; bgp.interface (bgp_daemon_interface behind -f) is {name}: is there such an interface, and may the collector bind to it?",
                _ => "",
            };
            throw new CannotStartException($"BGP on {string.Join(", ", _options.Speaker.Listen)}: {e.Message}{cure}");
        }

        if (Speaker.LocalEndPoints.Count > 0)
        {
            Log.BgpListening(_log, string.Join(", ", Speaker.LocalEndPoints));
        }

        _snapshot?.Start(TimeSpan.FromSeconds(_options.SnapshotSeconds), _time);
        _absent = _time.CreateTimer(_ => SweepAbsent(), null, TimeSpan.FromSeconds(_options.Speaker.StaleSeconds), Timeout.InfiniteTimeSpan);
    }

    /// <summary>SIGHUP: the files of peers are read anew, and all peers are asked for their routes again.</summary>
    public void Reload()
    {
        Publishing.Reopen();
        Speaker.Reload(BgpPeerFiles.Read(_options, Warn) with { Listen = Speaker.Options.Listen });
    }

    /// <summary>One line per peer.</summary>
    public IEnumerable<string> LedgerLines()
    {
        CultureInfo c = CultureInfo.InvariantCulture;
        foreach (BgpPeer peer in Speaker.Peers.OrderBy(p => p.Address))
        {
            PeerCounters n = peer.Counters;
            string faults = string.Concat(Enum.GetValues<UpdateFault>().Where(f => n[f] > 0).Select(f => string.Create(c, $", {PeerFaultWatch.Words(f.ToString())} {n[f]}")));
            yield return string.Create(
                c,
                $"bgp peer {peer.Address} {(peer.IsEstablished ? "established" : "down")}: paths {peer.Rib?.Paths ?? 0}, stale {peer.Rib?.StalePaths ?? 0}, sessions {n.Sessions}, octets {n.Octets}, "
                + $"updates {n.Received(MessageType.Update)}, announced {n.Announced}, withdrawn {n.Withdrawn}, withdrawn unknown {n.UnknownWithdrawn}, "
                + $"treated as withdrawn {n.TreatedAsWithdrawn}, refused for memory {n.RefusedForMemory}, deleted {n.Deleted}, path limits {n.PathLimits}, unknown families {n.UnknownFamilies}{faults}");
        }

        yield return string.Create(
            c,
            $"bgp: connections not listed {Speaker.NotListed}, beyond max_peers {Speaker.TooManyPeers}; attribute sets {Routes.Attributes.Count}, refused {Routes.Attributes.Refused}; memory {Routes.MemoryUsed} bytes");
    }

    /// <summary>Writes <see cref="LedgerLines"/> to the log.</summary>
    public void LogLedger()
    {
        foreach (string line in LedgerLines())
        {
            Log.Ledger(_log, line);
        }
    }

    /// <summary>Ends all sessions with Cease and publishes what is left about them. The table stays until <see cref="DisposeAsync"/>.</summary>
    /// <param name="giveUp">Signalled when what is not published yet must be given up.</param>
    public async Task StopAsync(CancellationToken giveUp)
    {
        await Speaker.StopAsync();
        _snapshot?.SaveAtStop();
        await Task.Run(() => Publishing.Stop(giveUp), CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Speaker.DisposeAsync();
        _absent?.Dispose();
        _neighbors?.Dispose();
        _snapshot?.Dispose();
        Publishing.Dispose();
        Routes.Dispose();
    }

    /// <summary>Gives back a daemon that was never started, as a replay has it.</summary>
    public void Dispose() => Routes.Dispose();

    // Routes of the snapshot whose peer never came back; those of a peer that did are the speaker's.
    private void SweepAbsent()
    {
        lock (Routes.WriterLock)
        {
            foreach (RoutePeer peer in Routes.Peers.Peers)
            {
                if (peer.State == PeerState.Stale && Speaker.Peers.All(p => p.Address != peer.Description.Address) && Routes.FindPeer(peer.Description.Address) is { } rib)
                {
                    rib.SweepStale(null);
                    rib.SetState(PeerState.Down);
                }
            }
        }
    }

    private void Warn(string sentence) => Log.BgpWarning(_log, sentence);
}
