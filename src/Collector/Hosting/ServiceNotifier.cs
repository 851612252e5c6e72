using System.Net.Sockets;
using System.Text;

namespace Collector.Hosting;

/// <summary>Tells systemd how the service is doing (sd_notify(3)). Silent where no one listens. Thread-safe.</summary>
/// <remarks>Written here because the package that does it is not to be had; the protocol is one datagram of NAME=value lines.</remarks>
public sealed class ServiceNotifier : IDisposable
{
    private readonly Socket? _socket;
    private readonly UnixDomainSocketEndPoint? _manager;

    /// <param name="notifySocket">$NOTIFY_SOCKET: a path, or @name for an abstract address; null or empty: no service manager.</param>
    public ServiceNotifier(string? notifySocket)
    {
        if (string.IsNullOrEmpty(notifySocket) || notifySocket[0] is not ('/' or '@'))
        {
            return;
        }

        // An abstract address begins with a zero byte, which the variable spells @.
        _manager = new UnixDomainSocketEndPoint(notifySocket[0] == '@' ? $"\0{notifySocket[1..]}" : notifySocket);
        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
    }

    /// <summary>The notifier of this process.</summary>
    public static ServiceNotifier FromEnvironment() => new(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"));

    /// <summary>True when a service manager listens.</summary>
    public bool IsActive => _socket is not null;

    /// <summary>All sockets are bound.</summary>
    public void Ready() => Send("READY=1");

    /// <summary>The stop has begun.</summary>
    public void Stopping() => Send("STOPPING=1");

    /// <summary>All threads work.</summary>
    public void Alive() => Send("WATCHDOG=1");

    /// <summary>One line for systemctl status.</summary>
    public void Status(string text) => Send($"STATUS={text.ReplaceLineEndings(" ")}");

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();

    private void Send(string message)
    {
        try
        {
            _socket?.SendTo(Encoding.UTF8.GetBytes(message), _manager!);
        }
        catch (SocketException)
        {
            // The manager is restarting or its queue is full. It acts on what is missing by itself; there is nothing better to do here.
        }
    }
}
