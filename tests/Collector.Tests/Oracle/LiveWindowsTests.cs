using System.Globalization;
using Collector.Testing;
using Collector.Testing.Builders;
using Collector.Tests.Receiving;
using Xunit;

namespace Collector.Tests.Oracle;

/// <summary>
/// The windows as they run: nfacctd and the collector receive the same datagrams at the same time, over the end of a bin, and must write the same
/// rows in the same purges.
/// </summary>
public sealed class LiveWindowsTests
{
    private const int LeadSeconds = 10;

    // Datagrams come two seconds behind a deadline, and the bin ends eight seconds behind the first: at a deadline, as in every aligned configuration.
    private static readonly int[] SendAt = [0, 5, 10, 15];

    private static readonly LiveOutput[] ByFlowTime =
    [
        new("offset", "history: 1m", "history_roundoff: m", "history_offset: $offset", "refresh_time: 5"),
        new("late", "history: 1m", "history_offset: $offset", "refresh_time: 600"),
        new("slow", "history: 1m", "history_roundoff: m", "history_offset: $offset", "refresh_time: 10"),
        new("two", "history: 2m", "history_roundoff: h", "refresh_time: 5"),
        new("hour", "history: 1h", "history_roundoff: mh", "refresh_time: 10"),
        new("none", "refresh_time: 5"),
        new("delay", "history: 1m", "history_roundoff: m", "history_offset: $offset", "refresh_time: 5", "startup_delay: 70"),
        new("rated", "history: 1m", "history_roundoff: m", "history_offset: $offset", "refresh_time: 5") { Daemon = ["nfacctd_pro_rating"] },
        new("stitched", "history: 1m", "history_roundoff: m", "history_offset: $offset", "refresh_time: 600") { Daemon = ["nfacctd_stitching"] },
        new("checked", "history: 1m", "history_roundoff: m", "history_offset: $offset", "refresh_time: 5", "preprocess: minp=20, minb=500", "preprocess_type: all"),
    ];

    private static readonly LiveOutput[] ByArrival =
    [
        new("arrival", "history: 1m", "history_roundoff: m", "history_offset: $offset", "refresh_time: 5"),
        new("joined", "history: 1m", "history_roundoff: m", "history_offset: $offset", "refresh_time: 600") { Daemon = ["nfacctd_stitching"] },
    ];

    private static readonly LiveOutput[] InSeconds = [new("seconds", "history: 1m", "history_roundoff: m", "history_offset: $offset", "refresh_time: 5")];

    // Flows that nfacctd bins otherwise on purpose of ours; the row of the reference says why.
    private static readonly (string Output, int Port, string Row)[] Known =
    [
        ("*", 60, "§11.3 no. 1: a late flow exactly on a boundary goes one bin too early"),
        ("rated", 60, "§11.3 no. 1: and is counted a second time when it is divided"),
        ("rated", 6, "nfacctd writes the shares of a bin that has not begun in rows of their own; the sums are the same"),
        ("rated", 11, "the same"),
    ];

    [ProgramFact("nfacctd")]
    public async Task Rows_PurgesAndBins_AreThoseOfNfacctd()
    {
        long first = NextAfter(Seconds() + LeadSeconds, remainder: 2), boundary = first + 8;
        using var byFlowTime = new Pair(ByFlowTime, boundary);
        using var byArrival = new Pair(ByArrival, boundary, "nfacctd_time_new: true");
        using var inSeconds = new Pair(InSeconds, boundary, "nfacctd_time_secs: true");
        Pair[] pairs = [byFlowTime, byArrival, inSeconds];
        foreach (Pair pair in pairs)
        {
            pair.WaitUntilReady();
        }

        Assert.True(Seconds() < first, "the daemons took too long to start on this machine");
        foreach (int at in SendAt)
        {
            await Until(first + at);
            byte[][] datagrams = Datagrams(boundary);
            foreach (Pair pair in pairs)
            {
                // nfacctd_time_secs is for version 5; it makes absurd times of the others.
                pair.Send(pair == inSeconds ? datagrams[1..] : datagrams);
            }
        }

        // One more purge comes first, so that at stop only bins of the future and slow outputs are left.
        long stop = first + SendAt[^1] + 5;
        await Until(stop);
        foreach (Pair pair in pairs)
        {
            pair.Stop();
        }

        string[] differences = [.. pairs.SelectMany(p => p.Differences(stop))];
        string[] unknown = [.. differences.Where(d => !Known.Any(k => IsKnown(d, k.Output, k.Port)))];
        Assert.True(unknown.Length == 0, string.Join('\n', unknown));
        Assert.All(Known, k => Assert.Contains(differences, d => IsKnown(d, k.Output, k.Port)));
    }

    private static bool IsKnown(string difference, string output, int port) =>
        difference.Contains($" port {port} ", StringComparison.Ordinal) && (output == "*" || difference.StartsWith(output + " ", StringComparison.Ordinal));

    // Ports name the ages; packets tell the datagrams apart, so that a row tells which of them it sums.
    private static byte[][] Datagrams(long boundary)
    {
        long now = Seconds();
        ExportMessageBuilder message = new(10) { ExportSeconds = (uint)now };
        message.Template(256, (8, 4), (12, 4), (4, 1), (7, 2), (11, 2), (2, 8), (1, 8), (152, 8), (153, 8));
        message.Data(
            256,
            Flow(1, 10, now - 2.75, now - 1.5),
            Flow(2, 20, boundary - 1.25, boundary + 0.5),
            Flow(3, 30, boundary + 1.125, boundary + 3.25),
            Flow(4, 40, boundary - 58.5, boundary - 20.25),
            Flow(5, 50, boundary - 61.75, boundary - 2.5),
            Flow(6, 3, boundary - 3_607, boundary + 1),
            Flow(7, 7, boundary + 66, boundary + 71),
            Flow(8, 8, boundary + 131, boundary + 133),
            Flow(9, 9, boundary - 90, boundary - 90),
            Flow(10, 1, boundary - 301, boundary - 4),
            Flow(11, 1_000_003, boundary - 125.5, boundary + 5.5),
            Flow(60, 60, boundary - 60, boundary - 50),
            Flow(13, 13, boundary - 60_001, boundary - 59_990));
        const uint Uptime = 100_000_999;
        NetFlow5Record old = new(Collector.Net.IpAddress.FromIPv4(1), Collector.Net.IpAddress.FromIPv4(2), 6, 101, 99, 5, 500);
        byte[] version5 = new NetFlow5Builder { Seconds = (uint)now, SysUpTime = Uptime }
            .Record(old with { First = Uptime - 3_500, Last = Uptime - 1_000 })
            .Record(old with { SourcePort = 102, First = Uptime - 66_001, Last = Uptime - 2_000 })
            .Record(old with { SourcePort = 103, First = Uptime - 33, Last = Uptime - 22 })
            .Build();
        return [message.Build(), version5];
    }

    private static byte[] Flow(int port, ulong packets, double start, double end) => new WireWriter()
        .U32(1, 2).U8(6).U16(port).U16(99).U64(packets).U64(packets * 10).U64((ulong)Math.Round(start * 1_000)).U64((ulong)Math.Round(end * 1_000)).ToArray();

    private static long Seconds() => DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    private static long NextAfter(long time, int remainder)
    {
        while (time % 5 != remainder)
        {
            time++;
        }

        return time;
    }

    // A fifth of a second past the full one: both daemons see the same second.
    private static async Task Until(long second)
    {
        TimeSpan wait = DateTimeOffset.FromUnixTimeSeconds(second).AddMilliseconds(200) - DateTimeOffset.UtcNow;
        await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
    }

    /// <summary>nfacctd and the collector with the same configuration on two ports.</summary>
    private sealed class Pair : IDisposable
    {
        private readonly LiveOutput[] _cases;
        private readonly DaemonPair _daemons;

        public Pair(LiveOutput[] cases, long boundary, params string[] lines)
        {
            _cases = cases;
            _daemons = new DaemonPair("nfacctd", boundary, cases, ["aggregate: src_port, flows", .. lines]);
        }

        public void WaitUntilReady() => _daemons.WaitUntilReady();

        public void Send(byte[][] datagrams)
        {
            foreach (int port in _daemons.Ports)
            {
                using var sender = new UdpSender("127.0.0.1", port);
                foreach (byte[] datagram in datagrams)
                {
                    sender.Send(datagram);
                }
            }
        }

        public void Stop() => _daemons.Stop();

        public IEnumerable<string> Differences(long stop)
        {
            foreach (LiveOutput @case in _cases)
            {
                Dictionary<string, int> ours = Read(_daemons.OutputOf(DaemonPair.Collector, @case), stop), theirs = Read(_daemons.OutputOf(DaemonPair.Peer, @case), stop);
                if (theirs.Count == 0)
                {
                    yield return $"{@case.Name} port - nfacctd wrote nothing:\n{_daemons.ErrorOfPeer}";
                }

                foreach (string row in ours.Keys.Union(theirs.Keys).Where(r => ours.GetValueOrDefault(r) != theirs.GetValueOrDefault(r)).Order(StringComparer.Ordinal))
                {
                    yield return $"{@case.Name} {row}: the collector {ours.GetValueOrDefault(row)} times, nfacctd {theirs.GetValueOrDefault(row)} times";
                }
            }
        }

        public void Dispose() => _daemons.Dispose();

        // A row as text with the purge that it came in, a fifth of a minute to each; what came at the stop is one purge.
        private Dictionary<string, int> Read(string file, long stop)
        {
            var rows = new Dictionary<string, int>();
            foreach (string line in File.Exists(file) ? File.ReadAllLines(file) : [])
            {
                using var json = System.Text.Json.JsonDocument.Parse(line);
                System.Text.Json.JsonElement row = json.RootElement;
                string purge = !row.TryGetProperty("stamp_updated", out System.Text.Json.JsonElement updated) ? "?" : Purge(updated.GetString()!, stop);
                string rest = string.Join(' ', row.EnumerateObject().Where(p => p.Name is not "stamp_updated" and not "event_type" and not "port_src").Select(p => $"{p.Name}={p.Value}"));
                string text = $"port {row.GetProperty("port_src")} purge {purge} {rest}";

                // Told to stop, nfacctd writes the rows of a plugin once or twice.
                rows[text] = purge == "at stop" ? 1 : rows.GetValueOrDefault(text) + 1;
            }

            return rows;
        }

        private static string Purge(string updated, long stop)
        {
            long second = new DateTimeOffset(DateTime.Parse(updated, CultureInfo.InvariantCulture), TimeSpan.Zero).ToUnixTimeSeconds();
            return second >= stop ? "at stop" : ((second - 1) / 5 * 5).ToString(CultureInfo.InvariantCulture);
        }
    }
}
