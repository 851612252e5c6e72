using Collector.Aggregation;
using Collector.Configuration;
using Collector.Output;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Collector.Sinks.Stdout;

/// <summary>Rows to standard output, a row a line.</summary>
/// <remarks>A reader that has gone away is no reason to stop: the rows are counted as lost, and the next purge tries again.</remarks>
public sealed class StdoutSink : IFlowSink
{
    private readonly OutputOptions _options;
    private readonly RowStream _rows;
    private readonly Func<Stream> _open;
    private readonly TimeProvider _time;
    private readonly LossLog _losses;
    private Stream? _stream;
    private bool _headerDone;

    /// <summary>Makes the sink; nothing is written yet.</summary>
    /// <param name="options">The output.</param>
    /// <param name="writer">Writes its rows.</param>
    /// <param name="logger">Takes one sentence a minute when rows are lost.</param>
    /// <param name="time">Measures the duration in markers; null: the system's clock.</param>
    public StdoutSink(OutputOptions options, RowWriter writer, ILogger logger, TimeProvider? time = null)
        : this(options, writer, logger, OpenStandardOutput, time)
    {
    }

    internal StdoutSink(OutputOptions options, RowWriter writer, ILogger logger, Func<Stream> open, TimeProvider? time = null)
    {
        _options = options;
        _rows = new RowStream(writer);
        _open = open;
        _time = time ?? TimeProvider.System;
        _losses = new LossLog(options.Name, logger, _time);
    }

    /// <inheritdoc/>
    public void Start() => _stream ??= _open();

    /// <inheritdoc/>
    public PublishResult Publish(Purge purge, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(purge);
        PublishResult result = default;
        Start();
        _rows.Begin(_stream!);
        int next = 0;
        try
        {
            long started = _time.GetTimestamp();
            int processId = purge.IsReplay ? 0 : Environment.ProcessId;
            bool marked = _options.Markers && purge.Count > 0;
            if (marked)
            {
                _rows.AddOpeningMarker(_options.Name, processId);
            }

            if (!_headerDone && purge.Count > 0)
            {
                _rows.AddHeader();
                _headerDone = true;
            }

            while (next < purge.Count)
            {
                _rows.Add(purge[next++], purge.Time / 1_000_000, ref result);
            }

            if (marked)
            {
                long seconds = purge.IsReplay ? 0 : (long)_time.GetElapsedTime(started).TotalSeconds;
                _rows.AddClosingMarker(_options.Name, processId, new MarkerTally(purge.Count, purge.TotalEntries, seconds));
            }

            _rows.Flush(ref result);
        }
        catch (IOException error)
        {
            _rows.GiveUp(ref result);
            RowTally rest = default;
            for (; next < purge.Count; next++)
            {
                rest.Add(purge[next].Entry);
            }

            rest.MoveToLost(ref result);
            _losses.Report("standard output", error.Message, result.LostRows);
        }

        return result;
    }

    /// <inheritdoc/>
    public void Reopen()
    {
        // Standard output has no name to open again.
    }

    /// <inheritdoc/>
    public void Dispose() => _stream?.Dispose();

    // The console's own stream hides EPIPE, so rows into a closed pipe would count as published; FileStream reports it. On a file, though,
    // FileStream writes at offsets of its own and leaves the shared one behind, and the next program of a shell's list would write over our rows.
    private static Stream OpenStandardOutput()
    {
        FileStream direct = new(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return direct.CanSeek ? Console.OpenStandardOutput() : direct;
    }
}
