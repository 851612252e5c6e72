using System.Net;

namespace Collector.Configuration;

/// <summary>What else is asked of the kernel for the sockets that datagrams are received on. Immutable.</summary>
public sealed record SocketOptions
{
    /// <summary>interface (nfacctd_interface): only what comes in through this interface is received; null: through any. Default null.</summary>
    public string? Interface { get; init; }

    /// <summary>ipv6_only (nfacctd_ipv6_only): [::] takes no IPv4. Default false.</summary>
    public bool IPv6Only { get; init; }

    /// <summary>multicast_groups (nfacctd_mcast_groups): groups to join, on <see cref="Interface"/> or where the kernel's routes lead. Default none.</summary>
    public IReadOnlyList<IPAddress> MulticastGroups { get; init; } = [];

    /// <summary>Reads an address of a multicast group.</summary>
    public static bool TryParseGroup(string text, out IPAddress group) =>
        ListenAddress.TryParseAddress(text, out group) && (group.IsIPv6Multicast || (group.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork && group.GetAddressBytes()[0] is >= 224 and <= 239));
}
