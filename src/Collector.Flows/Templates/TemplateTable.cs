namespace Collector.Flows.Templates;

/// <summary>
/// The templates of all sources of one worker, by source, version, domain, template id and port (DESIGN §4 "Key of a template"), within limits.
/// </summary>
internal sealed class TemplateTable(DecoderOptions options)
{
    // Two collectors behind one address are common, many ports are restarts or forgeries.
    private const int MaxPortsPerTemplate = 64;

    private readonly LinkedList<AnnouncedTemplate> _byAge = new();

    internal int Count => _byAge.Count;

    /// <summary>The template for a Set: the one that its own port announced last, else the newest of any port; null when there is none.</summary>
    internal Template? Find(ExportDomain domain, ushort id, ushort port, long now)
    {
        if (domain.Slot(id) is not { } slot)
        {
            return null;
        }

        AnnouncedTemplate? own = slot.Of(port);
        if (own is null || (!ReferenceEquals(own, slot.Newest) && own.LastUsed < now - Lifetime))
        {
            return slot.Newest?.Template;
        }

        own.LastUsed = now;
        NoteConflict(domain, own);
        return own.Template;
    }

    /// <summary>Takes in what a template Set or options template Set announces and withdraws.</summary>
    internal void ReadSet(ExportDomain domain, bool isOptions, ReadOnlySpan<byte> set, ushort port, long now)
    {
        var reader = new TemplateSetReader(domain.Version, isOptions, set);
        while (reader.TryRead(out TemplateDefinition definition))
        {
            domain.Counters.Templates++;
            domain.Counters.TemplateWithdrawals += definition.IsWithdrawal ? 1 : 0;
            if (definition.IsWithdrawal && definition.Id >= 256)
            {
                Withdraw(domain, definition.Id, port);
            }
            else if (definition.IsWithdrawal && definition.Id is 2 or 3)
            {
                WithdrawAll(domain, definition.Id == 3, port);
            }
            else if (!definition.IsUsable)
            {
                domain.Counters.Count(DecodeFault.BadTemplate);
            }
            else
            {
                Announce(domain, port, definition, now);
            }
        }

        if (reader.Fault != DecodeFault.None)
        {
            domain.Counters.Count(reader.Fault);
        }
    }

    /// <summary>Takes a template in that is only remembered: it holds until an announcement or its own data says otherwise.</summary>
    internal void Restore(ExportDomain domain, ushort port, in TemplateDefinition definition, long lastUsed)
    {
        if (domain.Slot(definition.Id)?.Of(port) is null)
        {
            TemplateSlot slot = domain.SlotOrNew(definition.Id);
            Add(domain, slot, port, slot.Same(definition) ?? new Template(definition) { IsProvisional = true }, lastUsed);
        }
    }

    private void Announce(ExportDomain domain, ushort port, in TemplateDefinition definition, long now)
    {
        TemplateSlot slot = domain.SlotOrNew(definition.Id);
        AnnouncedTemplate? own = slot.Of(port);
        if (own is not null && own.Template.Equals(definition))
        {
            Confirm(domain, own.Template);
            own.LastUsed = now;
            NoteConflict(domain, own);
            slot.Renew(own);
            Refresh(own);
            return;
        }

        Template? same = slot.Same(definition);
        bool isChange = same is null && slot.Newest is not null;
        if (isChange)
        {
            domain.Counters.TemplateRedefinitions++;
            domain.Counters.TemplatesChanged = now;
        }

        same ??= new Template(definition) { ChangedAt = isChange ? now : 0 };
        Confirm(domain, same);
        domain.Revision++;
        domain.NoteAnnounced(definition.Id);
        if (own is not null)
        {
            own.Template = same;
            own.LastUsed = now;
            own.ConflictCounted = false;
            slot.Renew(own);
            Refresh(own);
            return;
        }

        if (slot.IdleSince(now - Lifetime) is { } idle)
        {
            domain.Counters.TemplatesExpired++;
            Remove(idle);
        }

        Add(domain, slot, port, same, now);
    }

    private void Add(ExportDomain domain, TemplateSlot slot, ushort port, Template template, long now)
    {
        MakeRoom(domain, slot);
        var entry = new AnnouncedTemplate(slot, port, template) { LastUsed = now };

        // Making room may have removed the slot with its last entry.
        domain.SlotOrNew(template.Id, slot).Add(entry);
        domain.Templates.AddLast(entry.InDomain);
        domain.Source.Templates.AddLast(entry.InSource);
        _byAge.AddLast(entry.InTable);
    }

    // RFC 7011 §8.1: what the port announced for an id; entries of other ports stay.
    private void Withdraw(ExportDomain domain, ushort id, ushort port)
    {
        if (domain.Slot(id)?.Of(port) is { } entry)
        {
            Remove(entry);
        }
    }

    private void WithdrawAll(ExportDomain domain, bool optionsTemplates, ushort port)
    {
        for (LinkedListNode<AnnouncedTemplate>? node = domain.Templates.First; node is not null;)
        {
            AnnouncedTemplate entry = node.Value;
            node = node.Next;
            if (entry.Port == port && entry.Template.IsOptions == optionsTemplates)
            {
                Remove(entry);
            }
        }
    }

    /// <summary>Forgets all templates of a domain.</summary>
    internal void Clear(ExportDomain domain)
    {
        while (domain.Templates.First is { } node)
        {
            Remove(node.Value);
        }
    }

    /// <summary>Forgets a template that was only remembered, on every port: its data does not fit.</summary>
    internal void Distrust(ExportDomain domain, Template template)
    {
        while (domain.Slot(template.Id)?.EntryOf(template) is { } entry)
        {
            Remove(entry);
        }
    }

    /// <summary>True when the layout of a template is not beyond doubt.</summary>
    internal bool IsWatched(Template template, long now) => template.IsProvisional || (template.ChangedAt != 0 && template.ChangedAt > now - Lifetime);

    private static void Confirm(ExportDomain domain, Template template)
    {
        if (template.IsProvisional)
        {
            template.IsProvisional = false;
            domain.Revision++;
        }
    }

    private long Lifetime => options.TemplateLifetime * 1_000_000L;

    // Two layouts are a conflict only when the port with the older one goes on: otherwise the exporter has restarted on another port.
    private static void NoteConflict(ExportDomain domain, AnnouncedTemplate own)
    {
        if (own.Slot.Newest is { } newest && !ReferenceEquals(newest.Template, own.Template) && !own.ConflictCounted)
        {
            own.ConflictCounted = true;
            domain.Counters.TemplateConflicts++;
        }
    }

    private void MakeRoom(ExportDomain domain, TemplateSlot slot)
    {
        AnnouncedTemplate? victim =
            slot.Count >= MaxPortsPerTemplate ? slot.Oldest()
            : domain.Templates.Count >= options.MaxTemplatesPerDomain ? domain.Templates.First?.Value
            : _byAge.Count >= options.MaxTemplates ? domain.Source.Templates.First?.Value ?? _byAge.First?.Value
            : null;
        if (victim is not null)
        {
            domain.Counters.Count(DecodeFault.TemplateLimit);
            Remove(victim);
        }
    }

    private void Refresh(AnnouncedTemplate entry)
    {
        MoveToEnd(entry.Slot.Domain.Templates, entry.InDomain);
        MoveToEnd(entry.Slot.Domain.Source.Templates, entry.InSource);
        MoveToEnd(_byAge, entry.InTable);
    }

    private static void MoveToEnd(LinkedList<AnnouncedTemplate> list, LinkedListNode<AnnouncedTemplate> node)
    {
        if (node.Next is not null)
        {
            list.Remove(node);
            list.AddLast(node);
        }
    }

    private void Remove(AnnouncedTemplate entry)
    {
        ExportDomain domain = entry.Slot.Domain;
        domain.Revision++;
        domain.Templates.Remove(entry.InDomain);
        domain.Source.Templates.Remove(entry.InSource);
        _byAge.Remove(entry.InTable);
        entry.Slot.Remove(entry);
        if (entry.Slot.Count == 0)
        {
            domain.RemoveSlot(entry.Slot.Id);
        }
    }
}
