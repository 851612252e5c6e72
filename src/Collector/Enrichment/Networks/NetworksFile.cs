using System.Globalization;
using Collector.Configuration;
using Collector.Flows;
using Collector.Net;

namespace Collector.Enrichment.Networks;

/// <summary>Reads networks_file: lines of <c>[next hop,][[peer AS_]origin AS,]network/length</c> (pmacct-compat §4.1).</summary>
/// <remarks>
/// A line that is wrong is left out with a warning that names file and line, as pmacct does; unlike pmacct, an AS that is no number is wrong instead of 0.
/// </remarks>
public static class NetworksFile
{
    // An exporter of the whole table in a wrong form must not fill the log.
    private const int MaxWarnings = 20;

    /// <summary>Reads the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="findings">Takes lines that were left out as warnings; an error when the file cannot be used.</param>
    /// <returns>The table; null when the file cannot be read, or has lines but none that can be used.</returns>
    public static NetworkTable? Read(string path, Findings findings)
    {
        try
        {
            using var text = new StreamReader(path);
            return Read(text, findings);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            findings.Error(0, $"the networks file cannot be read: {e.Message}");
            return null;
        }
    }

    /// <summary>Reads lines.</summary>
    public static NetworkTable? Read(TextReader text, Findings findings)
    {
        List<IpPrefix> networks = [];
        List<NetworkEntry> entries = [];
        int number = 0, faults = 0;
        while (text.ReadLine() is { } raw)
        {
            number++;
            ReadOnlySpan<char> line = raw.AsSpan().Trim();
            if (line.IsEmpty || line[0] is '!' or '#')
            {
                continue;
            }

            if (ReadLine(line, out IpPrefix network, out NetworkEntry entry) is { } fault)
            {
                if (faults++ < MaxWarnings)
                {
                    findings.Warning(number, $"{fault}; line left out");
                }
            }
            else
            {
                networks.Add(network);
                entries.Add(entry);
            }
        }

        if (faults > MaxWarnings)
        {
            findings.Warning(0, string.Create(CultureInfo.InvariantCulture, $"{faults} lines left out; the first {MaxWarnings} are named above"));
        }

        if (networks.Count == 0 && faults > 0)
        {
            findings.Error(0, "no line can be used; write lines such as 64512_65501,192.0.2.0/24");
            return null;
        }

        return new NetworkTable(networks, entries);
    }

    private static string? ReadLine(ReadOnlySpan<char> line, out IpPrefix network, out NetworkEntry entry)
    {
        (network, entry) = (default, default);

        // With three commas and more pmacct drops the first field, a relic of old files.
        if (line.Count(',') >= 3)
        {
            line = line[(line.IndexOf(',') + 1)..];
        }

        int comma = line.LastIndexOf(',');
        ReadOnlySpan<char> prefix = line[(comma + 1)..].Trim();
        if (!IpPrefix.TryParse(prefix, out network))
        {
            return prefix.Contains('/') ? $"'{prefix}' is no network" : $"missing '/' in '{prefix}'; write a network with its length, such as 192.0.2.0/24";
        }

        if (comma < 0)
        {
            return null;
        }

        ReadOnlySpan<char> front = line[..comma];
        comma = front.IndexOf(',');
        ReadOnlySpan<char> asField = front[(comma + 1)..].Trim();
        IpAddress nextHop = default;
        if (comma >= 0 && !IpAddress.TryParse(front[..comma].Trim(), out nextHop))
        {
            return $"'{front[..comma]}' is no address of a next hop";
        }

        int underscore = asField.IndexOf('_');
        uint peer = 0;
        if ((underscore >= 0 && !TryReadAs(asField[..underscore], out peer)) || !TryReadAs(asField[(underscore + 1)..], out uint origin))
        {
            return $"'{asField}' is no AS number; write 65501, or 64512_65501 with the peer's AS in front";
        }

        FlowFamily family = comma < 0 ? FlowFamily.None : nextHop.IsIPv4 ? FlowFamily.IPv4 : FlowFamily.IPv6;
        entry = new NetworkEntry(origin, peer, nextHop, family);
        return null;
    }

    private static bool TryReadAs(ReadOnlySpan<char> text, out uint number) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
