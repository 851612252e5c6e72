namespace Collector.Flows.Templates.Options;

/// <summary>Names that one observation domain announced in options records.</summary>
internal sealed class DomainNames(OptionsBudget budget)
{
    private const int MaxInterfaces = 65_536;
    private const int MaxApplications = 32_768;
    private const int MaxVrfs = 32_768;

    private uint _distinguishersRevision;

    /// <summary>Interface names (IE 82) by ifIndex (IE 10).</summary>
    internal NameTable<uint> Interfaces { get; } = new(MaxInterfaces, budget);

    /// <summary>VRF names (IE 236) by VRF id (IE 234, 235).</summary>
    internal NameTable<uint> Vrfs { get; } = new(MaxVrfs, budget);

    /// <summary>Application names (IE 96, else 94) by application id (IE 95) as <see cref="ApplicationKey"/> makes it.</summary>
    internal NameTable<ulong> Applications { get; } = new(MaxApplications, budget);

    /// <summary>Route distinguishers (IE 90) by VRF id.</summary>
    internal Dictionary<uint, ulong> RouteDistinguishers { get; } = [];

    /// <summary>Grows with every change.</summary>
    internal uint Revision => Interfaces.Revision + Vrfs.Revision + Applications.Revision + _distinguishersRevision;

    internal int Count => Interfaces.Count + Vrfs.Count + Applications.Count + RouteDistinguishers.Count;

    /// <summary>Keeps a route distinguisher; false when the table is full.</summary>
    internal bool SetRouteDistinguisher(uint vrf, ulong value)
    {
        if (!RouteDistinguishers.ContainsKey(vrf) && (RouteDistinguishers.Count >= MaxVrfs || !budget.TryTake()))
        {
            return false;
        }

        _distinguishersRevision += RouteDistinguishers.TryGetValue(vrf, out ulong before) && before == value ? 0u : 1u;
        RouteDistinguishers[vrf] = value;
        return true;
    }

    /// <summary>
    /// The engine in the top byte, the selector below: the same application has one key whatever the length in which data and options write it
    /// (RFC 6759 §4 allows leading zero bytes of the selector to be left out).
    /// </summary>
    internal static ulong ApplicationKey(ReadOnlySpan<byte> applicationId)
    {
        ulong selector = 0;
        foreach (byte value in applicationId[1..])
        {
            selector = selector << 8 | value;
        }

        return (ulong)applicationId[0] << 56 | (selector & 0x00FF_FFFF_FFFF_FFFF);
    }
}
