using System.Diagnostics;
using System.Globalization;
using Collector.Net;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Replay;

/// <summary>Holds the reader against Wireshark's: the same packet numbers, times, addresses, ports and payloads.</summary>
public class TsharkComparisonTests
{
    [SharedCapturesFact("tshark", "mergecap", "editcap")]
    public void SharedCaptures_AreReadAsTsharkReadsThem()
    {
        using var folder = new CaptureFolder();
        string merged = Path.Combine(folder.Path, "merged.pcapng");
        string[] captures = SharedCaptures();
        Assert.NotEmpty(captures);

        // One file after the other (-a), as one reader sees them; then a single tshark checks all of them.
        Run("mergecap", ["-a", "-w", merged, .. captures]);
        IReadOnlyList<ReadDatagram> datagrams = CaptureFolder.ReadFiles(captures).Datagrams;
        Assert.Equal(datagrams, CaptureFolder.ReadFiles(merged).Datagrams);
        AssertSameAsTshark(merged);

        foreach (string format in (string[])["pcapng", "nsecpcap", "pcap"])
        {
            string converted = Path.Combine(folder.Path, "converted." + format);
            Run("editcap", "-F", format, merged, converted);
            Assert.Equal(datagrams, CaptureFolder.ReadFiles(converted).Datagrams);
        }

        string cut = Path.Combine(folder.Path, "cut.pcapng");
        Run("editcap", "-s", "150", merged, cut);
        AssertSameAsTshark(cut);
        Assert.NotEqual(0, CaptureFolder.ReadFiles(cut).Counters.Truncated);
    }

    [ProgramFact("tshark")]
    public void WrittenCaptures_AreReadAsTsharkReadsThem()
    {
        byte[] payload = PacketBytes.Sequence(5000);
        List<byte[]> four = PacketBytes.Fragments4(PacketBytes.Udp(payload), 1480, id: 3);
        List<byte[]> six = PacketBytes.Fragments6(PacketBytes.Extension(17, PacketBytes.Udp(payload)), 1232, nextHeader: 60);
        PcapngBytes file = new PcapngBytes().Section(true).Interface(resolution: 0x80 | 30, offset: 1_000_000_000).Interface(113, resolution: 9).Interface(276).Interface(101);
        ulong stamp = 0;
        foreach (byte[] frame in (byte[][])[four[2], six[1], four[0], six[4], four[3], six[0], six[3], four[1], six[2]])
        {
            file.Packet(frame, stamp += 1_234_567_890);
        }

        file.Packet(PacketBytes.Ethernet(PacketBytes.IPv4(PacketBytes.Udp([1]), options: 8), 0x0800, 0x88A8, 0x8100), stamp)
            .Packet([0, 0, 3, 4, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, 8, 0, .. PacketBytes.IPv4(PacketBytes.Udp([2]))], 1_700_000_000_123_456_789, 1)
            .Packet([0x86, 0xDD, 0, 0, 0, 0, 0, 1, 3, 4, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, .. PacketBytes.IPv6(PacketBytes.Udp([3]))], 1_700_000_000_123_456, 2)
            .Packet(PacketBytes.IPv6(PacketBytes.Extension(43, PacketBytes.Extension(17, PacketBytes.Udp([4]), 2)), 0), 1_700_000_000_123_456, 3)
            .Section().Interface(0, resolution: 3).Packet([2, 0, 0, 0, .. PacketBytes.IPv4(PacketBytes.Udp([5]))], 1_700_000_000_123);
        using var folder = new CaptureFolder();
        string path = folder.Write("written.pcapng", file.ToArray());

        AssertSameAsTshark(path);
        Assert.Equal(7, CaptureFolder.ReadFiles(path).Datagrams.Count);
    }

    [NamespaceFact("tshark", "tcpdump", "dd", "bash")]
    public async Task FragmentsOfTheKernel_AreReadAsTsharkReadsThem()
    {
        const string Filter = "ip proto 17 or ip6 proto 17 or ip6 proto 44";

        // One, 2, 7 and 44 fragments of 1,480 bytes, and one, 2, 7 and 45 of 1,448: with that many tcpdump is done.
        string packets = (1 + 2 + 7 + 44 + 1 + 2 + 7 + 45).ToString(CultureInfo.InvariantCulture);
        using var folder = new CaptureFolder();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        string name = "capture-tests-" + Environment.ProcessId;
        string path = Path.Combine(folder.Path, "live.pcap");
        Run("ip", "netns", "add", name);
        try
        {
            Run("ip", "-n", name, "link", "set", "lo", "mtu", "1500", "up");
            using Process tcpdump = Start("ip", "netns", "exec", name, "tcpdump", "-i", "lo", "-Z", "root", "-w", path, "-c", packets, Filter);
            while (await tcpdump.StandardError.ReadLineAsync() is string line && !line.Contains("listening on", StringComparison.Ordinal))
            {
            }

            foreach (string host in (string[])["127.0.0.1", "::1"])
            {
                foreach (int size in (int[])[100, 1473, 9000, 65_000])
                {
                    Run("ip", "netns", "exec", name, "bash", "-c", $"exec 3>/dev/udp/{host}/2055; dd if=/dev/urandom bs={size} count=1 iflag=fullblock status=none >&3");
                }
            }

            await tcpdump.WaitForExitAsync(patience.Token);
        }
        finally
        {
            Run("ip", "netns", "delete", name);
        }

        ReadResult result = CaptureFolder.ReadFiles(path);
        Assert.Equal([100, 1473, 9000, 65_000, 100, 1473, 9000, 65_000], result.Datagrams.Select(d => d.Payload.Length / 2));
        Assert.Equal(6, result.Counters.Reassembled);
        AssertSameAsTshark(path);
    }

    private static string[] SharedCaptures() =>
        [.. Directory.EnumerateFiles(RepositoryPaths.SharedCaptures, "*.pcap", SearchOption.AllDirectories).Order()];

    private static void AssertSameAsTshark(string path)
    {
        // Without the decoders of flow protocols: a sampled header has addresses of its own inside.
        string text = Run(
            "tshark", "-r", path, "-Y", "udp && !icmp && !icmpv6", "-T", "fields", "-E", "occurrence=f", "-E", "separator=|", "-o", "ip.defragment:TRUE",
            "--disable-protocol", "sflow", "--disable-protocol", "cflow",
            "-e", "frame.number", "-e", "frame.time_epoch", "-e", "ip.src", "-e", "ipv6.src", "-e", "udp.srcport", "-e", "ip.dst", "-e", "ipv6.dst", "-e", "udp.dstport",
            "-e", "udp.payload");
        ReadDatagram[] expected = [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

        IEnumerable<ReadDatagram> actual = CaptureFolder.ReadFiles(path).Datagrams.Select(d => d with { IsTruncated = false });

        Assert.Equal(expected, actual);
    }

    private static ReadDatagram Parse(string line)
    {
        string[] f = line.Split('|');
        string[] time = f[1].Split('.');

        // The fraction counts nanoseconds, and is of ten digits where the capture has a whole second of microseconds.
        long microseconds = (long.Parse(time[0], CultureInfo.InvariantCulture) * 1_000_000) + (long.Parse(time[1], CultureInfo.InvariantCulture) / 1000);
        return new ReadDatagram(
            ulong.Parse(f[0], CultureInfo.InvariantCulture), microseconds,
            IpAddress.Parse(f[2] + f[3]), int.Parse(f[4], CultureInfo.InvariantCulture),
            IpAddress.Parse(f[5] + f[6]), int.Parse(f[7], CultureInfo.InvariantCulture), f[8], false);
    }

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(Peers.Find(program) ?? program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static string Run(string program, params string[] arguments)
    {
        using Process process = Start(program, arguments);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {errors.Result}");
        return output;
    }
}
