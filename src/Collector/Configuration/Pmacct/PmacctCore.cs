using System.Net;

namespace Collector.Configuration.Pmacct;

/// <summary>What the lines read so far say about the daemon.</summary>
internal sealed class PmacctCore
{
    /// <summary>What maps to options as it is.</summary>
    public CollectorOptions Options { get; set; } = new() { PmacctCoreName = "default", Log = new LogOptions { Timestamps = false } };

    /// <summary>nfacctd_ip or sfacctd_ip; null: all addresses.</summary>
    public IPAddress? Address { get; set; }

    /// <summary>nfacctd_port or sfacctd_port.</summary>
    public int? Port { get; set; }

    /// <summary>The keys of the BGP daemon.</summary>
    public PmacctBgp Bgp { get; } = new();

    // Keys of times and writer_id belong to plugins here; the daemon prints its own objects by those of the first.
    private BgpOptions BuildBgp(IReadOnlyList<OutputOptions> outputs)
    {
        OutputOptions first = outputs.Count > 0 ? outputs[0] : OutputOptions.BuiltIn;
        BgpOutputOptions objects = Bgp.Outputs.Build(Options.PmacctCoreName ?? "default", first.Kafka.WriterId);
        return Bgp.Build() with
        {
            Outputs = objects with { Objects = objects.Objects with { Text = first.Text, NumericCommunities = Options.Enrichment.NumericCommunities } },
        };
    }

    /// <summary>The options with the outputs. sfacctd listens on another port than nfacctd when the file names none.</summary>
    public CollectorOptions Build(IReadOnlyList<OutputOptions> outputs, bool isSfacctd)
    {
        int port = Port ?? (isSfacctd ? 6343 : 2100);
        bool all = Address is null || Address.Equals(IPAddress.IPv6Any);
        return Options with { Listen = [all ? ListenAddress.Any(port) : new IPEndPoint(Address!, port)], Outputs = outputs, Bgp = BuildBgp(outputs) };
    }
}
