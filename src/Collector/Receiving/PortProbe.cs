using System.Net;
using System.Net.Sockets;
using static Collector.Receiving.LibC;

namespace Collector.Receiving;

/// <summary>Finds out before binding whether another process receives on an address, which SO_REUSEPORT would hide.</summary>
internal static class PortProbe
{
    /// <summary>True when the kernel makes IPv6 sockets.</summary>
    internal static bool KernelHasIPv6 { get; } = HasIPv6();

    /// <summary>Binds a socket that lacks SO_REUSEPORT and closes it again.</summary>
    /// <returns>0 when the address is free, else errno.</returns>
    internal static int TryBind(IPEndPoint endpoint, bool dualStack, string? device = null)
    {
        bool isIPv6 = endpoint.AddressFamily == AddressFamily.InterNetworkV6;
        int descriptor = Socket(isIPv6 ? AddressFamilyInet6 : AddressFamilyInet, SocketTypeDatagramCloseOnExec, 0);
        if (descriptor < 0)
        {
            return LastError;
        }

        if (isIPv6)
        {
            _ = SetOption(descriptor, LevelIPv6, OptionIPv6Only, dualStack ? 0 : 1);
        }

        if (device is not null)
        {
            _ = BindToDevice(descriptor, device);
        }

        int error = Bind(descriptor, endpoint);
        _ = Close(descriptor);
        return error;
    }

    /// <summary>What is wrong with an address and what to do about it, for an errno of bind or socket.</summary>
    internal static string Explain(IPEndPoint endpoint, int error) => error switch
    {
        ErrorAddressInUse => $"{PortOwner.Describe(endpoint)} already receives on {endpoint}; "
            + "stop it, choose another address under listen:, or pass --share-port",
        ErrorAccess => $"{endpoint}: no permission to bind a port below 1024; run as root, "
            + "grant CAP_NET_BIND_SERVICE (systemd: AmbientCapabilities=CAP_NET_BIND_SERVICE), or choose another port under listen:",
        ErrorAddressNotAvailable => $"{endpoint}: no interface of this machine has the address {endpoint.Address}; "
            + "correct listen:, or write 0.0.0.0 or [::] for all addresses",
        ErrorAddressFamilyNotSupported => $"{endpoint}: this kernel has no IPv6; "
            + $"write an IPv4 address under listen:, such as 0.0.0.0:{endpoint.Port}",
        _ => $"{endpoint}: cannot bind: {LibC.Describe(error)}",
    };

    /// <summary>What is wrong with an interface and what to do about it, for an errno of SO_BINDTODEVICE.</summary>
    internal static string ExplainInterface(IPEndPoint endpoint, string name, int error) => error switch
    {
        ErrorNoDevice => $"{endpoint}: this machine has no interface {name}; correct interface: (nfacctd_interface behind -f), or remove it",
        ErrorPermission => $"{endpoint}: no permission to bind to the interface {name}; run as root or grant CAP_NET_RAW (systemd: AmbientCapabilities=CAP_NET_RAW)",
        _ => $"{endpoint}: cannot bind to the interface {name}: {LibC.Describe(error)}",
    };

    private static bool HasIPv6()
    {
        int descriptor = Socket(AddressFamilyInet6, SocketTypeDatagramCloseOnExec, 0);
        if (descriptor < 0)
        {
            return false;
        }

        _ = Close(descriptor);
        return true;
    }
}
