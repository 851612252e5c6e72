using System.Net;
using Collector.Testing;
using Collector.Testing.Captures;

namespace Collector.Tests.Oracle;

/// <summary>A datagram to be sent at a time, its clock already set to that time.</summary>
/// <param name="Sender">The address it comes from: one for each exporter, since templates belong to it.</param>
/// <param name="At">When, milliseconds since the Unix epoch.</param>
/// <param name="Payload">What is sent.</param>
internal sealed record LiveDatagram(string Sender, long At, byte[] Payload);

/// <summary>A capture of a real exporter, sent again in several rounds as if the exporter exported now.</summary>
/// <param name="Files">The files in order.</param>
/// <param name="Lag">By how many seconds its clock is behind.</param>
internal sealed record LiveCapture(int Lag, params string[] Files)
{
    /// <summary>How long a round takes at most, in milliseconds; a longer capture is sped up.</summary>
    public const int RoundLength = 2_000;

    // An exporter that read its traffic from a file tells the times of the file: they are brought to the time of the export.
    private const int SameClock = 3_600;

    /// <summary>Where nfacctd is known to differ: the outputs (all: empty) and the reason.</summary>
    public (string[] Outputs, string Reason)? Difference { get; init; }

    public static LiveCapture OfPcaps(string name, int lag) => new(lag, Path.Combine(RepositoryPaths.Pcaps, name + ".pcap"));

    /// <summary>The captures of a shared case; none where that folder is not.</summary>
    public static IEnumerable<LiveCapture> OfShared(string name, int lag)
    {
        string folder = Path.Combine(RepositoryPaths.SharedCaptures, "data", "dev", name);
        return Directory.Exists(folder) ? [new LiveCapture(lag, [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)])] : [];
    }

    /// <summary>The datagrams of all rounds.</summary>
    /// <param name="sender">The exporter's new address.</param>
    /// <param name="rounds">When the rounds begin, milliseconds since the Unix epoch.</param>
    public IEnumerable<LiveDatagram> Schedule(string sender, IEnumerable<long> rounds)
    {
        CapturedPayload[] captured = [.. Files.SelectMany(PcapFile.Read)];
        long[] spacing = [.. captured.Zip(captured.Skip(1), (a, b) => Math.Clamp(b.Time - a.Time, 0, 60_000_000)).Prepend(0)];
        double pace = Math.Min(0.001, RoundLength / Math.Max(1.0, spacing.Sum()));
        long old = AgeOfFlows(captured);
        var clock = new ClockShift();
        foreach (long round in rounds)
        {
            long elapsed = 0;
            for (int i = 0; i < captured.Length; i++)
            {
                elapsed += spacing[i];
                long at = round + (long)(elapsed * pace);
                byte[] payload = captured[i].Payload;
                long? exported = ClockShift.ExportTime(payload);
                long seconds = (at / 1_000) - Lag - (exported ?? 0);
                payload = clock.Shift(payload, seconds, seconds + old);
                yield return new LiveDatagram(sender, at, exported is null ? WithAgent(payload, sender) : payload);
            }
        }
    }

    private static long AgeOfFlows(CapturedPayload[] captured)
    {
        var clock = new ClockShift();
        foreach (CapturedPayload datagram in captured)
        {
            clock.Shift(datagram.Payload, 0, 0);
        }

        long age = (ClockShift.ExportTime(captured[0].Payload) ?? 0) - clock.LatestFlow;
        return clock.LatestFlow == 0 || Math.Abs(age) < SameClock ? 0 : age;
    }

    // sFlow version 5 names its agent, here by IPv4; rates go by it, so no two captures may have the same.
    private static byte[] WithAgent(byte[] datagram, string sender)
    {
        IPAddress.Parse(sender).GetAddressBytes().CopyTo(datagram, 8);
        return datagram;
    }
}
