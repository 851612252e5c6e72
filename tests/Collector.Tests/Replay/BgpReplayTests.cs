using System.Globalization;
using System.Text;
using System.Text.Json;
using Collector.Net;
using Collector.Testing.Builders;
using Xunit;

namespace Collector.Tests.Replay;

/// <summary>BGP sessions in a capture: a flow gets the routes of the packet before it, for any number of workers.</summary>
public sealed class BgpReplayTests : IDisposable
{
    private const int Routers = 4, Rounds = 150, RawIp = 101;

    private static readonly IpAddress Collector = IpAddress.Parse("10.0.0.1");

    private readonly CaptureFolder _folder = new();
    private readonly PcapBytes _pcap = new(linkType: RawIp);
    private uint _microseconds;

    public void Dispose() => _folder.Dispose();

    private static IpAddress Router(int i) => IpAddress.FromIPv4(0x0A00_0002u + (uint)i);

    [Fact]
    public void RoutesChangeBetweenTwoFlows_ForAnyNumberOfWorkers()
    {
        Stream[] sessions = [.. Enumerable.Range(0, Routers).Select(i => new Stream(this, Router(i), (ushort)(40000 + i)))];
        foreach (Stream session in sessions)
        {
            session.Handshake();
        }

        // Each round every router announces another origin for its prefix and then exports a flow of it; each tenth round withdraws the route.
        Dictionary<string, uint> expected = [];
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < Routers; i++)
            {
                uint origin = round % 10 == 9 ? 0 : (uint)(100_000 + (round * Routers) + i);
                string prefix = $"10.{100 + i}.0.0/16";
                sessions[i].FromRouter(origin == 0
                    ? new UpdateBuilder().Withdraw(prefix).Message()
                    : new UpdateBuilder().Mandatory("192.0.2.1", 65001, origin).Announce(prefix).Message());
                string host = $"10.{100 + i}.1.{round}";
                Flow(i, host);
                expected[host] = origin;
            }
        }

        string capture = _folder.Write("bgp.pcap", _pcap.ToArray());
        byte[] first = [];
        foreach (int workers in new[] { 1, 2, 4 })
        {
            ReplayProcess run = ReplayProcess.Run(_folder.Path, "-f", Configuration(), "--workers", workers.ToString(CultureInfo.InvariantCulture), capture);
            Assert.True(run.ExitCode == 0, run.Error);
            first = workers == 1 ? run.Output : first;
            Assert.Equal(first, run.Output);
        }

        Dictionary<string, uint> seen = Encoding.UTF8.GetString(first).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => JsonDocument.Parse(l).RootElement)
            .ToDictionary(r => r.GetProperty("ip_src").GetString()!, r => r.GetProperty("as_src").GetUInt32());
        Assert.Equal(expected.OrderBy(e => e.Key), seen.OrderBy(e => e.Key));
    }

    [Fact]
    public void Segments_ComeInAnyOrder_AndTwice()
    {
        var session = new Stream(this, Router(0), 40000);
        session.Handshake();
        byte[] update = new UpdateBuilder().Mandatory("192.0.2.1", 65001, 65010).Announce("10.100.0.0/16").Message();
        session.OutOfOrder(update);
        Flow(0, "10.100.1.1");
        session.Close();
        Flow(0, "10.100.1.2");
        ReplayProcess run = ReplayProcess.Run(_folder.Path, "-f", Configuration(), _folder.Write("bgp.pcap", _pcap.ToArray()));
        Assert.True(run.ExitCode == 0, run.Error);
        string output = Encoding.UTF8.GetString(run.Output);
        Assert.Contains("\"as_src\": 65010, \"ip_src\": \"10.100.1.1\"", output, StringComparison.Ordinal);
        Assert.Contains("\"as_src\": 0, \"ip_src\": \"10.100.1.2\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public void ASessionWithoutBeginning_IsTold()
    {
        var session = new Stream(this, Router(0), 40000);
        session.FromRouter(new UpdateBuilder().Mandatory("192.0.2.1", 65001, 65010).Announce("10.100.0.0/16").Message());
        Flow(0, "10.100.1.1");
        ReplayProcess run = ReplayProcess.Run(_folder.Path, "-f", Configuration(), _folder.Write("bgp.pcap", _pcap.ToArray()));
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("\"as_src\": 0", Encoding.UTF8.GetString(run.Output), StringComparison.Ordinal);
        Assert.Contains("1 BGP connections whose beginning is missing", run.Error, StringComparison.Ordinal);
    }

    private string Configuration() => _folder.Write("nfacctd.conf", Encoding.UTF8.GetBytes("""
        nfacctd_as: bgp
        bgp_daemon: true
        bgp_daemon_port: 1790
        plugins: print
        print_output: json
        print_refresh_time: 3600
        aggregate: src_host, src_as
        """));

    private void Flow(int router, string source)
    {
        byte[] payload = new NetFlow5Builder().Record(new NetFlow5Record
        {
            Source = IpAddress.Parse(source),
            Destination = IpAddress.Parse("192.0.2.99"),
            NextHop = IpAddress.Parse("0.0.0.0"),
            Packets = 1,
            Octets = 100,
        }).Build();
        byte[] udp = new WireWriter().U16(30000 + router).U16(2100).U16(8 + payload.Length).U16(0).Bytes(payload).ToArray();
        Add(Router(router), Collector, 17, udp);
    }

    private void Add(IpAddress source, IpAddress destination, int protocol, ReadOnlySpan<byte> payload) => _pcap.Add(
        new WireWriter().U8(0x45).U8(0).U16(20 + payload.Length).U32(0).U8(64).U8(protocol).U16(0).Address(source).Address(destination).Bytes(payload).ToArray(),
        fraction: _microseconds++);

    /// <summary>A TCP connection from a router to port 1790 of the collector.</summary>
    private sealed class Stream(BgpReplayTests test, IpAddress router, ushort port)
    {
        private const int Syn = 2, Ack = 16, Fin = 1;

        // Close to the end of the numbers, so that they begin anew.
        private uint _router = uint.MaxValue - 100, _collector = 5;

        internal void Handshake()
        {
            Segment(true, Syn, []);
            _router++;
            Segment(false, Syn | Ack, []);
            _collector++;
            byte[] capabilities = Convert.FromHexString("0104000100014104" + "0000FDE9");
            FromRouter(UpdateBuilder.Open(65001, 90, router.ToString(), capabilities));
            byte[] answer = [.. UpdateBuilder.Open(65001, 90, "10.0.0.1", capabilities), .. UpdateBuilder.Message(4)];
            Segment(false, Ack, answer);
            _collector += (uint)answer.Length;
            FromRouter(UpdateBuilder.Message(4));
        }

        internal void FromRouter(byte[] bytes)
        {
            Segment(true, Ack, bytes);
            _router += (uint)bytes.Length;
        }

        internal void OutOfOrder(byte[] bytes)
        {
            Send(20, bytes.Length);
            Send(10, 25);
            Send(0, 5);
            Send(0, 5);
            Send(3, 12);
            _router += (uint)bytes.Length;
            void Send(int start, int end)
            {
                _router += (uint)start;
                Segment(true, Ack, bytes.AsSpan(start, end - start));
                _router -= (uint)start;
            }
        }

        internal void Close() => Segment(true, Fin | Ack, []);

        private void Segment(bool fromRouter, int flags, ReadOnlySpan<byte> payload)
        {
            byte[] tcp = new WireWriter().U16(fromRouter ? port : 1790).U16(fromRouter ? 1790 : port).U32(fromRouter ? _router : _collector, 0).U8(0x50).U8(flags).U16(65535).U32(0).Bytes(payload).ToArray();
            test.Add(fromRouter ? router : Collector, fromRouter ? Collector : router, 6, tcp);
        }
    }
}
