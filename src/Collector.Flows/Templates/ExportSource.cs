using Collector.Flows.Templates.Options;
using Collector.Net;

namespace Collector.Flows.Templates;

/// <summary>What holds for all observation domains of one source.</summary>
internal sealed class ExportSource(IpAddress address, OptionsBudget budget)
{
    internal IpAddress Address { get; } = address;

    /// <summary>Samplers announced with scope System: they hold exporter-wide (pmacct-compat §8.3).</summary>
    internal SamplerTable Samplers { get; } = new(budget);

    /// <summary>Templates in the order of announcement.</summary>
    internal LinkedList<AnnouncedTemplate> Templates { get; } = new();

    /// <summary>Number of its domains.</summary>
    internal int Domains { get; set; }
}
