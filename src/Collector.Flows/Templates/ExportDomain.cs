using Collector.Flows.Templates.Options;
using Collector.Net;

namespace Collector.Flows.Templates;

/// <summary>State of one source, protocol version and observation domain (NetFlow v9: source id).</summary>
internal sealed class ExportDomain(ExportSource source, ushort version, uint id, SourceCounters counters, OptionsBudget budget)
{
    private const int SmallCapacity = 16;

    // A dictionary that uses less than this part of its room is made smaller, to twice what it uses.
    private const int ShrinkBelow = 8;

    private readonly Dictionary<ushort, TemplateSlot> _slots = [];
    private DomainNames? _names;

    internal ExportSource Source { get; } = source;

    internal ushort Version { get; } = version;

    internal uint Id { get; } = id;

    internal SourceCounters Counters { get; } = counters;

    /// <summary>When the last datagram came, microseconds since the Unix epoch.</summary>
    internal long LastSeen { get; set; }

    internal LinkedList<AnnouncedTemplate> Templates { get; } = new();

    internal SamplerTable Samplers { get; } = new(budget);

    /// <summary>Names and addresses from options records.</summary>
    internal DomainNames Names => _names ??= new DomainNames(budget);

    /// <summary>Entries that it has taken from the budget.</summary>
    internal int OptionsEntries => Samplers.Count + (_names?.Count ?? 0);

    /// <summary>True when there is any name.</summary>
    internal bool HasNames => _names is not null;

    /// <summary>Elements 130/131 of options records; null when there are none.</summary>
    internal IpAddress? ExporterAddress { get; set; }

    /// <summary>systemInitTimeMilliseconds, IE 160, from options records; 0 unknown.</summary>
    internal ulong SystemInitMilliseconds { get; set; }

    internal TemplateSlot? Slot(ushort templateId) => _slots.GetValueOrDefault(templateId);

    internal TemplateSlot SlotOrNew(ushort templateId, TemplateSlot? known = null)
    {
        if (!_slots.TryGetValue(templateId, out TemplateSlot? slot))
        {
            slot = known ?? new TemplateSlot(this, templateId);
            _slots.Add(templateId, slot);
        }

        return slot;
    }

    internal void RemoveSlot(ushort templateId)
    {
        // A dictionary keeps the room that it once needed: many domains whose templates all gave way would hold gigabytes (quirk F10).
        if (_slots.Remove(templateId) && _slots.Count <= _slots.Capacity / ShrinkBelow && _slots.Capacity > SmallCapacity)
        {
            _slots.TrimExcess(Math.Max(SmallCapacity, _slots.Count * 2));
        }
    }
}
