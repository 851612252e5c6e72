using System.Globalization;
using Collector.Testing;
using Collector.Tests.Receiving;
using Xunit;

namespace Collector.Tests.Oracle;

/// <summary>
/// Captures of real exporters, sent as if they exported now: nfacctd (sfacctd for sFlow) and the collector receive them at the same time, over the
/// end of a bin, and must account the same sums to each key and bin, in the same purges.
/// </summary>
public sealed class LiveWindowsCaptureTests
{
    private static readonly LiveCapture[] Exports =
    [
        LiveCapture.OfPcaps("netflow5-softflowd-ipv4", 0),
        LiveCapture.OfPcaps("netflow5-ovs", 1),
        LiveCapture.OfPcaps("netflow9-softflowd-many", 2),
        LiveCapture.OfPcaps("netflow9-softflowd-live", 1),
        LiveCapture.OfPcaps("netflow9-nfprobe-sampling", 0),
        LiveCapture.OfPcaps("netflow9-nfprobe-per-packet", 2),
        LiveCapture.OfPcaps("ipfix-softflowd-milliseconds", 1),
        LiveCapture.OfPcaps("ipfix-softflowd-ipv6", 1) with { Difference = (["stitched"], "pcaps/README.md: nfacctd takes the export time for uptimes of IPFIX") },
        LiveCapture.OfPcaps("ipfix-nfprobe-networks", 2),
        LiveCapture.OfPcaps("ipfix-nfprobe-microseconds", 0),
        LiveCapture.OfPcaps("ipfix-ovs-cached", 1),
        .. LiveCapture.OfShared("lsc-netflow-5-valid-01", 1).Select(c => c with { Difference = (["bins", "slow", "rated", "stitched"], "§2.3: a start a millisecond before the boot goes 49.7 days ahead; quirk D1") }),
        .. LiveCapture.OfShared("lsc-netflow5-mikrotik", 0),
        .. LiveCapture.OfShared("lsc-netflow-9-valid-01", 0),
        .. LiveCapture.OfShared("lsc-netflow-9-macaddress", 0),
        .. LiveCapture.OfShared("lsc-netflow-9-fortigate-fortios-5-2-1", 1).Select(c => c with { Difference = (["bins", "slow", "rated", "stitched"], "§2.3: a start ahead of the uptime goes 49.7 days back; quirk D2") }),
        .. LiveCapture.OfShared("lsc-ipfix-mikrotik-routeros-6-39-2", 2),
        .. LiveCapture.OfShared("lsc-ipfix-nokia-bras", 1),
    ];

    private static readonly LiveCapture[] Samples =
    [
        LiveCapture.OfPcaps("sflow5-ovs-vlan", 0),
        LiveCapture.OfPcaps("sflow5-sfprobe-counters", 0),
        LiveCapture.OfPcaps("sflow5-sfprobe-sampling", 0) with { Difference = (["tens", "hour"], "sfacctd finds the rate of the pool for its first plugin only; the others multiply by the mean skip count") },
    ];

    private static readonly string[] Bins = ["history: 1m", "history_roundoff: m", "history_offset: $offset"];

    private static readonly LiveOutput[] ByFlowTime =
    [
        new("bins", [.. Bins, "refresh_time: 5"]),
        new("slow", [.. Bins, "refresh_time: 10"]),
        new("plain", "refresh_time: 5"),
        new("rated", [.. Bins, "refresh_time: 5"]) { Daemon = ["nfacctd_pro_rating"] },
        new("stitched", [.. Bins, "refresh_time: 600"]) { Daemon = ["nfacctd_stitching"] },
    ];

    private static readonly LiveOutput[] ByArrival =
    [
        new("arrival", [.. Bins, "refresh_time: 5"]),
        new("tens", [.. Bins, "refresh_time: 10"]),
        new("hour", "history: 1h", "history_roundoff: mh", "refresh_time: 600"),
    ];

    private static readonly string[] Aggregate = ["aggregate: peer_src_ip, src_host, dst_host, src_port, dst_port, proto, flows"];

    /// <summary>
    /// Rounds begin two seconds behind a deadline and end a second before the next, so that a daemon that is a little late still purges the same
    /// rows; the second round ends just before the bin does. A machine too slow for that (the programs start late) gets more time to start.
    /// </summary>
    [ProgramFact("nfacctd", "sfacctd")]
    public void RealExporters_InRealTime_AreBinnedAndPurgedAsByPmacct()
    {
        long first = Seconds(), lead = 10;
        DaemonPair[] pairs = [];
        try
        {
            do
            {
                Array.ForEach(pairs, p => p.Dispose());
                pairs = [];
                first = NextBehindDeadline(Seconds() + lead);
                pairs = Start(first + 8);
                Array.ForEach(pairs, p => p.WaitUntilReady());
                lead *= 2;
            }
            while (Seconds() >= first && lead <= 40);

            Assert.True(Seconds() < first, "the daemons took too long to start on this machine");
            bool isPunctual = Send(first, pairs);
            long stop = StopAfterPurge(first + 13, pairs);

            Assert.All(pairs.Zip(Outputs), p => AssertBothBins(p.First.OutputOf(DaemonPair.Peer, p.Second[0]), first + 8, stop));

            // A datagram or a signal that met a deadline may belong to either purge; the sums are the same all the same.
            bool byPurge = isPunctual && stop < first + 18;
            string[] differences = [.. pairs.Zip(Outputs).SelectMany(p => p.Second.SelectMany(o => Differences(p.First, o, byPurge, stop)))];
            string[] unknown = [.. differences.Where(d => !Known.Any(k => IsKnown(d, k)))];
            Assert.True(unknown.Length == 0, $"{unknown.Length} differences{(byPurge ? "" : ", purges not compared")}:\n{string.Join('\n', unknown.Take(40))}");
            Assert.All(Known, k => Assert.Contains(differences, d => IsKnown(d, k)));
        }
        finally
        {
            Array.ForEach(pairs, p => p.Dispose());
        }
    }

    private static LiveCapture[] Captures => [.. Exports, .. Samples];

    private static IEnumerable<(string Output, string Sender)> Known =>
        Captures.SelectMany((c, i) => c.Difference is { } difference ? difference.Outputs.Select(o => (o, Sender(i))) : []);

    private static LiveOutput[][] Outputs => [ByFlowTime, ByArrival, ByArrival];

    private static DaemonPair[] Start(long boundary) =>
    [
        new("nfacctd", boundary, ByFlowTime, Aggregate),
        new("nfacctd", boundary, ByArrival, [.. Aggregate, "nfacctd_time_new: true", "nfacctd_renormalize: true"]),
        new("sfacctd", boundary, ByArrival, [.. Aggregate, "sfacctd_renormalize: true"]),
    ];

    /// <summary>True when each datagram left in its round.</summary>
    private static bool Send(long first, DaemonPair[] pairs)
    {
        long[] rounds = [.. new[] { 0, 5, 10 }.Select(r => ((first + r) * 1_000) + 200)];
        LiveCapture[] captures = Captures;
        LiveDatagram[] datagrams = [.. captures.SelectMany((c, i) => c.Schedule(Sender(i), rounds)).OrderBy(d => d.At)];
        int[][] ports = [[.. pairs[0].Ports, .. pairs[1].Ports], pairs[2].Ports];
        Dictionary<(string, int), UdpSender> senders = captures
            .SelectMany((_, i) => ports[i < Exports.Length ? 0 : 1].Select(p => (Sender(i), p))).ToDictionary(s => s, s => new UdpSender(s.Item1, s.p));
        bool isPunctual = true;
        foreach (LiveDatagram datagram in datagrams)
        {
            long wait = datagram.At - DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            Thread.Sleep((int)Math.Max(0, wait));
            isPunctual &= wait > -800;
            foreach (((string sender, int _), UdpSender socket) in senders)
            {
                if (sender == datagram.Sender)
                {
                    socket.Send(datagram.Payload);
                }
            }
        }

        foreach (UdpSender socket in senders.Values)
        {
            socket.Dispose();
        }

        return isPunctual;
    }

    // What is seen decides, not the clock: each program has made its purge behind the last round.
    private static long StopAfterPurge(long deadline, DaemonPair[] pairs)
    {
        string[] files = [.. pairs.Zip(Outputs).SelectMany(p => new[] { p.First.OutputOf(DaemonPair.Collector, p.Second[0]), p.First.OutputOf(DaemonPair.Peer, p.Second[0]) })];
        bool seen = SpinWait.SpinUntil(() => Seconds() > deadline + 1 && files.All(f => LiveSums.HasPurge(f, deadline)), TimeSpan.FromSeconds(40));
        Assert.True(seen, "no purge behind the last round: " + string.Join(", ", files.Where(f => !LiveSums.HasPurge(f, deadline)).Select(Path.GetFileName)));
        long stop = Seconds();
        Array.ForEach(pairs, p => p.Stop());
        return stop;
    }

    // Without rows on both sides of its end the run would show nothing of bins.
    private static void AssertBothBins(string file, long boundary, long stop)
    {
        string[] groups = [.. LiveSums.Read(file, byPurge: false, stop).Keys];
        foreach (long bin in (long[])[boundary - 60, boundary])
        {
            string stamp = DateTimeOffset.FromUnixTimeSeconds(bin).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            Assert.Contains(groups, g => g.Contains($"stamp_inserted={stamp} ", StringComparison.Ordinal));
        }
    }

    private static IEnumerable<string> Differences(DaemonPair pair, LiveOutput output, bool byPurge, long stop)
    {
        Dictionary<string, string> ours = LiveSums.Read(pair.OutputOf(DaemonPair.Collector, output), byPurge, stop);
        Dictionary<string, string> theirs = LiveSums.Read(pair.OutputOf(DaemonPair.Peer, output), byPurge, stop);
        Assert.True(theirs.Count > 0, pair.ErrorOfPeer);
        return ours.Keys.Union(theirs.Keys).Where(k => ours.GetValueOrDefault(k) != theirs.GetValueOrDefault(k)).Order(StringComparer.Ordinal)
            .Select(k => $"{pair.Program} {output.Name} {k}: the collector {ours.GetValueOrDefault(k, "nothing")}, the other {theirs.GetValueOrDefault(k, "nothing")}");
    }

    private static bool IsKnown(string difference, (string Output, string Sender) known) =>
        difference.Contains($" {known.Output} peer_ip_src={known.Sender} ", StringComparison.Ordinal);

    private static string Sender(int index) => string.Create(CultureInfo.InvariantCulture, $"127.0.1.{index + 1}");

    private static long Seconds() => DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    private static long NextBehindDeadline(long time) => time + ((7 - (time % 5)) % 5);
}
