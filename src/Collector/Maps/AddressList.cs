using Collector.Configuration;
using Collector.Net;

namespace Collector.Maps;

/// <summary>A list of addresses and prefixes, one a line: nfacctd_allow_file, bgp_daemon_allow_file and their like. Immutable; any thread.</summary>
/// <remarks>An empty list contains nobody, as in pmacct: without a file all are let in, with an empty file nobody is.</remarks>
public sealed class AddressList
{
    private readonly byte[] _lengths;
    private readonly HashSet<(byte Length, IpAddress Prefix)> _prefixes;

    private AddressList(HashSet<(byte Length, IpAddress Prefix)> prefixes)
    {
        _prefixes = prefixes;
        _lengths = [.. prefixes.Select(p => p.Length).Distinct().OrderDescending()];
    }

    /// <summary>Entries of the file.</summary>
    public int Count => _prefixes.Count;

    /// <summary>Reads a file: comments begin with ! or #.</summary>
    public static AddressList Read(TextReader text, Findings findings)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(findings);
        var prefixes = new HashSet<(byte, IpAddress)>();
        for (int number = 1; text.ReadLine() is { } line; number++)
        {
            ReadOnlySpan<char> entry = line.AsSpan().Trim();
            if (entry.IsEmpty || entry[0] is '!' or '#')
            {
                continue;
            }

            if (MapPrefix.TryParse(entry, out IpAddress address, out byte length))
            {
                prefixes.Add((length, address));
            }
            else
            {
                findings.Error(number, $"'{entry}' is neither an address nor a prefix; write one a line, such as 192.0.2.1, 10.0.0.0/8 or 2001:db8::/32");
            }
        }

        return new AddressList(prefixes);
    }

    /// <summary>True when the address is an entry or within one. Never allocates.</summary>
    public bool Contains(IpAddress address)
    {
        foreach (byte length in _lengths)
        {
            // An IPv4 address is in no IPv6 prefix, not even ::/0.
            if ((length >= 96 || !address.IsIPv4) && _prefixes.Contains((length, MatchCondition.Masked(address, length))))
            {
                return true;
            }
        }

        return false;
    }
}
