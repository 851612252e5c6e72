using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using Collector.Net;

namespace Collector.Receiving;

/// <summary>Names the process that holds a UDP port, from /proc.</summary>
internal static class PortOwner
{
    /// <summary>For example "nfacctd (pid 812)"; without the right to read other users' /proc/PID/fd, a way to find out.</summary>
    internal static string Describe(IPEndPoint endpoint)
    {
        HashSet<string> inodes = SocketsOn(endpoint);
        var owners = OwnersOf(inodes).Distinct().Take(4).ToList();
        return owners.Count > 0
            ? string.Join(" and ", owners)
            : $"another process (as root, 'ss -Hlunp sport = :{endpoint.Port}' names it)";
    }

    private static HashSet<string> SocketsOn(IPEndPoint endpoint)
    {
        HashSet<string> inodes = [];
        // thread-self: the network namespace of the thread that binds.
        foreach (string table in (ReadOnlySpan<string>)["/proc/thread-self/net/udp", "/proc/thread-self/net/udp6"])
        {
            if (!File.Exists(table))
            {
                continue;
            }

            foreach (string line in File.ReadLines(table).Skip(1))
            {
                // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode …
                string[] columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (columns.Length > 9 && TryParseLocal(columns[1], out IpAddress address, out int port)
                    && port == endpoint.Port && Overlaps(address, IpAddress.From(endpoint.Address)))
                {
                    inodes.Add($"socket:[{columns[9]}]");
                }
            }
        }

        return inodes;
    }

    private static bool Overlaps(IpAddress held, IpAddress wanted) => held.IsUnspecified || wanted.IsUnspecified || held == wanted;

    /// <summary>Reads "0100007F:0816": each 32-bit word of the address as the machine's own number, then the port.</summary>
    private static bool TryParseLocal(string text, out IpAddress address, out int port)
    {
        address = default;
        port = 0;
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon is not (8 or 32)
            || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out port))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[colon / 2];
        for (int i = 0; i < bytes.Length; i += 4)
        {
            if (!uint.TryParse(text.AsSpan(i * 2, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint word))
            {
                return false;
            }

            MemoryMarshal.Write(bytes[i..], in word);
        }

        address = bytes.Length == 4 ? IpAddress.ReadIPv4(bytes) : IpAddress.ReadIPv6(bytes);
        return true;
    }

    private static IEnumerable<string> OwnersOf(HashSet<string> inodes)
    {
        if (inodes.Count == 0)
        {
            yield break;
        }

        foreach (string process in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && Holds(process, inodes))
            {
                yield return $"{NameOf(process)} (pid {pid.ToString(CultureInfo.InvariantCulture)})";
            }
        }
    }

    private static bool Holds(string process, HashSet<string> inodes)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(Path.Combine(process, "fd"))
                .Any(link => new FileInfo(link).LinkTarget is { } target && inodes.Contains(target));
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            // Another user's process, or one that ended meanwhile.
            return false;
        }
    }

    private static string NameOf(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "comm")).TrimEnd('\n');
        }
        catch (IOException)
        {
            return "a process";
        }
    }
}
