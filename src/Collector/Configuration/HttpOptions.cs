using System.Net;

namespace Collector.Configuration;

/// <summary>The collector's own pages: /metrics and /api/explain. Immutable.</summary>
public sealed record HttpOptions
{
    /// <summary>False: no port is opened. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Where the pages are served. Default 127.0.0.1:9590: they name exporters, peers and routes, and ask for no password.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 9590);
}
