using Collector.Aggregation;
using Collector.Configuration;
using Collector.Output;
using Microsoft.Extensions.Logging;

namespace Collector.Sinks.Files;

/// <summary>Rows to files, as pmacct's print plugin writes them: names with times and variables, one file after the other.</summary>
/// <remarks>
/// A file is open only while its rows are written, so any number of names costs one handle, and a file moved away is simply made anew.
/// When a write fails, the file is cut back to its last whole row and the rest of its rows is counted as lost; other files go on.
/// </remarks>
public sealed class FileSink : IFlowSink
{
    private readonly OutputOptions _options;
    private readonly FileNameTemplate _name;
    private readonly FileNameTemplate? _latest;
    private readonly RowStream _rows;
    private readonly LossLog _losses;
    private readonly TimeProvider _time;

    /// <summary>Makes the sink; no file is touched yet.</summary>
    /// <param name="options">The output; its <see cref="FileOutputOptions"/> say where to.</param>
    /// <param name="writer">Writes its rows.</param>
    /// <param name="layout">Its key, for the variables of names.</param>
    /// <param name="logger">Takes one sentence a minute when rows are lost.</param>
    /// <param name="time">Measures the duration in markers; null: the system's clock.</param>
    /// <param name="zone">The zone of times in names without timestamps_utc; null: that of the system (TZ).</param>
    /// <exception cref="ArgumentException">A name has a mistake that <see cref="FileNameTemplate.TryParse"/> would have told.</exception>
    public FileSink(
        OutputOptions options, RowWriter writer, KeyLayout layout, ILogger logger, TimeProvider? time = null, TimeZoneInfo? zone = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _rows = new RowStream(writer);
        _time = time ?? TimeProvider.System;
        _losses = new LossLog(options.Name, logger, _time);
        _name = Parse(options.File.Path, options, layout, zone);
        _latest = string.IsNullOrEmpty(options.File.LatestFile) ? null : Parse(options.File.LatestFile, options, layout, zone);
    }

    /// <inheritdoc/>
    public void Start()
    {
        // Folders and files are made when there is something to write: a disk that is not mounted yet is no error.
    }

    /// <inheritdoc/>
    public PublishResult Publish(Purge purge, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(purge);
        PublishResult result = default;
        if (purge.Count == 0)
        {
            if (_options.File.WriteEmptyFile || purge.HasDropped)
            {
                FileNameKey now = new(purge.Time / 1_000_000, default, 0, 0);
                WriteFile(purge, new FileRows(_name.Expand(now)), _latest?.Expand(now), ref result);
            }

            return result;
        }

        foreach ((FileRows file, string? latest) in Group(purge))
        {
            WriteFile(purge, file, latest, ref result);
        }

        return result;
    }

    /// <inheritdoc/>
    public void Reopen()
    {
        // No file stays open between purges.
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // No file stays open between purges.
    }

    private static FileNameTemplate Parse(string path, OutputOptions options, KeyLayout layout, TimeZoneInfo? zone) =>
        FileNameTemplate.TryParse(path, options, layout, out FileNameTemplate? template, out IReadOnlyList<string> errors, zone)
            ? template
            : throw new ArgumentException(string.Join("; ", errors), nameof(options));

    private List<(FileRows File, string? Latest)> Group(Purge purge)
    {
        List<(FileRows, string?)> files = [];
        Dictionary<FileNameKey, FileRows> byKey = [];
        Dictionary<string, FileRows> byPath = [];
        FileNameKey last = default;
        FileRows? current = null;
        for (int i = 0; i < purge.Count; i++)
        {
            AggregateRow row = purge[i];
            FileNameKey key = _name.KeyOf(row, row.Entry.Bin != 0 ? row.Entry.Bin : purge.Time / 1_000_000);
            if (current is null || key != last)
            {
                if (!byKey.TryGetValue(key, out current))
                {
                    // Different bins may give one name, as with %Y%m%d.
                    string path = _name.Expand(key);
                    if (!byPath.TryGetValue(path, out current))
                    {
                        byPath[path] = current = new FileRows(path);
                        files.Add((current, _latest?.Expand(_latest.KeyOf(row, key.Time))));
                    }

                    byKey[key] = current;
                }

                last = key;
            }

            current.Add(i);
        }

        return files;
    }

    private void WriteFile(Purge purge, FileRows file, string? latest, ref PublishResult result)
    {
        long lostBefore = result.LostRows;
        string failing = file.Path;
        try
        {
            string? folder = Path.GetDirectoryName(Path.GetFullPath(file.Path));
            Directory.CreateDirectory(folder!);
            FileMode mode = _options.File.Append ? FileMode.Append : FileMode.Create;
            using (FileStream stream = new(file.Path, mode, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
            {
                FileOwner.Give(file.Path);
                WriteRows(purge, file, stream, ref result);
            }

            failing = latest ?? failing;
            if (latest is not null)
            {
                LatestLink.Update(latest, file.Path);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            RowTally rest = default;
            while (file.TryNext(out int row))
            {
                rest.Add(purge[row].Entry);
            }

            rest.MoveToLost(ref result);
            _losses.Report(failing, error.Message, result.LostRows - lostBefore);
        }
    }

    private void WriteRows(Purge purge, FileRows file, FileStream stream, ref PublishResult result)
    {
        long started = _time.GetTimestamp();
        int processId = purge.IsReplay ? 0 : Environment.ProcessId;
        bool isNew = !stream.CanSeek || stream.Length == 0;
        _rows.Begin(stream);
        try
        {
            if (_options.Markers)
            {
                _rows.AddOpeningMarker(_options.Name, processId);
            }

            if (isNew)
            {
                _rows.AddHeader();
            }

            while (file.TryNext(out int row))
            {
                _rows.Add(purge[row], purge.Time / 1_000_000, ref result);
            }

            if (_options.Markers)
            {
                long seconds = purge.IsReplay ? 0 : (long)_time.GetElapsedTime(started).TotalSeconds;
                _rows.AddClosingMarker(_options.Name, processId, new MarkerTally(file.Count, purge.TotalEntries, seconds));
            }

            _rows.Flush(ref result);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _rows.GiveUp(ref result);
            if (stream.CanSeek)
            {
                CutBack(stream);
            }

            throw;
        }
    }

    // The stream's position is behind the last write that succeeded.
    private static void CutBack(FileStream stream)
    {
        try
        {
            stream.SetLength(stream.Position);
        }
        catch (IOException)
        {
            // A half row stays at the end of the file; the loss is counted all the same.
        }
    }
}
