using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Collector.Bgp.Rib;
using Collector.Output;
using Collector.Sinks.Files;

namespace Collector.BgpOutputs;

/// <summary>A file name, topic or message key about a peer: $peer_src_ip, $peer_tcp_port and $tag, and for dumps the conversions of strftime. Immutable.</summary>
public sealed class PeerNameTemplate
{
    private static readonly string[] Variables = ["peer_src_ip", "peer_tcp_port", "tag"];

    private readonly List<(bool IsVariable, bool IsTime, string Text)> _parts = [];

    private PeerNameTemplate()
    {
    }

    /// <summary>Reads a template.</summary>
    /// <param name="text">Text and variables.</param>
    /// <param name="hasTime">True where %Y and the like stand for the time of a dump.</param>
    /// <param name="template">What was read, or null.</param>
    /// <param name="error">What is wrong and what to write instead, or null.</param>
    public static bool TryParse(string text, bool hasTime, [NotNullWhen(true)] out PeerNameTemplate? template, [NotNullWhen(false)] out string? error)
    {
        var read = new PeerNameTemplate();
        template = null;
        error = null;
        foreach ((bool isVariable, string part) in VariableText.Split(text))
        {
            if (isVariable && !Variables.Contains(part))
            {
                error = $"{text}: unknown variable '${part}'; the variables are {string.Join(", ", Variables.Select(v => "$" + v))}";
                return false;
            }

            if (isVariable || !hasTime)
            {
                read._parts.Add((isVariable, false, part));
            }
            else if (StrftimeText.Split(part, read._parts.Add) is { } letter)
            {
                error = StrftimeText.Unknown(text, letter);
                return false;
            }
        }

        template = read;
        return true;
    }

    /// <summary>The name for a peer.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="tag">What bgp_daemon_tag_map says of it.</param>
    /// <param name="seconds">The time of the dump, since the Unix epoch.</param>
    /// <param name="zone">The zone that times are printed in.</param>
    public string Expand(PeerDescription peer, BgpTag tag, long seconds, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(peer);
        return string.Concat(_parts.Select(p => p switch
        {
            (_, true, _) => StrftimeText.Format(p.Text[0], seconds, zone),
            (true, _, "peer_src_ip") => VariableText.Of(peer.Address),
            (true, _, "peer_tcp_port") => peer.Port.ToString(CultureInfo.InvariantCulture),
            (true, _, _) => tag.Tag.ToString(CultureInfo.InvariantCulture),
            _ => p.Text,
        }));
    }
}
