using Collector.Aggregation;
using Collector.Bgp.Rib;
using Collector.Configuration;
using Collector.Enrichment;
using Collector.Flows;
using Collector.Output;
using Collector.Pipeline;
using Collector.Replay;
using Collector.Sinks;
using Collector.Sinks.Files;
using Collector.Sinks.Kafka;
using Collector.Sinks.Stdout;
using Collector.Sinks.Triggers;
using Collector.Telemetry;
using Microsoft.Extensions.Logging;

namespace Collector.Hosting;

/// <summary>Builds the corridor by hand, from its far end: a sink and a writer for each output, then <see cref="PipelineParts.Build"/> for the rest.</summary>
internal static class Wiring
{
    /// <summary>The corridor of the daemon.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="bgp">The BGP speaker, whose routes the corridor reads; null without one.</param>
    /// <param name="state">Where templates are kept over a restart; null: nowhere.</param>
    /// <param name="log">Where the operator reads.</param>
    public static Corridor Build(CollectorOptions options, BgpDaemon? bgp, StateDirectory? state, ILoggerFactory log) =>
        new(options, [.. options.Outputs.Select(output => Compile(output, toStdout: false, log))], LoadSources(options, bgp?.Routes, log), TimeProvider.System, log)
        {
            Templates = state is null ? null : new TemplateStore(state),
        };

    /// <summary>The corridor of a replay.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="request">The captures and the switches of the command line.</param>
    /// <param name="bgp">A speaker that is not started: it takes the sessions of the captures; null without one.</param>
    /// <param name="log">Where the operator reads.</param>
    /// <exception cref="CannotStartException">The output that is wanted does not exist.</exception>
    public static ReplayCorridor BuildReplay(CollectorOptions options, ReplayRequest request, BgpDaemon? bgp, ILoggerFactory log)
    {
        OutputOptions[] outputs = [.. options.Outputs.Where(o => request.Output is null || o.Name == request.Output)];
        if (outputs.Length == 0)
        {
            throw new CannotStartException($"--output {request.Output}: no such output; there are {string.Join(", ", options.Outputs.Select(o => o.Name))}");
        }

        return new ReplayCorridor(
            options,
            request,
            [.. outputs.Select(output => Compile(output, !request.ToSinks, log))],
            LoadSources(options, bgp?.Routes, log),
            log,
            bgp is null ? null : new BgpReplay(bgp.Speaker));
    }

    private static EnrichmentSources LoadSources(CollectorOptions options, RouteTable? routes, ILoggerFactory log)
    {
        var sources = new EnrichmentSources(options, routes);
        IReadOnlyList<Finding> findings = sources.Load();
        foreach (Finding finding in findings.Where(f => f.Severity != FindingSeverity.Error))
        {
            Log.SourceWarning(log.CreateLogger("collector"), finding.ToString());
        }

        string[] errors = [.. findings.Where(f => f.Severity == FindingSeverity.Error).Select(f => f.ToString())];
        return errors.Length == 0 ? sources : throw new CannotStartException(string.Join('\n', errors));
    }

    private static OutputBlueprint Compile(OutputOptions output, bool toStdout, ILoggerFactory log)
    {
        if (!PrimitiveSelection.TryParse(output, out PrimitiveSelection? selection, out IReadOnlyList<string> errors))
        {
            throw new CannotStartException($"output {output.Name}: {string.Join("; ", errors)}");
        }

        var plan = new AggregatePlan(
            selection.KeyFields, selection.Sum, output.Text.Seconds, output.ProRating && output.Window.HasHistory, output.Stitching, selection.KeyExtras);
        RowWriter writer = RowWriter.Create(output, selection, plan.Layout);
        return new OutputBlueprint
        {
            Options = output,
            Plan = plan,
            Needed = NeededOf(output, selection),
            Sink = MakeSink(output, toStdout ? OutputKind.Stdout : output.Kind, plan.Layout, writer, log.CreateLogger("collector")),

            // A replay to stdout looks at what would be published, so nothing is started.
            Trigger = output.TriggerExec is { } command && !toStdout
                ? new PurgeTrigger(output.Name, command, waitAtStop: !output.TriggerAsync, log.CreateLogger("collector"), TimeProvider.System)
                : null,
        };
    }

    private static FlowFieldSet NeededOf(OutputOptions output, PrimitiveSelection selection)
    {
        FlowFieldSet needed = selection.NeededFields;
        needed = output.ProRating ? needed.Union(FlowFieldSet.Of(FlowField.BinTime, FlowField.BinEndTime)) : needed;
        return output.Stitching ? needed.Union(FlowFieldSet.Of(FlowField.BinTime, FlowField.BinEndTime, FlowField.StartTime, FlowField.EndTime, FlowField.ArrivalTime, FlowField.ExportVersion)) : needed;
    }

    private static IFlowSink MakeSink(OutputOptions output, OutputKind kind, KeyLayout layout, RowWriter writer, ILogger log) => kind switch
    {
        OutputKind.Kafka => new KafkaSink(output, layout, writer, log),
        OutputKind.File => new FileSink(output, writer, layout, log),
        _ => new StdoutSink(output, writer, log),
    };
}
