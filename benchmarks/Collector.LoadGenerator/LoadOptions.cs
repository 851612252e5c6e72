using System.Net;
using Collector.Net;

namespace Collector.LoadGenerator;

/// <summary>What an exporter speaks; <see cref="Mixed"/> gives every fourth source the same.</summary>
internal enum LoadProtocol
{
    NetFlow5,
    NetFlow9,
    Ipfix,
    SFlow,
    Mixed,
}

/// <summary>One load, complete: the same options give the same datagrams, save for the clock of a live run.</summary>
internal sealed record LoadOptions
{
    /// <summary>What the sources speak. Default v9.</summary>
    public LoadProtocol Protocol { get; init; } = LoadProtocol.NetFlow9;

    /// <summary>Everything that is drawn is drawn from it. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Exporters, each with an address of its own. Default 1.</summary>
    public int Sources { get; init; } = 1;

    /// <summary>Address of the first source; the others follow. Default 127.0.0.2 live, 192.0.2.1 in a capture.</summary>
    public IpAddress? FirstSource { get; init; }

    /// <summary>Distinct 5-tuples. Default 100,000.</summary>
    public int Keys { get; init; } = 100_000;

    /// <summary>Share of the keys that is IPv6, 0 to 1. Default 0.</summary>
    public double IPv6Share { get; init; }

    /// <summary>Keys are drawn at random instead of in shuffled rounds in which each appears once. Default false.</summary>
    public bool DrawUniformly { get; init; }

    /// <summary>Prefixes (/24, /48) that the addresses are taken from. Default 200,000.</summary>
    public int Prefixes { get; init; } = 200_000;

    /// <summary>Records per second of the sending or of the capture's clock; 0 as fast as possible (live only). Default 0.</summary>
    public double Rate { get; init; }

    /// <summary>Records to send, rounded up to whole datagrams; 0 without limit. Default 0.</summary>
    public long Count { get; init; }

    /// <summary>Longest duration in seconds. Default 10.</summary>
    public double Duration { get; init; } = 10;

    /// <summary>Largest UDP payload; v5 always carries its 30 records. Default 1,404.</summary>
    public int DatagramBytes { get; init; } = 1_404;

    /// <summary>Fewest datagrams that are prepared before they repeat. Default 20,000.</summary>
    public int Ring { get; init; } = 20_000;

    /// <summary>Datagrams that a source sends before it is the next one's turn. Default 32 live, 1 in a capture.</summary>
    public int? Burst { get; init; }

    /// <summary>Sampling interval announced (v5 header, options data, sFlow samples); 1 for none. Default 1.</summary>
    public uint Sampling { get; init; } = 1;

    /// <summary>Datagrams of a source after which templates and options are sent again. Default 1,000.</summary>
    public int AnnounceDatagrams { get; init; } = 1_000;

    /// <summary>Seconds of a source after which templates and options are sent again. Default 10.</summary>
    public double AnnounceSeconds { get; init; } = 10;

    /// <summary>Share of the records whose flow started long before, 0 to 1. Default 0.</summary>
    public double LateShare { get; init; }

    /// <summary>How much earlier late flows start at most, in seconds. Default 120.</summary>
    public int LateSeconds { get; init; } = 120;

    /// <summary>Where to send; a loopback address. Default 127.0.0.1:2055.</summary>
    public IPEndPoint Target { get; init; } = new(IPAddress.Loopback, 2055);

    /// <summary>Lets the kernel cut long sends into datagrams (UDP_SEGMENT). Default false.</summary>
    public bool Segmentation { get; init; }

    /// <summary>Writes this capture instead of sending.</summary>
    public string? CaptureFile { get; init; }

    /// <summary>First moment of a capture. Default 2026-01-01T00:00:00Z.</summary>
    public DateTimeOffset Start { get; init; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What is wrong with the options, one sentence each.</summary>
    public IEnumerable<string> Errors()
    {
        if (Protocol == LoadProtocol.NetFlow5 && IPv6Share > 0)
        {
            yield return "NetFlow v5 carries no IPv6: leave --ipv6 out or choose another --protocol.";
        }

        if (Protocol == LoadProtocol.Mixed && Sources < 4)
        {
            yield return "--protocol mixed needs --sources 4 or more, one per protocol.";
        }

        if (CaptureFile is null && !IPAddress.IsLoopback(Target.Address))
        {
            yield return $"--target {Target}: this generator sends to loopback addresses only.";
        }

        if (CaptureFile is not null && (Rate <= 0 || Count <= 0))
        {
            yield return "--pcap needs --rate (for the clock) and --count.";
        }

        if (Sources is < 1 or > 65_536 || Keys < 1 || Prefixes is < 1 or > 8_000_000 || Ring < 1 || Burst is < 1 || Sampling is < 1 or > 16_383)
        {
            yield return "--sources is 1 to 65536, --keys, --ring and --burst at least 1, --prefixes 1 to 8000000, --sampling 1 to 16383.";
        }

        if (DatagramBytes is < 400 or > 9_000 || AnnounceDatagrams < 1 || !(AnnounceSeconds > 0))
        {
            yield return "--datagram-bytes is 400 to 9000, --announce-datagrams at least 1, --announce-seconds more than 0.";
        }

        if (IPv6Share is not (>= 0 and <= 1) || LateShare is not (>= 0 and <= 1) || LateSeconds is < 1 or > 86_400 || !(Duration > 0))
        {
            yield return "--ipv6 and --late are shares from 0 to 1, --late-seconds is 1 to 86400, --duration is more than 0.";
        }
    }
}
