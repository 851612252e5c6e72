using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Collector.Bgp.Messages;
using Collector.Bgp.PathAttributes;
using Collector.Bgp.Rib;
using Collector.Bgp.Sessions;
using Collector.Net;
using Xunit;

namespace Collector.Bgp.Tests.Sessions;

/// <summary>A speaker on loopback with its table, and all that its observer was told.</summary>
internal sealed class SpeakerRig : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    internal SpeakerRig(SpeakerOptions? options = null, RouteTableOptions? limits = null, TimeProvider? time = null, RouteTable? table = null)
    {
        Table = table ?? new RouteTable(limits ?? new RouteTableOptions(), time ?? TimeProvider.System);
        options ??= new SpeakerOptions { TakesAll = true };
        IPEndPoint[] loopback = [new IPEndPoint(IPAddress.Loopback, 0)];
        Speaker = new BgpSpeaker(options.Listen.Count > 0 ? options : options with { Listen = loopback }, Table, Log, time ?? TimeProvider.System);
        Speaker.Start();
    }

    internal RouteTable Table { get; }

    internal BgpSpeaker Speaker { get; }

    internal Recorder Log { get; } = new();

    /// <summary>What the other side has to say, for a test that fails.</summary>
    internal Func<string>? OtherSide { get; set; }

    internal int Port => Speaker.LocalEndPoints[0].Port;

    internal BgpPeer Peer => Assert.Single(Speaker.Peers);

    /// <summary>The prefixes of the only peer in the order of dumps.</summary>
    internal List<string> Routes
    {
        get
        {
            var routes = new List<string>();
            if (Speaker.Peers.SingleOrDefault()?.Rib is { } rib)
            {
                lock (Table.WriterLock)
                {
                    RouteEntry[] entries = new RouteEntry[64];
                    RouteCursor cursor = default;
                    bool more;
                    do
                    {
                        more = rib.Read(ref cursor, entries, out int count);
                        routes.AddRange(entries.Take(count).Select(e => $"{e.Nlri}{(e.IsStale ? " stale" : "")}"));
                    }
                    while (more);
                }
            }

            return routes;
        }
    }

    /// <summary>The same with path, communities and next hop.</summary>
    internal List<string> RoutesWithAttributes
    {
        get
        {
            var routes = new List<string>();
            if (Speaker.Peers.SingleOrDefault()?.Rib is { } rib)
            {
                lock (Table.WriterLock)
                {
                    RouteEntry[] entries = new RouteEntry[256];
                    RouteCursor cursor = default;
                    rib.Read(ref cursor, entries, out int count);
                    routes.AddRange(entries.Take(count).Select(Describe));
                }
            }

            return routes;
        }
    }

    internal void UntilRoutesWithAttributes(params string[] expected) => Until(() => RoutesWithAttributes.SequenceEqual(expected), () => string.Join("\n", [.. RoutesWithAttributes, .. Log.Lines, OtherSide?.Invoke() ?? ""]));

    internal ScriptedPeer Connect(string capabilities = ScriptedPeer.Usual, uint asNumber = 65001) => new(Port, capabilities, asNumber);

    /// <summary>Waits until something is seen to be so.</summary>
    internal static void Until(Func<bool> condition, Func<string> seen)
    {
        DateTime end = DateTime.UtcNow + Limit;
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < end, $"not seen within {Limit}: {seen()}");
            Thread.Sleep(2);
        }
    }

    internal void UntilLogged(string text) => Until(() => Log.Lines.Any(l => l.Contains(text, StringComparison.Ordinal)), () => $"'{text}' in: {string.Join("; ", Log.Lines)}");

    internal void UntilRoutes(params string[] expected) => Until(() => Routes.SequenceEqual(expected), () => string.Join(", ", Routes));

    private string Describe(RouteEntry entry)
    {
        RouteAttributes a = Table.Attributes[entry.Attributes];
        byte[] text = new byte[4096];
        string path = Encoding.ASCII.GetString(text, 0, AsPathText.Write(Table.Attributes.Value(a.AsPath), (byte)' ', 0, text));
        string communities = Encoding.ASCII.GetString(text, 0, CommunityText.Write(CommunityKind.Standard, Table.Attributes.Value(a.StandardCommunities), (byte)' ', false, null, text));
        string large = Encoding.ASCII.GetString(text, 0, CommunityText.Write(CommunityKind.Large, Table.Attributes.Value(a.LargeCommunities), (byte)' ', false, null, text));
        string[] parts = [entry.Nlri.ToString(), $"[{path}]", communities, large, $"via {a.NextHop}", entry.IsStale ? "stale" : ""];
        return string.Join(' ', parts.Where(p => p.Length > 0));
    }

    public async ValueTask DisposeAsync()
    {
        await Speaker.DisposeAsync();
        Table.Dispose();
    }

    /// <summary>Writes down what it is told.</summary>
    internal sealed class Recorder : BgpObserver
    {
        internal ConcurrentQueue<string> Lines { get; } = new();

        public override bool WantsRoutes => true;

        public override void SessionUp(BgpPeer peer, DateTimeOffset time) => Lines.Enqueue("up");

        public override void SessionDown(BgpPeer peer, string reason, bool isGraceful, DateTimeOffset time) => Lines.Enqueue($"down{(isGraceful ? " gracefully" : "")}: {reason}");

        public override void SessionRefused(IpAddress address, string reason, DateTimeOffset time) => Lines.Enqueue($"refused: {reason}");

        public override void UpdateFaulty(BgpPeer peer, UpdateFaults faults, DateTimeOffset time) => Lines.Enqueue($"faulty: {faults.Strongest}");

        public override void RouteAnnounced(BgpPeer peer, in Nlri route, uint attributes, DateTimeOffset time) => Lines.Enqueue($"+{route}");

        public override void RouteWithdrawn(BgpPeer peer, in Nlri route, uint removedAttributes, DateTimeOffset time) => Lines.Enqueue($"-{route}");

        public override void RouteDeleted(BgpPeer peer, in Nlri route, uint removedAttributes, DateTimeOffset time) => Lines.Enqueue($"x{route}");

        public override void EndOfRib(BgpPeer peer, RouteFamily family, DateTimeOffset time) => Lines.Enqueue($"end of rib {family}");
    }
}
