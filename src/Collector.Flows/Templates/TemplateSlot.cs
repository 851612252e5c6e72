namespace Collector.Flows.Templates;

/// <summary>All templates that a source announced for one domain and template id: normally one, one per port where ports differ.</summary>
internal sealed class TemplateSlot(ExportDomain domain, ushort id)
{
    private readonly List<AnnouncedTemplate> _entries = new(1);
    private AnnouncedTemplate? _last;

    internal ExportDomain Domain { get; } = domain;

    internal ushort Id { get; } = id;

    /// <summary>The entry announced last by any port.</summary>
    internal AnnouncedTemplate? Newest { get; private set; }

    internal int Count => _entries.Count;

    /// <summary>The entry of a port, however old.</summary>
    internal AnnouncedTemplate? Of(ushort port)
    {
        if (_last is { } last && last.Port == port)
        {
            return last;
        }

        foreach (AnnouncedTemplate entry in _entries)
        {
            if (entry.Port == port)
            {
                return _last = entry;
            }
        }

        return null;
    }

    /// <summary>An entry that uses a template; null when none does.</summary>
    internal AnnouncedTemplate? EntryOf(Template template) => _entries.Find(e => ReferenceEquals(e.Template, template));

    internal void Add(AnnouncedTemplate entry)
    {
        _entries.Add(entry);
        Newest = entry;
    }

    /// <summary>Notes that an entry was announced again.</summary>
    internal void Renew(AnnouncedTemplate entry) => Newest = entry;

    internal void Remove(AnnouncedTemplate entry)
    {
        _entries.Remove(entry);
        _last = null;
        if (ReferenceEquals(Newest, entry))
        {
            // Ports are told apart by use where the announcement is gone: the one in use last is the best guess.
            Newest = _entries.MaxBy(e => e.LastUsed);
        }
    }

    /// <summary>The entry that says the same as an announcement, so that ports share what was compiled from it.</summary>
    internal Template? Same(in TemplateDefinition definition)
    {
        foreach (AnnouncedTemplate entry in _entries)
        {
            if (entry.Template.Equals(definition))
            {
                return entry.Template;
            }
        }

        return null;
    }

    /// <summary>The first entry not used since a time, other than the newest; null when there is none.</summary>
    internal AnnouncedTemplate? IdleSince(long time)
    {
        foreach (AnnouncedTemplate entry in _entries)
        {
            if (entry.LastUsed < time && !ReferenceEquals(entry, Newest))
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>The entry used longest ago.</summary>
    internal AnnouncedTemplate? Oldest() => _entries.MinBy(e => e.LastUsed);
}
