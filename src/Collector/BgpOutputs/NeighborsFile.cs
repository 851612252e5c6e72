using Collector.Bgp.Sessions;
using Collector.Net;
using Collector.Sinks.Files;
using Collector.Telemetry;
using Microsoft.Extensions.Logging;

namespace Collector.BgpOutputs;

/// <summary>bgp_neighbors_file: the addresses of the peers with an established session, one a line, replaced whole whenever one comes or goes.</summary>
/// <remarks>
/// pmacct's order: a peer takes the first place that is free and keeps it. Unlike there the file is empty from the start on, and never half written.
/// Sessions do not wait for the disk: another thread writes, and of changes that come meanwhile only the last.
/// </remarks>
public sealed class NeighborsFile : BgpObserver, IDisposable
{
    private readonly Lock _gate = new(), _writing = new();
    private readonly List<IpAddress?> _places = [];
    private readonly string _path;
    private readonly ILogger _log;
    private bool _isStarted, _isFailing;
    private int _isQueued;

    /// <summary>Names the file, which is not touched before <see cref="Start"/>.</summary>
    /// <param name="path">The file; folders above it are made.</param>
    /// <param name="log">Where the operator reads.</param>
    public NeighborsFile(string path, ILogger log) => (_path, _log) = (Path.GetFullPath(path), log);

    /// <summary>Writes the file from now on; what cannot be written is one warning.</summary>
    public void Start()
    {
        _isStarted = true;
        Write();
    }

    /// <inheritdoc/>
    public override void SessionUp(BgpPeer peer, DateTimeOffset time)
    {
        ArgumentNullException.ThrowIfNull(peer);
        Up(peer.Address);
    }

    /// <inheritdoc/>
    public override void SessionDown(BgpPeer peer, string reason, bool isGraceful, DateTimeOffset time)
    {
        ArgumentNullException.ThrowIfNull(peer);
        Down(peer.Address);
    }

    /// <summary>Writes what came last, and never again; sessions have ended before.</summary>
    public void Dispose()
    {
        lock (_writing)
        {
            Write();
            _isStarted = false;
        }
    }

    internal void Up(IpAddress address)
    {
        lock (_gate)
        {
            if (!_places.Contains(address))
            {
                int free = _places.IndexOf(null);
                if (free < 0)
                {
                    _places.Add(address);
                }
                else
                {
                    _places[free] = address;
                }
            }
        }

        Changed();
    }

    internal void Down(IpAddress address)
    {
        lock (_gate)
        {
            int place = _places.IndexOf(address);
            if (place >= 0)
            {
                _places[place] = null;
            }
        }

        Changed();
    }

    private void Changed()
    {
        if (Interlocked.Exchange(ref _isQueued, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static f => f.Write(), this, preferLocal: false);
        }
    }

    private void Write()
    {
        lock (_writing)
        {
            if (!_isStarted)
            {
                return;
            }

            // Before the look: a change from here on asks for another turn.
            Interlocked.Exchange(ref _isQueued, 0);
            string text;
            lock (_gate)
            {
                text = string.Concat(_places.Where(a => a is not null).Select(a => $"{a}\n"));
            }

            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
                File.WriteAllText(_path + ".new", text);
                FileOwner.Give(_path + ".new");
                File.Move(_path + ".new", _path, overwrite: true);
                _isFailing = false;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Said once, until it works again.
                if (!_isFailing)
                {
                    Log.NeighborsNotWritten(_log, _path, e.Message);
                }

                _isFailing = true;
            }
        }
    }
}
