using Collector.Hosting;
using Collector.Pipeline;
using Microsoft.AspNetCore.Http;

namespace Collector.Http;

/// <summary>The pages of the daemon by path.</summary>
internal static class CollectorPages
{
    /// <summary>All pages, over a corridor that runs.</summary>
    /// <param name="corridor">The corridor.</param>
    /// <param name="bgp">The BGP speaker; null without one.</param>
    public static IReadOnlyDictionary<string, RequestDelegate> Of(Corridor corridor, BgpDaemon? bgp) => new Dictionary<string, RequestDelegate>
    {
        ["/metrics"] = context =>
        {
            context.Response.ContentType = PrometheusText.ContentType;
            return context.Response.WriteAsync(MetricsPage.Write(corridor, bgp), context.RequestAborted);
        },
        ["/api/explain"] = context => ExplainPage.AnswerAsync(context, corridor.Explainer),
    };
}
