using Collector.Pipeline;
using Microsoft.AspNetCore.Http;

namespace Collector.Http;

/// <summary>The pages of the daemon by path.</summary>
internal static class CollectorPages
{
    /// <summary>All pages, over a corridor that runs.</summary>
    public static IReadOnlyDictionary<string, RequestDelegate> Of(Corridor corridor) => new Dictionary<string, RequestDelegate>
    {
        ["/metrics"] = context =>
        {
            context.Response.ContentType = PrometheusText.ContentType;
            return context.Response.WriteAsync(MetricsPage.Write(corridor), context.RequestAborted);
        },
    };
}
