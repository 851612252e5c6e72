using System.Diagnostics.CodeAnalysis;
using Collector.Enrichment.Explanations;
using Collector.Net;
using Microsoft.AspNetCore.Http;

namespace Collector.Http;

/// <summary>GET /api/explain?exporter=…&amp;src=…&amp;dst=…: why a flow of this exporter between these hosts gets its AS numbers, as JSON or, on request, as text.</summary>
internal static class ExplainPage
{
    /// <summary>Answers one question.</summary>
    /// <param name="context">The request.</param>
    /// <param name="explainer">Explains by the running configuration and tables; null while the collector starts or stops.</param>
    public static async Task AnswerAsync(HttpContext context, FlowExplainer? explainer)
    {
        HttpResponse response = context.Response;
        if (!TryRead(context.Request, out IpAddress exporter, out IpAddress source, out IpAddress destination, out string? error))
        {
            response.StatusCode = StatusCodes.Status400BadRequest;
            await response.WriteAsync(error + "\n", context.RequestAborted);
            return;
        }

        if (explainer is null)
        {
            response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await response.WriteAsync("the collector is starting or stopping; ask again\n", context.RequestAborted);
            return;
        }

        Explanation explanation = explainer.Explain(exporter, source, destination);
        if (context.Request.Query["format"] == "text")
        {
            response.ContentType = "text/plain; charset=utf-8";
            await response.WriteAsync($"{explanation}\n", context.RequestAborted);
            return;
        }

        await response.WriteAsJsonAsync(
            new Answer(explanation.Steps, explanation.SourceAs, explanation.DestinationAs, explanation.SourceReason, explanation.DestinationReason), context.RequestAborted);
    }

    private static bool TryRead(HttpRequest request, out IpAddress exporter, out IpAddress source, out IpAddress destination, [NotNullWhen(false)] out string? error)
    {
        (exporter, source, destination) = (default, default, default);
        error = Read(request, "exporter", ref exporter) ?? Read(request, "src", ref source) ?? Read(request, "dst", ref destination);
        if (error is null && source.IsIPv4 != destination.IsIPv4)
        {
            error = $"src {source} and dst {destination} are of different address families; name two of one";
        }

        return error is null;
    }

    private static string? Read(HttpRequest request, string name, ref IpAddress address)
    {
        string text = request.Query[name].ToString();
        return text.Length == 0 ? $"{name} is missing; ask /api/explain?exporter=192.0.2.1&src=198.51.100.1&dst=203.0.113.1"
            : IpAddress.TryParse(text, out address) ? null
            : $"{name}: '{text}' is no IPv4 or IPv6 address";
    }

    /// <summary>The JSON form.</summary>
    private sealed record Answer(IReadOnlyList<ExplanationStep> Steps, uint SrcAs, uint DstAs, string? SrcReason, string? DstReason);
}
