using System.Net;
using Collector.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Collector.Http;

/// <summary>The collector's own pages on <c>http.listen</c>, served by Kestrel. Read-only: no page changes anything.</summary>
/// <remarks>Nothing here is on the way of a datagram: pages copy counters that others own, on threads of the pool.</remarks>
public sealed class HttpEndpoint : IAsyncDisposable
{
    // A scrape or a question has no body; whoever sends one, or many at once, is no client of these pages.
    private const int MaxRequestBytes = 1024, MaxConnections = 64;

    private readonly WebApplication _application;

    private HttpEndpoint(WebApplication application) => _application = application;

    /// <summary>The address that is served, with the port that the kernel chose where 0 was asked for.</summary>
    public string Address => _application.Urls.First();

    /// <summary>Opens the port and serves pages.</summary>
    /// <param name="options">Where.</param>
    /// <param name="pages">Path and page; each answers GET.</param>
    /// <param name="log">Where Kestrel's own warnings go.</param>
    /// <exception cref="IOException">The address cannot be had.</exception>
    public static async Task<HttpEndpoint> StartAsync(HttpOptions options, IReadOnlyDictionary<string, RequestDelegate> pages, ILoggerFactory log)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "collector" });
        builder.Services.AddSingleton(log);
        builder.Services.AddSingleton<IHostLifetime, BorrowedLifetime>();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Listen(options.Listen);
        });

        WebApplication application = builder.Build();
        foreach ((string path, RequestDelegate page) in pages)
        {
            application.MapGet(path, page);
        }

        try
        {
            await application.StartAsync();
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }

        return new HttpEndpoint(application);
    }

    /// <summary>Ends open requests and closes the port.</summary>
    public async ValueTask DisposeAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _application.StopAsync(timeout.Token);
        await _application.DisposeAsync();
    }

    /// <summary>Signals belong to the daemon's host.</summary>
    private sealed class BorrowedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
