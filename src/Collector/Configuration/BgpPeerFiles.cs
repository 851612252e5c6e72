using Collector.Bgp.Sessions;
using Collector.Net;

namespace Collector.Configuration;

/// <summary>The files that name BGP peers: bgp_daemon_allow_file and bgp_daemon_md5_file of pmacct (pmacct-compat §6.2).</summary>
internal static class BgpPeerFiles
{
    private const int MaxKeyLength = 80;

    /// <summary>The speaker's options with the peers of the files.</summary>
    /// <param name="options">Names the files.</param>
    /// <param name="report">Takes each line that cannot be used, and a file that cannot be read: file:line and what to write.</param>
    public static SpeakerOptions Read(BgpOptions options, Action<string> report)
    {
        if (options is { AllowFile: null, Md5File: null })
        {
            return options.Speaker;
        }

        List<PeerOptions> allowed = [.. Lines(options.AllowFile, report).Select(l => ReadAllowed(l, report)).OfType<PeerOptions>()];
        List<PeerOptions> keyed = [.. Lines(options.Md5File, report).Select(l => ReadKeyed(l, report)).OfType<PeerOptions>()];

        // A list without entries allows all, as in pmacct; a key alone allows nobody.
        bool takesAll = options.Speaker.TakesAll && allowed.Count == 0;
        IEnumerable<PeerOptions> known = [.. options.Speaker.Peers, .. allowed];
        return options.Speaker with { TakesAll = takesAll, Peers = [.. options.Speaker.Peers, .. keyed.Where(k => takesAll || known.Any(a => a.Matches(k.Address))), .. allowed] };
    }

    /// <summary>Reads 192.0.2.1, 2001:db8::1 or either with the length of a prefix behind a slash.</summary>
    public static bool TryParsePrefix(string text, out IpAddress address, out byte? length)
    {
        string[] parts = text.Split('/', 2, StringSplitOptions.TrimEntries);
        length = null;
        if (!IpAddress.TryParse(parts[0], out address))
        {
            return false;
        }

        if (parts.Length == 1)
        {
            return true;
        }

        bool fits = byte.TryParse(parts[1], out byte bits) && bits <= (address.IsIPv4 ? 32 : 128);
        length = bits;
        return fits;
    }

    private static PeerOptions? ReadAllowed((string Place, string Text) line, Action<string> report)
    {
        if (TryParsePrefix(line.Text, out IpAddress address, out byte? length))
        {
            return new PeerOptions { Address = address, PrefixLength = length };
        }

        report($"{line.Place}: '{line.Text}' is no address; write 192.0.2.1 or 192.0.2.0/24");
        return null;
    }

    private static PeerOptions? ReadKeyed((string Place, string Text) line, Action<string> report)
    {
        string[] parts = line.Text.Split(',', 2, StringSplitOptions.TrimEntries);
        if (parts is [var text, { Length: > 0 and <= MaxKeyLength } key] && TryParsePrefix(text, out IpAddress address, out byte? length))
        {
            return new PeerOptions { Address = address, PrefixLength = length, Password = key };
        }

        report($"{line.Place}: this is no address with a key; write 192.0.2.1, and the key of at most {MaxKeyLength} bytes");
        return null;
    }

    private static IEnumerable<(string Place, string Text)> Lines(string? file, Action<string> report)
    {
        if (file is null)
        {
            return [];
        }

        try
        {
            return [.. File.ReadLines(file).Select((l, i) => ($"{file}:{i + 1}", l.Trim())).Where(l => l.Item2.Length > 0 && l.Item2[0] is not ('!' or '#'))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            report($"{file} cannot be read ({e.Message}); name a file that this user can read");
            return [];
        }
    }
}
