using System.Diagnostics;
using Collector.Bgp.Rib;
using Collector.Bgp.Rib.Snapshots;
using Collector.Telemetry;
using Microsoft.Extensions.Logging;

namespace Collector.Hosting;

/// <summary>The routes of all peers on disk, so that flows have AS numbers in the first second after a restart.</summary>
/// <remarks>
/// Loaded before the speaker and the workers start; saved at an interval and at stop, into a new file that then takes the place of the old one, so that
/// a crash leaves a whole file behind. Whatever is wrong with the file costs one warning and no start.
/// </remarks>
public sealed class RibSnapshotFile : IDisposable
{
    /// <summary>Its name in the state directory.</summary>
    public const string FileName = "routes.snapshot";

    private readonly RouteTable _table;
    private readonly string _path;
    private readonly ILogger _log;
    private readonly Lock _saving = new();
    private readonly CancellationTokenSource _stop = new();
    private ITimer? _timer;
    private bool _isFailing;

    /// <summary>Makes it; nothing is read or written yet.</summary>
    /// <param name="table">The routes.</param>
    /// <param name="state">The state directory.</param>
    /// <param name="log">Where the operator reads.</param>
    public RibSnapshotFile(RouteTable table, StateDirectory state, ILogger log)
    {
        ArgumentNullException.ThrowIfNull(state);
        (_table, _path, _log) = (table, state.File(FileName), log);
    }

    /// <summary>Loads the file, where there is one.</summary>
    public void Load()
    {
        if (!File.Exists(_path))
        {
            return;
        }

        long start = Stopwatch.GetTimestamp();
        string? fault;
        try
        {
            using FileStream file = File.OpenRead(_path);
            if (RibSnapshotReader.TryRead(_table, file, out SnapshotSummary summary, out fault))
            {
                Log.SnapshotLoaded(_log, _path, summary.Routes, summary.Peers, summary.Made, (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds, summary.Refused);
                return;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            fault = e.Message;
        }

        Log.SnapshotUnusable(_log, _path, fault);
    }

    /// <summary>Saves again and again from now on.</summary>
    /// <param name="interval">How often.</param>
    /// <param name="time">The clock.</param>
    public void Start(TimeSpan interval, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _timer = time.CreateTimer(_ => Save(onlyIfIdle: true), null, interval, interval);
    }

    /// <summary>Saves now; the sessions must have ended without their routes being taken away. Called once, at stop.</summary>
    public void SaveAtStop()
    {
        _timer?.Dispose();
        _stop.Cancel();
        Save(onlyIfIdle: false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer?.Dispose();
        _stop.Cancel();
        lock (_saving)
        {
            _stop.Dispose();
        }
    }

    private void Save(bool onlyIfIdle)
    {
        if (onlyIfIdle && !_saving.TryEnter())
        {
            // The disk is slower than the interval; the next turn comes.
            return;
        }

        if (!onlyIfIdle)
        {
            _saving.Enter();
        }

        try
        {
            if (!onlyIfIdle || !_stop.IsCancellationRequested)
            {
                Write(onlyIfIdle ? _stop.Token : CancellationToken.None);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Said once, until it works again.
            if (!_isFailing)
            {
                Log.SnapshotNotSaved(_log, _path, e.Message);
            }

            _isFailing = true;
        }
        catch (OperationCanceledException)
        {
            // The collector stops and saves anew.
        }
        finally
        {
            _saving.Exit();
        }
    }

    private void Write(CancellationToken stop)
    {
        long start = Stopwatch.GetTimestamp();
        string unfinished = _path + ".new";
        SnapshotSummary summary;
        using (FileStream file = File.Create(unfinished))
        {
            summary = RibSnapshotWriter.Write(_table, file, stop);
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, _path, overwrite: true);
        _isFailing = false;
        Log.SnapshotSaved(_log, _path, summary.Routes, summary.Peers, (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }
}
