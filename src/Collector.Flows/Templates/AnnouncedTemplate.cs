namespace Collector.Flows.Templates;

/// <summary>A template as announced by one UDP port of a source: an entry of <see cref="TemplateTable"/>.</summary>
internal sealed class AnnouncedTemplate
{
    internal AnnouncedTemplate(TemplateSlot slot, ushort port, Template template)
    {
        Slot = slot;
        Port = port;
        Template = template;
        InDomain = new LinkedListNode<AnnouncedTemplate>(this);
        InSource = new LinkedListNode<AnnouncedTemplate>(this);
        InTable = new LinkedListNode<AnnouncedTemplate>(this);
    }

    internal TemplateSlot Slot { get; }

    internal ushort Port { get; }

    internal Template Template { get; set; }

    /// <summary>When the port announced it or sent data for it last, microseconds since the Unix epoch.</summary>
    internal long LastUsed { get; set; }

    /// <summary>True once a difference to another port's layout was counted as a conflict.</summary>
    internal bool ConflictCounted { get; set; }

    // Places in the lists by time of announcement, the oldest first.
    internal LinkedListNode<AnnouncedTemplate> InDomain { get; }

    internal LinkedListNode<AnnouncedTemplate> InSource { get; }

    internal LinkedListNode<AnnouncedTemplate> InTable { get; }
}
