using Collector.Maps.Filters;
using Collector.Net;

namespace Collector.Maps;

/// <summary>One condition of a map line, compiled.</summary>
internal readonly record struct MatchCondition
{
    /// <summary>What it looks at.</summary>
    public required MatchKey Key { get; init; }

    /// <summary>True for key=-value.</summary>
    public bool IsNegated { get; init; }

    /// <summary>Bits of <see cref="Address"/> that count, 0 to 128 (IPv4: 96 more than its own); addresses and prefixes only.</summary>
    public byte Length { get; init; }

    /// <summary>The number that must be equal.</summary>
    public ulong Number { get; init; }

    /// <summary>The address or prefix, masked.</summary>
    public IpAddress Address { get; init; }

    /// <summary>The expression of a filter.</summary>
    public FilterExpression? Filter { get; init; }

    /// <summary>Patterns of communities.</summary>
    public CommunityPatterns? Patterns { get; init; }

    /// <summary>True for keys whose value is an address or a prefix.</summary>
    public bool IsAddress => IsAddressKey(Key);

    /// <summary>True when equal values can be found through an index. Keys that records of one protocol pass over, or that a record may lack, cannot.</summary>
    public bool IsExact => !IsNegated && Filter is null && Patterns is null && !MatchInput.IsOfSFlow(Key) && !MatchInput.IsOfNetFlow(Key) && Key != MatchKey.IpNextHop && !IsZeroAs;

    // Of records whose AS number is 0 besides another (MatchInput.IsAlsoZero).
    private bool IsZeroAs => Number == 0 && Key is (MatchKey.SourceAs or MatchKey.DestinationAs or MatchKey.PeerSourceAs or MatchKey.PeerDestinationAs);

    /// <summary>True for keys whose value is an address or a prefix.</summary>
    public static bool IsAddressKey(MatchKey key) => key is MatchKey.Exporter or MatchKey.IpNextHop or MatchKey.BgpNextHop
        or MatchKey.SourceRouteNextHop or MatchKey.SourceNetwork or MatchKey.DestinationNetwork;

    /// <summary>True when the record fulfils the condition.</summary>
    public bool Holds(in MatchInput input)
    {
        if (input.Ignores(Key))
        {
            return true;
        }

        if (Key == MatchKey.IpNextHop && input.LacksIpNextHop)
        {
            return !IsNegated;
        }

        if (IsAddress)
        {
            return (Masked(input.ReadAddress(Key), Length) == Address) != IsNegated;
        }

        if (Filter is not null)
        {
            return Filter.Holds(in input.Record) != IsNegated;
        }

        if (Patterns is not null)
        {
            return Patterns.Match(input.ReadCommunities(Key)) != IsNegated;
        }

        return input.TryReadNumber(Key, out ulong value) && (value == Number || (Number == 0 && input.IsAlsoZero(Key))) != IsNegated;
    }

    /// <summary>The first bits of an address in its 128-bit form.</summary>
    public static IpAddress Masked(IpAddress address, int length)
    {
        ulong first = address.FirstHostOrder, last = address.LastHostOrder;
        return length switch
        {
            >= 128 => address,
            > 64 => IpAddress.FromHostOrder(first, last & (ulong.MaxValue << (128 - length))),
            64 => IpAddress.FromHostOrder(first, 0),
            > 0 => IpAddress.FromHostOrder(first & (ulong.MaxValue << (64 - length)), 0),
            _ => default,
        };
    }
}
