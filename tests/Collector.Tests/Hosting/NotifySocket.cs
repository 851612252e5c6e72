using System.Net.Sockets;
using System.Text;

namespace Collector.Tests.Hosting;

/// <summary>The socket of a service manager, owned by a test.</summary>
internal sealed class NotifySocket : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 30_000 };
    private readonly string? _path;

    public NotifySocket(bool isAbstract = false)
    {
        string name = Path.Combine(Path.GetTempPath(), $"notify-{Guid.NewGuid():N}");
        _path = isAbstract ? null : name;
        Variable = isAbstract ? $"@{name}" : name;
        _socket.Bind(new UnixDomainSocketEndPoint(isAbstract ? $"\0{name}" : name));
    }

    /// <summary>The value of NOTIFY_SOCKET.</summary>
    public string Variable { get; }

    /// <summary>The next messages.</summary>
    public List<string> Receive(int count) => [.. Enumerable.Range(0, count).Select(_ => Receive())];

    /// <summary>The next message.</summary>
    /// <exception cref="SocketException">None came within 30 seconds.</exception>
    public string Receive()
    {
        byte[] buffer = new byte[4_096];
        return Encoding.UTF8.GetString(buffer, 0, _socket.Receive(buffer));
    }

    /// <summary>Reads until a message begins with the text.</summary>
    public string ReceiveUntil(string start)
    {
        string message;
        do
        {
            message = Receive();
        }
        while (!message.StartsWith(start, StringComparison.Ordinal));
        return message;
    }

    public void Dispose()
    {
        _socket.Dispose();
        if (_path is not null)
        {
            File.Delete(_path);
        }
    }
}
