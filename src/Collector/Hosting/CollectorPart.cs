using Collector.Configuration;
using Collector.Pipeline;
using Collector.Telemetry;

namespace Collector.Hosting;

/// <summary>One configuration at work in the process: its corridor, from its sockets to its outputs, and its BGP speaker.</summary>
/// <param name="Configuration">The configuration.</param>
/// <param name="Corridor">Its corridor.</param>
/// <param name="Bgp">Its speaker; null without one.</param>
internal sealed record CollectorPart(LoadedConfiguration Configuration, Corridor Corridor, BgpDaemon? Bgp)
{
    /// <summary>Tells it from the others in the log and on pages; empty when it is alone.</summary>
    public string Label => Configuration.Label;

    /// <summary>What the last line of the minute was told of.</summary>
    public Summary LastMinute { get; set; }

    /// <summary>SIGHUP: files are opened anew; maps, sources and peers are read anew.</summary>
    public IEnumerable<Action> Reloads => [Corridor.Reload, Corridor.ReloadMaps, Corridor.ReloadSources, () => Bgp?.Reload()];
}
