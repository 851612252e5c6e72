using System.Net;
using Microsoft.Extensions.Logging;

namespace Collector.Telemetry;

/// <summary>All log lines of the collector. Ids: 1000 hosting, 2000 receiving, 3000 decoding, 4000 aggregation, 5000 sinks, 6000 replay, 7000 BGP.</summary>
/// <remarks>No line here is written per datagram: what a peer can cause goes through <see cref="RateLimitedLog"/> first.</remarks>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "collector {Version} started with {Origin}, pid {Pid}")]
    public static partial void Started(ILogger log, string version, string origin, int pid);

    [LoggerMessage(1001, LogLevel.Information, "output {Name}: {Destination}")]
    public static partial void Output(ILogger log, string name, string destination);

    [LoggerMessage(1002, LogLevel.Warning, "state: {Reason}; the collector runs without, so exporters' templates are not known after a restart")]
    public static partial void NoState(ILogger log, string reason);

    [LoggerMessage(1003, LogLevel.Information, "stopping: the last datagrams are taken and all windows published; a second signal gives up what is not published yet")]
    public static partial void Stopping(ILogger log);

    [LoggerMessage(1004, LogLevel.Warning, "giving up what is not published yet")]
    public static partial void GivingUp(ILogger log);

    [LoggerMessage(1005, LogLevel.Information, "stopped")]
    public static partial void Stopped(ILogger log);

    [LoggerMessage(1006, LogLevel.Information, "{Summary}")]
    public static partial void Summary(ILogger log, string summary);

    [LoggerMessage(1007, LogLevel.Critical, "a thread has failed, the collector stops")]
    public static partial void Faulted(ILogger log, Exception exception);

    [LoggerMessage(1008, LogLevel.Error, "{Reason}")]
    public static partial void CannotStart(ILogger log, string reason);

    [LoggerMessage(1009, LogLevel.Information, "SIGHUP: files are opened anew")]
    public static partial void Reloading(ILogger log);

    [LoggerMessage(1010, LogLevel.Information, "SIGUSR2: this configuration has no maps to reload")]
    public static partial void NoMaps(ILogger log);

    [LoggerMessage(1011, LogLevel.Error, "a signal could not be acted on")]
    public static partial void SignalFailed(ILogger log, Exception exception);

    [LoggerMessage(1012, LogLevel.Warning, "{Finding}")]
    public static partial void ConfigurationWarning(ILogger log, string finding);

    [LoggerMessage(1013, LogLevel.Information, "{Finding}")]
    public static partial void ConfigurationNote(ILogger log, string finding);

    [LoggerMessage(1014, LogLevel.Information, "ledger: {Line}")]
    public static partial void Ledger(ILogger log, string line);

    [LoggerMessage(1015, LogLevel.Warning, "memory_limit: {Limit} bytes are more than the {Available} that the machine or the control group allows; write less, or auto")]
    public static partial void MemoryWarning(ILogger log, long limit, long available);

    [LoggerMessage(1016, LogLevel.Information, "pages on {Address}")]
    public static partial void Pages(ILogger log, string address);

    [LoggerMessage(1017, LogLevel.Warning, "http.listen {Address}: {Reason}; the collector runs without its pages: name another port, or http.enabled: false")]
    public static partial void NoPages(ILogger log, IPEndPoint address, string reason);

    [LoggerMessage(1020, LogLevel.Information, "{Key}: {Path} is loaded and in force")]
    public static partial void MapLoaded(ILogger log, string key, string path);

    [LoggerMessage(1021, LogLevel.Error, "{Key}: {Path} cannot be used; the map of before stays in force")]
    public static partial void MapKept(ILogger log, string key, string path);

    [LoggerMessage(1022, LogLevel.Information, "SIGUSR2: maps_refresh is false, maps stay as they are")]
    public static partial void MapsFixed(ILogger log);

    [LoggerMessage(1025, LogLevel.Information, "{File}: read, {Count} {What}")]
    public static partial void SourceRead(ILogger log, string file, int count, string what);

    [LoggerMessage(1026, LogLevel.Warning, "{Finding}")]
    public static partial void SourceWarning(ILogger log, string finding);

    [LoggerMessage(1027, LogLevel.Error, "{Finding}; what was read before stays in use")]
    public static partial void SourceKept(ILogger log, string finding);

    [LoggerMessage(2000, LogLevel.Information, "receiving on {Addresses} with {Workers} workers")]
    public static partial void Receiving(ILogger log, string addresses, int workers);

    [LoggerMessage(2001, LogLevel.Warning, "{Warning}")]
    public static partial void ReceiveWarning(ILogger log, string warning);

    [LoggerMessage(3001, LogLevel.Information, "templates of {Count} exporters and domains are remembered from before; they hold until announced anew")]
    public static partial void TemplatesRestored(ILogger log, int count);

    [LoggerMessage(3002, LogLevel.Warning, "state: {Reason}; the templates in it are not used, exporters announce theirs again within minutes")]
    public static partial void TemplatesNotRestored(ILogger log, string reason);

    [LoggerMessage(3003, LogLevel.Warning, "state: {Reason}; templates are not known after a restart")]
    public static partial void TemplatesNotSaved(ILogger log, string reason);

    [LoggerMessage(3000, LogLevel.Warning, "{Source}: {Count} times {Fault}")]
    public static partial void PeerFault(ILogger log, string source, long count, string fault);

    [LoggerMessage(5000, LogLevel.Error, "output {Output}: its rows of one purge are lost and counted, a fault of the collector itself")]
    public static partial void SinkFailed(ILogger log, string output, Exception exception);

    [LoggerMessage(6000, LogLevel.Warning, "{Sentence}")]
    public static partial void CaptureWarning(ILogger log, string sentence);

    [LoggerMessage(7000, LogLevel.Information, "BGP: listening on {Addresses}")]
    public static partial void BgpListening(ILogger log, string addresses);

    [LoggerMessage(7001, LogLevel.Information, "BGP peer {Peer}: session established, hold time {HoldSeconds} s{Held}")]
    public static partial void BgpSessionUp(ILogger log, string peer, int holdSeconds, string held);

    [LoggerMessage(7002, LogLevel.Warning, "BGP peer {Peer}: session is over: {Reason}{Kept}{Held}")]
    public static partial void BgpSessionDown(ILogger log, string peer, string reason, string kept, string held);

    [LoggerMessage(7003, LogLevel.Warning, "BGP: no session with {Address}: {Reason}{Held}")]
    public static partial void BgpSessionRefused(ILogger log, string address, string reason, string held);

    [LoggerMessage(7004, LogLevel.Warning, "BGP peer {Peer}: an UPDATE with {Fault}, so: {Handling}{Held}")]
    public static partial void BgpUpdateFaulty(ILogger log, string peer, string fault, string handling, string held);

    [LoggerMessage(7005, LogLevel.Information, "BGP peer {Peer}: all routes of family {Family} are there, {Paths} paths")]
    public static partial void BgpEndOfRib(ILogger log, string peer, string family, long paths);

    [LoggerMessage(7006, LogLevel.Warning, "BGP: {Sentence}")]
    public static partial void BgpWarning(ILogger log, string sentence);

    [LoggerMessage(7010, LogLevel.Information, "BGP: {Path} gives {Routes} routes of {Peers} peers as of {Made:u}, loaded in {Milliseconds} ms; {Refused} routes did not fit the limits")]
    public static partial void SnapshotLoaded(ILogger log, string path, long routes, int peers, DateTimeOffset made, long milliseconds, long refused);

    [LoggerMessage(7011, LogLevel.Warning, "BGP: the saved routes in {Path} cannot be used: {Fault}; the routes come with the sessions, and until then flows have no AS numbers")]
    public static partial void SnapshotUnusable(ILogger log, string path, string? fault);

    [LoggerMessage(7012, LogLevel.Information, "BGP: {Routes} routes of {Peers} peers are saved in {Path}, in {Milliseconds} ms")]
    public static partial void SnapshotSaved(ILogger log, string path, long routes, int peers, long milliseconds);

    [LoggerMessage(7013, LogLevel.Warning, "BGP: the routes cannot be saved in {Path}: {Reason}; after a restart flows have no AS numbers until the sessions are back")]
    public static partial void SnapshotNotSaved(ILogger log, string path, string reason);

    /// <summary>bgp_neighbors_file cannot be written.</summary>
    [LoggerMessage(7020, LogLevel.Warning, "BGP: the list of neighbours cannot be written to {Path}: {Reason}; it is tried again when a session comes or goes")]
    public static partial void NeighborsNotWritten(ILogger logger, string path, string reason);
}
