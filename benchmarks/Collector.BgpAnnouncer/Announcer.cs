using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Collector.BgpAnnouncer;

/// <summary>All peers, and what they are told to do.</summary>
internal sealed class Announcer : IDisposable
{
    private readonly FullTable _table;
    private readonly PeerConnection[] _peers;
    private readonly byte[][] _streams;
    private readonly ChurnStream _churn;

    internal Announcer(FullTable table, IPEndPoint target, IPAddress first, int peers, uint firstAs)
    {
        _table = table;
        _streams = [.. Enumerable.Range(0, peers).Select(p => Stream(table, p, firstAs + (uint)p))];
        _churn = new ChurnStream(table, 0, firstAs);
        _peers = [.. Enumerable.Range(0, peers).Select(p => new PeerConnection(target, Add(first, p), firstAs + (uint)p))];
    }

    /// <summary>Establishes the sessions, then obeys until quit or the end of the commands.</summary>
    internal void Run(TextReader commands, TextWriter answers)
    {
        Array.ForEach(_peers, p => p.Establish());
        Answer(answers, $"\"established\": {_peers.Length}");
        while (commands.ReadLine()?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { } words && words is not ["quit"])
        {
            long start = Stopwatch.GetTimestamp();
            switch (words)
            {
                case ["load"]:
                    Parallel.For(0, _peers.Length, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, _peers.Length) }, p => _peers[p].Send(_streams[p]));
                    Array.ForEach(_peers, p => p.Drain());
                    Answer(answers, string.Create(CultureInfo.InvariantCulture, $"\"routes\": {_table.Prefixes.Length}, \"bytes\": {_streams[0].Length}, \"seconds\": {Seconds(start):F3}"));
                    break;
                case ["churn", string count, .. string[] rate]:
                    Churn(int.Parse(count, CultureInfo.InvariantCulture), rate.Length > 0 ? double.Parse(rate[0], CultureInfo.InvariantCulture) : double.PositiveInfinity);
                    Answer(answers, string.Create(CultureInfo.InvariantCulture, $"\"changes\": {count}, \"seconds\": {Seconds(start):F3}"));
                    break;
                default:
                    Answer(answers, "\"error\": \"write load, churn COUNT [RATE] or quit\"");
                    break;
            }
        }
    }

    public void Dispose() => Array.ForEach(_peers, p => p.Dispose());

    private static double Seconds(long start) => Stopwatch.GetElapsedTime(start).TotalSeconds;

    private static void Answer(TextWriter answers, string members)
    {
        answers.WriteLine($"{{{members}}}");
        answers.Flush();
    }

    private static IPAddress Add(IPAddress first, int number)
    {
        byte[] bytes = first.GetAddressBytes();
        bytes[^1] += (byte)number;
        return new IPAddress(bytes);
    }

    private static byte[] Stream(FullTable table, int peer, uint asNumber)
    {
        using var stream = new MemoryStream();
        var writer = new UpdateWriter(table, peer, asNumber);
        for (int group = 0; group < table.Groups; group++)
        {
            writer.Announce(group, 0, (message, _) => stream.Write(message));
        }

        writer.EndOfRib(isIPv4: true, (message, _) => stream.Write(message));
        writer.EndOfRib(isIPv4: false, (message, _) => stream.Write(message));
        return stream.ToArray();
    }

    private void Churn(int count, double rate)
    {
        long start = Stopwatch.GetTimestamp();
        const int Step = 500;
        for (int done = 0; done < count; done += Step)
        {
            _peers[0].Send(_churn.Next(Math.Min(Step, count - done)));
            TimeSpan ahead = TimeSpan.FromSeconds((done + Step) / rate) - Stopwatch.GetElapsedTime(start);
            if (ahead > TimeSpan.FromMilliseconds(1))
            {
                Thread.Sleep(ahead);
            }
        }

        _peers[0].Drain();
    }
}
