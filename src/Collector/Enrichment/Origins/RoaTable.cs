using Collector.Net;

namespace Collector.Enrichment.Origins;

/// <summary>What a route's prefix and origin are in the light of the ROAs (RFC 6811 §2), as the letters that pmacct prints.</summary>
public enum RoaStatus : byte
{
    /// <summary>No ROA covers the prefix.</summary>
    Unknown = (byte)'u',

    /// <summary>A ROA covers the prefix, and none lets this AS originate it with this length.</summary>
    Invalid = (byte)'i',

    /// <summary>A ROA lets this AS originate the prefix.</summary>
    Valid = (byte)'v',

    /// <summary>Invalid, but a shorter route of the same peer around it is valid.</summary>
    InvalidWithinValid = (byte)'V',

    /// <summary>Invalid, but a shorter route of the same peer around it is unknown.</summary>
    InvalidWithinUnknown = (byte)'U',
}

/// <summary>One validated ROA payload (RFC 6811 §2).</summary>
/// <param name="Prefix">The prefix.</param>
/// <param name="MaxLength">The longest prefix that may be originated.</param>
/// <param name="AsNumber">The AS that may; 0: nobody (RFC 6483 §4).</param>
public readonly record struct Roa(IpPrefix Prefix, byte MaxLength, uint AsNumber);

/// <summary>All ROAs. Immutable, shared by all workers.</summary>
public sealed class RoaTable
{
    private readonly PrefixTable _prefixes;

    // ROAs of one prefix lie side by side: those of position p are _first[p] to _first[p + 1].
    private readonly int[] _first;
    private readonly (uint AsNumber, byte MaxLength)[] _roas;

    /// <summary>Builds the table; repeated ROAs do no harm.</summary>
    public RoaTable(IEnumerable<Roa> roas)
    {
        List<IpPrefix> prefixes = [];
        List<int> first = [];
        List<(uint, byte)> all = [];
        foreach (IGrouping<IpPrefix, Roa> group in roas.GroupBy(r => r.Prefix))
        {
            prefixes.Add(group.Key);
            first.Add(all.Count);
            all.AddRange(group.Select(r => (r.AsNumber, r.MaxLength)).Distinct());
        }

        first.Add(all.Count);
        _prefixes = PrefixTable.Build([.. prefixes]);
        _first = [.. first];
        _roas = [.. all];
    }

    /// <summary>ROAs in the table.</summary>
    public int Count => _roas.Length;

    /// <summary>Validates a route by RFC 6811 §2: unknown, invalid or valid.</summary>
    /// <param name="address">Any address of the prefix.</param>
    /// <param name="length">Its length.</param>
    /// <param name="isIPv4">Its family.</param>
    /// <param name="originAs">The AS that originates it; 0, as of an empty path or of a path that ends in a set, is never valid.</param>
    public RoaStatus Validate(IpAddress address, byte length, bool isIPv4, uint originAs)
    {
        RoaStatus status = RoaStatus.Unknown;
        for (int p = _prefixes.Find(address, isIPv4, length); p != PrefixTable.None; p = _prefixes.Parent(p))
        {
            status = RoaStatus.Invalid;
            foreach ((uint asNumber, byte maxLength) in _roas.AsSpan(_first[p].._first[p + 1]))
            {
                if (originAs != 0 && asNumber == originAs && length <= maxLength)
                {
                    return RoaStatus.Valid;
                }
            }
        }

        return status;
    }
}
