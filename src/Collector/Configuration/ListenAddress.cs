using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Collector.Configuration;

/// <summary>The text form of an address that datagrams are received on: 192.0.2.1:2055 or [2001:db8::1]:2055.</summary>
public static class ListenAddress
{
    /// <summary>[::]:2055, [::]:4739 and [::]:6343, or 0.0.0.0 in place of [::] where the kernel has no IPv6.</summary>
    public static IReadOnlyList<IPEndPoint> Defaults { get; } = [Any(2055), Any(4739), Any(6343)];

    /// <summary>All addresses of the machine: [::], which takes IPv4 too, or 0.0.0.0 where the kernel has no IPv6.</summary>
    public static IPEndPoint Any(int port) => new(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, port);

    /// <summary>Reads address:port, the port from 1 to 65,535. [::] becomes 0.0.0.0 where the kernel has no IPv6. False when the text is anything else.</summary>
    public static bool TryParse(string text, out IPEndPoint endPoint)
    {
        endPoint = new IPEndPoint(IPAddress.Any, 0);
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0)
        {
            return false;
        }

        ReadOnlySpan<char> address = text.AsSpan(0, colon);
        bool bracketed = address[0] == '[' && address[^1] == ']';
        if (bracketed)
        {
            address = address[1..^1];
        }

        // Without brackets 2001:db8::1:2055 could be all address; with them there must be a colon inside.
        if (bracketed != address.Contains(':') || !TryParseAddress(address, out IPAddress parsed))
        {
            return false;
        }

        endPoint = parsed.Equals(IPAddress.IPv6Any) ? Any(port) : new IPEndPoint(parsed, port);
        return true;
    }

    /// <summary>Reads an address without a port. IPAddress also takes "1" and "0x7f.1"; four decimal numbers are asked for here.</summary>
    public static bool TryParseAddress(ReadOnlySpan<char> text, out IPAddress address)
    {
        address = IPAddress.None;
        if (!IPAddress.TryParse(text, out IPAddress? parsed) || (parsed.AddressFamily == AddressFamily.InterNetwork && parsed.ToString() != text.ToString()))
        {
            return false;
        }

        address = parsed;
        return true;
    }
}
