using System.Net;

namespace Collector.Configuration.Pmacct;

/// <summary>What the lines read so far say about the daemon.</summary>
internal sealed class PmacctCore
{
    /// <summary>What maps to options as it is. nfacctd drops data that comes before its template, so the rows of both are the same.</summary>
    public CollectorOptions Options { get; set; } = new() { TemplateWaitSeconds = 0, PmacctCoreName = "default", Log = new LogOptions { Timestamps = false } };

    /// <summary>nfacctd_ip or sfacctd_ip; null: all addresses.</summary>
    public IPAddress? Address { get; set; }

    /// <summary>nfacctd_port or sfacctd_port.</summary>
    public int? Port { get; set; }

    /// <summary>The options with the outputs. sfacctd listens on another port than nfacctd when the file names none.</summary>
    public CollectorOptions Build(IReadOnlyList<OutputOptions> outputs, bool isSfacctd)
    {
        int port = Port ?? (isSfacctd ? 6343 : 2100);
        bool all = Address is null || Address.Equals(IPAddress.IPv6Any);
        return Options with { Listen = [all ? ListenAddress.Any(port) : new IPEndPoint(Address!, port)], Outputs = outputs };
    }
}
