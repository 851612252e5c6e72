using Collector.Aggregation;
using Collector.Configuration;
using Collector.Flows;
using Collector.Sinks;
using Collector.Sinks.Triggers;

namespace Collector.Pipeline;

/// <summary>An output ready to be built: its configuration, compiled.</summary>
public sealed record OutputBlueprint
{
    /// <summary>The configuration.</summary>
    public required OutputOptions Options { get; init; }

    /// <summary>How it aggregates.</summary>
    public required AggregatePlan Plan { get; init; }

    /// <summary>Fields that it reads, those for enrichment included.</summary>
    public required FlowFieldSet Needed { get; init; }

    /// <summary>Where its rows go; owned by the publisher that is built from the blueprint.</summary>
    public required IFlowSink Sink { get; init; }

    /// <summary>Started after its purges; null for none.</summary>
    public PurgeTrigger? Trigger { get; init; }
}
