using System.Globalization;
using System.Text.RegularExpressions;
using Collector.Testing;
using Collector.Testing.Builders;
using Collector.Testing.Captures;
using Collector.Tests.Live;
using Collector.Tests.Pipeline;
using Collector.Tests.Receiving;
using Xunit;

namespace Collector.Tests.Oracle;

/// <summary>At SIGUSR1 the collector logs the statistics lines of Debian's nfacctd and sfacctd 1.7.7, word for word, after the same datagrams.</summary>
public sealed partial class StatisticsOracleTests : IDisposable
{
    private const string Common = "daemonize: false\ncore_proc_name: edge\nplugins: print[p]\nprint_output[p]: json\nprint_refresh_time: 3600\naggregate: src_host\n";

    /// <summary>Datagrams that let pmacct notice the signal; their lines are left out on both sides.</summary>
    private const int TickEngine = 200;

    private static readonly NetFlow5Record Flow = new() { Source = Net.IpAddress.Parse("10.0.0.1"), Destination = Net.IpAddress.Parse("10.0.0.2"), NextHop = Net.IpAddress.Parse("0.0.0.0") };

    private readonly LiveCollector _live = new();

    public void Dispose() => _live.Dispose();

    [ProgramTheory("nfacctd")]
    [InlineData("")]
    [InlineData("nfacctd_disable_checks: false")]
    public void Statistics_OfNetFlowAndIpfix_AreThoseOfNfacctd(string checks)
    {
        byte[] tick = new NetFlow5Builder { EngineId = TickEngine, Sequence = 0 }.Record(Flow).Build();
        Compare("nfacctd", checks, [.. NetFlow(), .. Captured("netflow9-softflowd-many.pcap", 16), .. Captured("ipfix-ovs-cached.pcap", 12), .. Captured("netflow5-ovs.pcap", 21)], tick, least: 28);
    }

    [ProgramTheory("sfacctd")]
    [InlineData("")]
    [InlineData("sfacctd_disable_checks: false")]
    public void Statistics_OfSFlow_AreThoseOfSfacctd(string checks)
    {
        byte[] tick = new SFlowBuilder { SubAgent = TickEngine, Sequence = 0 }.Build();
        Compare("sfacctd", checks, [.. SFlow(), .. Captured("sflow5-ovs-vlan.pcap"), .. Captured("sflow5-sfprobe-sampling.pcap")], tick, least: 5);
    }

    private void Compare(string program, string checks, IReadOnlyList<byte[]> datagrams, byte[] tick, int least)
    {
        string[] theirs = Theirs(program, checks, datagrams, tick);
        Assert.True(theirs.Length >= least + 3, string.Join('\n', theirs));
        Assert.Equal(checks.Length > 0, theirs.Any(l => Regex.IsMatch(l, "seq_jmp_fwd=[1-9].*|seq_jmp_bck=[1-9]")));
        string[] ours = Ours(program, checks, datagrams, tick);
        Assert.True(theirs.SequenceEqual(ours), $"only {program}:\n{string.Join('\n', theirs.Except(ours))}\nonly ours:\n{string.Join('\n', ours.Except(theirs))}");
    }

    private string[] Theirs(string program, string checks, IReadOnlyList<byte[]> datagrams, byte[] tick)
    {
        string configuration = Path.Combine(_live.Folder, "pmacct.conf"), output = Path.Combine(_live.Folder, "theirs.json");
        File.WriteAllText(configuration, string.Create(
            CultureInfo.InvariantCulture, $"{Common}{program}_ip: 127.0.0.1\n{program}_port: {_live.Port}\nprint_output_file[p]: {output}\n{checks}\n"));
        using var daemon = new PmacctDaemon(Peers.Find(program)!, configuration, _live.Folder);
        daemon.WaitFor("data on 127.0.0.1");
        Send(datagrams);
        daemon.Signal(CollectorProcess.SigUsr1);
        daemon.WaitFor("): ---\n", () => _live.Send(tick));
        return Statistics(daemon.Error);
    }

    private string[] Ours(string program, string checks, IReadOnlyList<byte[]> datagrams, byte[] tick)
    {
        string configuration = Path.Combine(_live.Folder, "ours.conf");
        File.WriteAllText(configuration, string.Create(
            CultureInfo.InvariantCulture, $"{Common}{program}_ip: 127.0.0.1\n{program}_port: {_live.Port}\nprint_output_file[p]: {_live.FileOf("p")}\n{checks}\n"));
        CollectorProcess daemon = _live.Start(configuration);
        Send(datagrams);
        _live.Send(tick);
        int blocks = 0;
        _live.WaitUntil(
            () =>
            {
                daemon.Signal(CollectorProcess.SigUsr1);
                blocks++;
                _live.WaitUntil(() => Regex.Count(daemon.Error, "\\): ---\n") == blocks, "statistics");
                return LedgerText.ParseLog(daemon.Error).Sum("source", "datagrams") == datagrams.Count + 1;
            },
            "all datagrams");
        return Statistics(daemon.Error[daemon.Error.LastIndexOf("NOTICE ( edge/core ): +++", StringComparison.Ordinal)..]);
    }

    // pmacct's buffer is small: wait until it has read what was sent.
    private void Send(IReadOnlyList<byte[]> datagrams)
    {
        using var sender = new UdpSender("127.0.0.1", _live.Port);
        string socket = string.Create(CultureInfo.InvariantCulture, $" 0100007F:{_live.Port:X4} ");
        foreach (byte[][] some in datagrams.Chunk(16))
        {
            foreach (byte[] datagram in some)
            {
                sender.Send(datagram);
            }

            _live.WaitUntil(() => File.ReadLines("/proc/net/udp").Where(l => l.Contains(socket, StringComparison.Ordinal)).All(l => l.Contains(":00000000 00:", StringComparison.Ordinal)), "an empty socket");
        }
    }

    private static IEnumerable<byte[]> Captured(string file) => PcapFile.Read(Path.Combine(RepositoryPaths.Pcaps, file)).Select(p => p.Payload);

    // pmacct has one entry for all versions of one address and id, so each capture gets an id of its own, which stands at another place in each version.
    private static IEnumerable<byte[]> Captured(string file, int idAt)
    {
        foreach (byte[] payload in Captured(file))
        {
            payload[idAt] = (byte)(100 + idAt);
            yield return payload;
        }
    }

    // Each stream has an engine, source id or domain of its own: in order, ahead, back, late, twice, begun anew, from 0, without a template, of options.
    private static IEnumerable<byte[]> NetFlow()
    {
        (uint Sequence, int Records)[][] streams =
        [
            [(10, 1), (11, 3), (14, 1)], [(10, 1), (11, 3), (20, 1), (21, 1)], [(10, 1), (9, 1), (10, 1), (11, 1)], [(10, 1), (11, 1), (11, 1), (12, 1)],
            [(5_000, 1), (0, 1), (7, 1), (8, 1)], [(10, 1), (14, 1), (12, 1), (15, 1)], [(4_000_000_000, 1), (4_000_000_001, 2), (0, 1), (9, 1)],
        ];
        for (int i = 0; i < streams.Length; i++)
        {
            foreach ((uint sequence, int records) in streams[i])
            {
                var v5 = new NetFlow5Builder { Sequence = sequence, EngineId = i };
                for (int r = 0; r < records; r++)
                {
                    v5.Record(Flow);
                }

                // Engine type 7 where the id is odd.
                byte[] datagram = v5.Build();
                datagram[20] = (byte)(i % 2 * 7);
                yield return datagram;
            }
        }

        foreach (int version in new[] { 9, 10 })
        {
            for (int i = 0; i < streams.Length; i++)
            {
                uint domain = (uint)((version * 1_000) + i);
                yield return new ExportMessageBuilder(version) { Domain = domain, Sequence = streams[i][0].Sequence }.Template(256, (8, 4), (12, 4)).Build();
                foreach ((uint sequence, int records) in streams[i])
                {
                    yield return new ExportMessageBuilder(version) { Domain = domain, Sequence = sequence }.Data(256, [.. Enumerable.Repeat(new byte[8], records)]).Build();
                }
            }
        }

        yield return new ExportMessageBuilder(10) { Domain = 50, Sequence = 100 }.Data(256, new byte[8], new byte[8]).Build();
        yield return new ExportMessageBuilder(10) { Domain = 50, Sequence = 102 }.Data(256, new byte[8]).Build();
        yield return new ExportMessageBuilder(10) { Domain = 51, Sequence = 100 }.OptionsTemplate(257, [(149, 4)], (34, 4)).Build();
        yield return new ExportMessageBuilder(10) { Domain = 51, Sequence = 100 }.Data(257, new byte[8], new byte[8]).Build();
        yield return new ExportMessageBuilder(10) { Domain = 51, Sequence = 102 }.Data(257, new byte[8]).Build();

        // What is thrown away: short headers, lengths that cannot be, counts that cannot be, no protocol at all.
        byte[] v9 = new ExportMessageBuilder(9) { Domain = 60 }.Set(300, new byte[20], declaredLength: 100).Build();
        yield return v9;
        yield return v9[..10];
        yield return new ExportMessageBuilder(9) { Domain = 61 }.Set(300, new byte[20], declaredLength: 0).Build();
        yield return new ExportMessageBuilder(10) { Domain = 62 }.Set(300, new byte[20], declaredLength: 100).Build();
        byte[] whole = new NetFlow5Builder { EngineId = 99 }.Record(Flow).Record(Flow).Build();
        yield return whole[..^20];
        yield return whole[..20];
        yield return [0, 99, .. new byte[40]];
    }

    private static IEnumerable<byte[]> SFlow()
    {
        foreach ((string agent, uint subAgent, uint[] numbers) in ((string, uint, uint[])[])
        [
            ("192.0.2.1", 0, [1, 2, 3]), ("192.0.2.1", 7, [1, 2, 5, 4, 6]), ("192.0.2.2", 0, [7, 7, 8]), ("192.0.2.3", 0, [100, 0, 9, 10]),
        ])
        {
            foreach (uint number in numbers)
            {
                yield return new SFlowBuilder { Agent = Net.IpAddress.Parse(agent), SubAgent = subAgent, Sequence = number }.Build();
            }
        }
    }

    private static string[] Statistics(string log) =>
        [.. log.Split('\n').Where(l => l.StartsWith("NOTICE ", StringComparison.Ordinal) && !l.Contains($":{TickEngine << 8} ", StringComparison.Ordinal)
            && !l.Contains($":{TickEngine} ", StringComparison.Ordinal)).Select(l => Time().Replace(l, "time=T")).Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"time=\d+")]
    private static partial Regex Time();
}
