using Collector.Pipeline;
using Collector.Telemetry;

namespace Collector.Http;

/// <summary>The ledger as Prometheus text.</summary>
internal static class MetricsPage
{
    public static string Write(Corridor corridor)
    {
        var text = new PrometheusText();
        Summary summary = corridor.Summary();
        text.Family("collector_datagrams_total", "counter", "Datagrams received.");
        text.Sample(summary.Datagrams);
        return text.ToString();
    }
}
