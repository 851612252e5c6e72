using Collector.Hosting;
using Microsoft.AspNetCore.Http;

namespace Collector.Http;

/// <summary>The pages of the daemon by path.</summary>
internal static class CollectorPages
{
    /// <summary>All pages, over corridors that run.</summary>
    /// <param name="parts">What runs in the process.</param>
    public static IReadOnlyDictionary<string, RequestDelegate> Of(IReadOnlyList<CollectorPart> parts) => new Dictionary<string, RequestDelegate>
    {
        ["/metrics"] = context =>
        {
            context.Response.ContentType = PrometheusText.ContentType;
            return context.Response.WriteAsync(MetricsPage.Write(parts), context.RequestAborted);
        },
        ["/api/explain"] = context => ExplainAsync(context, parts),
    };

    private static async Task ExplainAsync(HttpContext context, IReadOnlyList<CollectorPart> parts)
    {
        // Of several configurations the first answers, unless one is asked for by the name of its file.
        string name = context.Request.Query["configuration"].ToString();
        if ((name.Length == 0 ? parts[0] : parts.FirstOrDefault(p => p.Label == name)) is not { } part)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync($"configuration: there is no '{name}'; there are: {string.Join(", ", parts.Select(p => p.Label))}\n", context.RequestAborted);
            return;
        }

        await ExplainPage.AnswerAsync(context, part.Corridor.Explainer);
    }
}
