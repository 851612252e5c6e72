using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Collector.Telemetry;

/// <summary>Sends log lines to the syslog of the machine as libc's syslog(3) does: a datagram a line to /dev/log, <c>&lt;PRI&gt;Nov 27 02:39:29 ident[pid]: text</c> (RFC 3164 §4.1).</summary>
/// <remarks>
/// Never blocks: a line that a full socket does not take is lost and counted, and the next one that is taken says how many were. A syslog that was
/// restarted has a new socket under the old name, so a refused line is sent once more over a new connection. Owned by one thread.
/// </remarks>
/// <param name="facility">0 to 23 (<see cref="Configuration.SyslogFacility"/>).</param>
/// <param name="ident">What stands before the process id.</param>
/// <param name="clock">The clock of the times, which are local, as syslog's are.</param>
/// <param name="path">The socket. /dev/log but in tests.</param>
internal sealed class SyslogWriter(int facility, string ident, TimeProvider clock, string path = "/dev/log") : IDisposable
{
    /// <summary>Longer lines are cut: what the usual daemons take (RFC 5424 §6.1 has 2,048 as the length that they should).</summary>
    private const int MaxBytes = 8_192;

    private readonly int _pid = Environment.ProcessId;
    private Socket? _socket;
    private long _lost;

    /// <summary>Lines lost since the last that was taken.</summary>
    public long Lost => _lost;

    /// <summary>Connects.</summary>
    /// <returns>The reason when there is no syslog, else null.</returns>
    public string? Connect()
    {
        _socket?.Dispose();
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            _socket = socket;
            return null;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            _socket = null;
            return $"{path}: {e.Message}";
        }
    }

    /// <summary>Sends a line.</summary>
    /// <param name="severity">0 to 7 (RFC 3164 §4.1.1).</param>
    /// <param name="text">The line.</param>
    /// <returns>False when nobody listens any more: the line is not sent, and the caller may write it elsewhere.</returns>
    public bool Write(int severity, string text)
    {
        if (_lost > 0)
        {
            SocketError told = Send(4, string.Create(CultureInfo.InvariantCulture, $"{_lost} log lines left out, syslog could not take them"));
            _lost = told == SocketError.Success ? 0 : _lost;
        }

        SocketError result = Send(severity, text);
        if (result is not (SocketError.Success or SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable))
        {
            result = Connect() is null ? Send(severity, text) : SocketError.NotConnected;
        }

        if (result == SocketError.Success)
        {
            return true;
        }

        bool isFull = result is SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable;
        _lost += isFull ? 1 : 0;
        return isFull;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();

    // The day is padded with a blank, unlike any format of .NET.
    private SocketError Send(int severity, string text)
    {
        if (_socket is null)
        {
            return SocketError.NotConnected;
        }

        DateTimeOffset now = clock.GetLocalNow();
        byte[] line = Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"<{(facility * 8) + severity}>{now:MMM} {now.Day,2} {now:HH:mm:ss} {ident}[{_pid}]: {text}\n"));
        _socket.Send(line.AsSpan(0, Math.Min(line.Length, MaxBytes)), SocketFlags.None, out SocketError error);
        return error;
    }
}
