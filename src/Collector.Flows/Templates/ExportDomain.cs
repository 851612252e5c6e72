using Collector.Flows.Templates.Options;
using Collector.Net;

namespace Collector.Flows.Templates;

/// <summary>State of one source, protocol version and observation domain (NetFlow v9: source id).</summary>
internal sealed class ExportDomain(
    ExportSource source, ushort version, uint id, SourceCounters counters, DecoderOptions options, OptionsBudget budget, HeldBudget heldBudget)
{
    // More ids than any exporter was seen to use; who sends forged ones does not make the list longer.
    private const int MaxMissingTemplates = 32;

    private const int SmallCapacity = 16;

    // A dictionary that uses less than this part of its room is made smaller, to twice what it uses.
    private const int ShrinkBelow = 8;

    private readonly Dictionary<ushort, TemplateSlot> _slots = [];
    private DomainNames? _names;

    internal ExportSource Source { get; } = source;

    internal ushort Version { get; } = version;

    internal uint Id { get; } = id;

    internal SourceCounters Counters { get; private set; } = counters;

    /// <summary>Sets that came before their template; null when there were none.</summary>
    internal HeldSets? Held { get; private set; }

    /// <summary>True when a template has come since the held Sets were looked at.</summary>
    internal bool HasNewTemplate { get; set; }

    /// <summary>Grows with every change of its templates, its address and its clock.</summary>
    internal uint Revision { get; set; }

    /// <summary>Differs whenever something has changed that is saved.</summary>
    internal uint SaveRevision => Revision + Samplers.Revision + Source.Samplers.Revision + (_names?.Revision ?? 0);

    /// <summary>The <see cref="SaveRevision"/> that was saved last.</summary>
    internal uint SavedRevision { get; set; }

    /// <summary>The <see cref="LastSeen"/> that was saved last.</summary>
    internal long SavedLastSeen { get; set; }

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

    /// <summary>The interval of a sampler, here or for all domains of the exporter (pmacct-compat §8.3); 0 unknown.</summary>
    internal uint Sampler(uint id) => Samplers[id] is not 0 and uint interval ? interval : Source.Samplers[id];

    /// <summary>The interval of records that name no sampler: number 0, what options tell of their template, what the domain told of last (as 1.7.7 takes it); 0 unknown.</summary>
    internal uint SamplerOf(ushort template)
    {
        uint interval = Samplers[0];
        interval = interval != 0 ? interval : Samplers[template];
        interval = interval != 0 ? interval : Samplers.Newest;
        interval = interval != 0 ? interval : Source.Samplers[0];
        return interval != 0 ? interval : Source.Samplers[template];
    }

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

    /// <summary>Keeps a Set until its template comes; false when it may not be kept.</summary>
    internal bool TryHold(in HeldSet set, ReadOnlySpan<byte> content) =>
        options.HoldSeconds > 0 && (Held ??= new HeldSets(options, heldBudget, Counters)).TryAdd(set, content);

    /// <summary>Lists a template for which data came and no announcement.</summary>
    internal void NoteMissing(ushort templateId, long now)
    {
        if (Counters.IsSum)
        {
            return;
        }

        IReadOnlyList<MissingTemplate> all = Counters.MissingTemplates;
        MissingTemplate? entry = null;
        for (int i = 0; i < all.Count && entry is null; i++)
        {
            entry = all[i].Id == templateId ? all[i] : null;
        }

        if (entry is null)
        {
            if (all.Count >= MaxMissingTemplates)
            {
                return;
            }

            entry = new MissingTemplate(templateId, now);
            Counters.MissingTemplates = [.. all, entry];
        }

        entry.LastSeen = now;
        entry.Sets++;
    }

    /// <summary>Takes a template off the list: it came.</summary>
    internal void NoteAnnounced(ushort templateId)
    {
        if (Counters.MissingTemplates.Count > 0)
        {
            Counters.MissingTemplates = [.. Counters.MissingTemplates.Where(m => m.Id != templateId)];
        }

        HasNewTemplate |= Held?.WaitsFor(templateId) == true;
    }

    /// <summary>The counters of the domain have given way while it was idle; these go on.</summary>
    internal void Continue(SourceCounters counters)
    {
        Held?.GiveUpAll();
        Held = null;
        Counters = counters;
    }

    /// <summary>Nothing more will come.</summary>
    internal void End() => Held?.GiveUpAll();
}
