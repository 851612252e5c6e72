using System.Buffers.Binary;
using Collector.Bgp.Rib;
using Collector.Net;

namespace Collector.Bgp.Tests.Rib;

/// <summary>Short ways to write routes and attributes down.</summary>
internal static class Routes
{
    public static Nlri Nlri(string prefix, uint pathId = 0, RouteFamily? family = null, ulong rd = 0, uint label = 0)
    {
        string[] parts = prefix.Split('/');
        IpAddress address = IpAddress.Parse(parts[0]);
        return new Nlri
        {
            Family = family ?? (address.IsIPv4 ? RouteFamily.IPv4Unicast : RouteFamily.IPv6Unicast),
            Prefix = address,
            Length = byte.Parse(parts[1]),
            PathId = pathId,
            RouteDistinguisher = rd,
            Label = label,
        };
    }

    public static ReceivedAttributes Received(uint[] path, string nextHop = "192.0.2.1", uint med = 0, uint[]? communities = null)
    {
        var received = new ReceivedAttributes
        {
            Present = AttributeFlags.Origin | AttributeFlags.AsPath | AttributeFlags.NextHop,
            NextHop = IpAddress.Parse(nextHop),
            Med = med,
        };
        if (path.Length > 0)
        {
            Span<byte> bytes = received.SetAsPath(2 + (4 * path.Length));
            (bytes[0], bytes[1]) = (2, (byte)path.Length);
            Numbers(path, bytes[2..]);
        }

        Numbers(communities ?? [], received.SetStandardCommunities(4 * (communities?.Length ?? 0)));
        return received;
    }

    public static AnnounceResult Announce(this RouteTable table, AdjRibIn rib, Nlri nlri, uint originAs, string nextHop = "192.0.2.1")
    {
        lock (table.WriterLock)
        {
            uint attributes = table.Attributes.Intern(Received([65001, originAs], nextHop));
            AnnounceResult result = rib.Announce(nlri, attributes);
            table.Attributes.Release(attributes);
            return result;
        }
    }

    public static bool Withdraw(this RouteTable table, AdjRibIn rib, Nlri nlri)
    {
        lock (table.WriterLock)
        {
            if (!rib.Withdraw(nlri, out uint removed))
            {
                return false;
            }

            table.Attributes.Release(removed);
            return true;
        }
    }

    /// <summary>"AS/length" of the answer, with "stale" and the label where there is one; "none" without an answer.</summary>
    public static string Find(this RouteReader reader, AdjRibIn rib, string address, RouteFamily? family = null, ulong rd = 0)
    {
        IpAddress parsed = IpAddress.Parse(address);
        family ??= parsed.IsIPv4 ? RouteFamily.IPv4Unicast : RouteFamily.IPv6Unicast;
        return reader.TryFind(rib.Index, family.Value, rd, parsed, out Route route) ? reader.Text(route) : "none";
    }

    public static string Text(this RouteReader reader, Route route) =>
        $"{reader.Attributes(route).OriginAs}/{route.Length}{(route.Label != 0 ? $" label {route.Label}" : "")}{(route.IsStale ? " stale" : "")}";

    private static void Numbers(uint[] numbers, Span<byte> bytes)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes[(4 * i)..], numbers[i]);
        }
    }
}
