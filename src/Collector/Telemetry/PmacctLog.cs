using System.Net;
using Collector.Configuration;
using Microsoft.Extensions.Logging;

namespace Collector.Telemetry;

/// <summary>What nfacctd and sfacctd log in their course, beside the collector's own lines: start, maps, purges, statistics, end.</summary>
/// <remarks>For scripts that watch the log of a daemon that the collector has taken over from. Thread-safe.</remarks>
internal sealed class PmacctLog
{
    // pmacct loads these without saying that it begins, and says nothing of allow files.
    private static readonly string[] Quiet = ["ports_file", "protos_file", "tos_file"];

    private readonly CollectorOptions _options;
    private readonly ILoggerFactory _logs;
    private readonly ILogger _core;

    private PmacctLog(CollectorOptions options, string name, ILoggerFactory logs)
    {
        (_options, _logs) = (options, logs);
        _core = logs.CreateLogger($"{name}/core");
        BgpLogger = logs.CreateLogger($"{name}/core/BGP");
    }

    private ILogger BgpLogger { get; }

    /// <summary>The log of a configuration; null where it has no core_proc_name and so none of these lines.</summary>
    public static PmacctLog? Of(CollectorOptions options, ILoggerFactory logs) => options.PmacctCoreName is { } name ? new PmacctLog(options, name, logs) : null;

    /// <summary>The first lines, a daemon for each of the protocols that are taken.</summary>
    /// <param name="version">The collector's version.</param>
    /// <param name="file">The configuration file.</param>
    public void Starting(string version, string file)
    {
        foreach (string protocol in Protocols("NetFlow"))
        {
            Log.PmacctStarted(_core, protocol, version);
        }

        Log.PmacctConfiguration(_core, Path.GetFullPath(file));
    }

    /// <summary>Tells that datagrams are received: later versions word it otherwise (pmacct-compat §9.2).</summary>
    public void Waiting(IReadOnlyList<IPEndPoint> listen)
    {
        foreach (IPEndPoint address in listen)
        {
            foreach (string protocol in Protocols("NetFlow/IPFIX"))
            {
                Log.PmacctWaiting(_core, protocol, _options.Pmacct17
                    ? FormattableString.Invariant($"{address.Address}:{address.Port}")
                    : FormattableString.Invariant($"interface={_options.Sockets.Interface ?? "all"} ip={address.Address} port={address.Port}/udp"));
            }
        }
    }

    /// <summary>Tells that BGP sessions are waited for.</summary>
    public void WaitingForBgp(IReadOnlyList<IPEndPoint> listen)
    {
        foreach (IPEndPoint address in listen)
        {
            Log.PmacctWaiting(BgpLogger, "BGP", FormattableString.Invariant($"{address.Address}:{address.Port}"));
        }
    }

    /// <summary>Tells that a map is going to be read.</summary>
    public void MapLoading(string key, string file)
    {
        if (key != "allow_file" && !Quiet.Contains(key))
        {
            Log.PmacctMapLoading(_core, file);
        }
    }

    /// <summary>Tells that a map is in force.</summary>
    public void MapLoaded(string key, string file)
    {
        if (key != "allow_file")
        {
            Log.PmacctMapLoaded(_core, file);
        }
    }

    /// <summary>SIGUSR1.</summary>
    public void Statistics(LedgerSnapshot ledger, IPEndPoint listen, long now)
    {
        foreach (string line in PmacctStatistics.Lines(ledger, listen, now, !_options.PmacctDisableChecks))
        {
            Log.PmacctStatistics(_core, line);
        }
    }

    /// <summary>The last line.</summary>
    public void Exiting() => Log.PmacctExiting(_core);

    /// <summary>The purges of an output.</summary>
    public PmacctPurgeLog PurgesOf(OutputOptions output)
    {
        string type = output.Kind == OutputKind.Kafka ? "kafka" : "print";
        return new PmacctPurgeLog(_logs.CreateLogger($"{output.Name}/{type}"), output.MaxBacklogPurges, type == "print");
    }

    private IEnumerable<string> Protocols(string netFlow) =>
    [
        .. _options.Protocols.HasFlag(FlowProtocols.NetFlow) ? [netFlow] : Array.Empty<string>(),
        .. _options.Protocols.HasFlag(FlowProtocols.SFlow) ? ["sFlow"] : Array.Empty<string>(),
    ];
}

/// <summary>What a plugin of pmacct logs around each purge.</summary>
/// <param name="log">Its logger.</param>
/// <param name="limit">Purges that may wait.</param>
/// <param name="isPrint">The print plugin has another end of an empty purge.</param>
public sealed class PmacctPurgeLog(ILogger log, int limit, bool isPrint)
{
    /// <summary>A purge begins.</summary>
    public void Start() => Log.PmacctPurgeStart(log, Environment.ProcessId);

    /// <summary>A purge is over.</summary>
    /// <param name="sent">Rows that the destination has taken.</param>
    /// <param name="total">Rows of the purge.</param>
    /// <param name="elapsed">How long it took.</param>
    public void End(long sent, long total, TimeSpan elapsed) => Log.PmacctPurgeEnd(
        log, Environment.ProcessId, sent, total, isPrint && total == 0 ? "X" : ((long)elapsed.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>A purge is dropped because too many wait, which with pmacct are writer processes.</summary>
    public void Dropped() => Log.PmacctWritersReached(log, limit);
}
