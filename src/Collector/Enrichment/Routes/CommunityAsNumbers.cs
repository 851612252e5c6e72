using System.Buffers.Text;
using Collector.Bgp.PathAttributes;
using Collector.Bgp.Rib;
using Collector.Configuration;

namespace Collector.Enrichment.Routes;

/// <summary>
/// AS numbers of routes with an empty AS path, out of the first community that fits a pattern: X:Y gives peer AS X and origin AS Y
/// (bgp_stdcomm_pattern_to_asn, bgp_lrgcomm_pattern_to_asn).
/// </summary>
/// <remarks>One per worker.</remarks>
public sealed class CommunityAsNumbers
{
    private readonly RouteReader _reader;
    private readonly CommunityPatterns? _standard;
    private readonly CommunityPatterns? _large;
    private byte[] _text = new byte[4096];

    /// <summary>Takes the patterns.</summary>
    public CommunityAsNumbers(RouteReader reader, EnrichmentOptions options)
    {
        _reader = reader;
        _standard = Parse(options.StandardCommunityToAs);
        _large = Parse(options.LargeCommunityToAs);
    }

    /// <summary>True when a pattern is configured.</summary>
    public bool IsActive => _standard is not null || _large is not null;

    /// <summary>Fills what is 0; standard communities first.</summary>
    public void Complete(in RouteAttributes attributes, ref uint originAs, ref uint peerAs)
    {
        Complete(attributes.StandardCommunities, CommunityKind.Standard, _standard, ref originAs, ref peerAs);
        Complete(attributes.LargeCommunities, CommunityKind.Large, _large, ref originAs, ref peerAs);
    }

    private void Complete(uint list, CommunityKind kind, CommunityPatterns? patterns, ref uint originAs, ref uint peerAs)
    {
        if (patterns is null || list == 0 || (originAs != 0 && peerAs != 0))
        {
            return;
        }

        ReadOnlySpan<byte> value = _reader.Value(list);
        int needed = CommunityText.MaxLength(kind, value.Length, patterns);
        if (_text.Length < needed)
        {
            _text = new byte[needed];
        }

        ReadOnlySpan<byte> text = _text.AsSpan(0, CommunityText.Write(kind, value, (byte)' ', numeric: true, patterns, _text));
        if (Utf8Parser.TryParse(text, out uint first, out int read) && Utf8Parser.TryParse(text[Math.Min(read + 1, text.Length)..], out uint second, out _))
        {
            originAs = originAs != 0 ? originAs : second;
            peerAs = peerAs != 0 ? peerAs : first;
        }
    }

    private static CommunityPatterns? Parse(string? text) => text is not null && CommunityPatterns.TryParse(text, out CommunityPatterns? patterns) ? patterns : null;
}
