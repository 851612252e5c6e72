using System.Globalization;

namespace Collector.Replay;

/// <summary>One line on a terminal that tells how far a long replay has come. Used by the reading thread only.</summary>
/// <param name="terminal">Where to draw, or null to draw nothing: stderr when it is a terminal.</param>
/// <param name="time">The clock.</param>
public sealed class ReplayProgress(TextWriter? terminal, TimeProvider time)
{
    /// <summary>Replays shorter than this draw nothing.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    /// <summary>Time between two updates: at most five a second.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    // Looking at the clock costs as much as reading a packet.
    private const ulong PacketsBetweenLooks = 1024;

    private readonly long _begun = time.GetTimestamp();
    private ulong _nextLook;
    private TimeSpan _nextUpdate = Quiet;
    private bool _hasDrawn;

    /// <summary>A progress line on stderr where it is a terminal, else one that draws nothing.</summary>
    public static ReplayProgress OnStandardError() => new(Console.IsErrorRedirected ? null : Console.Error, TimeProvider.System);

    /// <summary>Draws when it is time to; cheap enough to be called after every datagram.</summary>
    public void Update(CaptureReader reader)
    {
        if (terminal is not null && reader.Number >= _nextLook)
        {
            _nextLook = reader.Number + PacketsBetweenLooks;
            Update(reader.Number, reader.BytesRead, reader.TotalBytes);
        }
    }

    /// <summary>Draws when it is time to.</summary>
    /// <param name="packets">Packets read.</param>
    /// <param name="bytes">Bytes read.</param>
    /// <param name="totalBytes">Bytes of all files, 0 when not known.</param>
    internal void Update(ulong packets, long bytes, long totalBytes)
    {
        TimeSpan elapsed = time.GetElapsedTime(_begun);
        if (terminal is null || elapsed < _nextUpdate)
        {
            return;
        }

        _nextUpdate = elapsed + Interval;
        _hasDrawn = true;
        terminal.Write($"\r{Line(packets, bytes, totalBytes, elapsed)}\u001b[K");
        terminal.Flush();
    }

    /// <summary>Wipes the line, if there is one, so that what follows begins on a clean line. Call it before any other output and at the end.</summary>
    public void Clear()
    {
        if (_hasDrawn)
        {
            terminal!.Write("\r\u001b[K");
            terminal.Flush();
            _hasDrawn = false;
        }
    }

    private static string Line(ulong packets, long bytes, long totalBytes, TimeSpan elapsed)
    {
        CultureInfo c = CultureInfo.InvariantCulture;
        double perSecond = packets / Math.Max(elapsed.TotalSeconds, 0.001);
        string done = string.Create(c, $"replay: {packets:N0} packets, {perSecond:N0} a second");
        if (totalBytes <= 0 || bytes <= 0)
        {
            return string.Create(c, $"{done}, {bytes / 1e6:N0} MB");
        }

        double part = Math.Min(1, (double)bytes / totalBytes);
        double left = elapsed.TotalSeconds * (1 - part) / part;
        return string.Create(c, $"{done}, {bytes / 1e6:N0} of {totalBytes / 1e6:N0} MB ({part:P0}), {left:N0} s left");
    }
}
