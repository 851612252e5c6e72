using System.Diagnostics;
using System.Globalization;
using Collector.Bgp.Messages;
using Collector.Bgp.Rib;
using Collector.BgpAnnouncer;
using Collector.Net;

namespace Collector.Benchmarks;

/// <summary>What a full table costs inside one process: time and memory to load it, lookups alone and under churn, memory over a long churn.</summary>
/// <remarks>
/// usage: Collector.Benchmarks rib [peers=1] [churn-seconds=5] [routes-scale=1.0]. UPDATEs are read by the speaker's own parser from memory, so the
/// socket is what is missing. Resident memory is that of the process, less what it was before the table was made.
/// </remarks>
internal static class RibMeasurement
{
    private const int Lookups = 1 << 22;

    internal static void Run(string[] args)
    {
        int peers = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1;
        double churnSeconds = args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 5;
        double scale = args.Length > 2 ? double.Parse(args[2], CultureInfo.InvariantCulture) : 1;
        var full = new FullTable(new FullTableOptions
        {
            IPv4 = (int)(1_000_000 * scale),
            IPv6 = (int)(220_000 * scale),
            AttributeSets = (int)(150_000 * scale),
        });
        byte[][] streams = [.. Enumerable.Range(0, peers).Select(p => Stream(full, p))];
        Settle();
        long before = ResidentBytes();
        using var table = new RouteTable(new RouteTableOptions(), TimeProvider.System);
        AdjRibIn[] ribs = [.. Enumerable.Range(0, peers).Select(p => table.AddPeer(new PeerDescription { Address = IpAddress.FromIPv4((uint)(0x0A000001 + p)) })!)];
        using RouteReader reader = table.CreateReader();
        for (int p = 0; p < peers; p++)
        {
            long start = Stopwatch.GetTimestamp();
            long cpu = ThreadTime.Nanoseconds;
            Apply(table, ribs[p], streams[p], reader);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            double cpuSeconds = (ThreadTime.Nanoseconds - cpu) / 1e9;
            Console.WriteLine($"peer {p}: {ribs[p].Paths:N0} routes in {seconds:F3} s, {cpuSeconds:F3} CPU s, {cpuSeconds * 1e9 / ribs[p].Paths:F0} ns a route");
        }

        Settle();
        Console.WriteLine($"resident: {(ResidentBytes() - before) / 1048576.0:F1} MiB more, counted {table.MemoryUsed / 1048576.0:F1} MiB; {table.Attributes.Count:N0} attribute sets, {table.Attributes.Values:N0} values, {table.PrefixCount:N0} prefixes");
        IpAddress[] ipv4 = Addresses(full, isIPv4: true), ipv6 = Addresses(full, isIPv4: false);
        Console.WriteLine($"depth of parents, IPv4: {Depth(table, full)}");
        for (int round = 0; round < 3; round++)
        {
            Console.WriteLine($"lookups/s: IPv4 {Rate(reader, ribs[0].Index, RouteFamily.IPv4Unicast, ipv4):N0}, with attributes {RateOfAs(reader, ribs[0].Index, RouteFamily.IPv4Unicast, ipv4):N0}; IPv6 {Rate(reader, ribs[0].Index, RouteFamily.IPv6Unicast, ipv6):N0}, with attributes {RateOfAs(reader, ribs[0].Index, RouteFamily.IPv6Unicast, ipv6):N0}");
            Console.WriteLine($"lookups/s in batches, with attributes: IPv4 {RateOfBatches(reader, ribs[0].Index, RouteFamily.IPv4Unicast, ipv4):N0}; IPv6 {RateOfBatches(reader, ribs[0].Index, RouteFamily.IPv6Unicast, ipv6):N0}");
        }

        Churn(table, ribs[0], full, reader, churnSeconds);
        UnderChurn(table, ribs[0], full, reader, ipv4, ipv6);
        Clear(table, ribs);
        reader.Quiesce();
        table.Reclaim();
        Console.WriteLine($"after withdrawal of all: counted {table.MemoryUsed / 1048576.0:F1} MiB, {table.Attributes.Count:N0} attribute sets, {table.PrefixCount:N0} prefixes");
    }

    private static byte[] Stream(FullTable full, int peer)
    {
        using var stream = new MemoryStream();
        var writer = new UpdateWriter(full, peer, (uint)(65001 + peer));
        for (int group = 0; group < full.Groups; group++)
        {
            writer.Announce(group, 0, (message, _) => stream.Write(message));
        }

        return stream.ToArray();
    }

    private static void Apply(RouteTable table, AdjRibIn rib, ReadOnlySpan<byte> stream, RouteReader reader)
    {
        var attributes = new ReceivedAttributes();
        var session = new SessionParameters { FourOctetAs = true };
        for (int messages = 0; !stream.IsEmpty; messages++)
        {
            int length = (stream[16] << 8) | stream[17];
            Apply(table, rib, stream[19..length], session, attributes);
            stream = stream[length..];
            if (messages % 256 == 0)
            {
                reader.Quiesce();
            }
        }
    }

    private static void Apply(RouteTable table, AdjRibIn rib, ReadOnlySpan<byte> body, in SessionParameters session, ReceivedAttributes attributes)
    {
        UpdateMessage update = UpdateMessage.Read(body, session, attributes);
        if (!update.Faults.IsEmpty)
        {
            throw new InvalidOperationException($"A synthetic UPDATE is malformed: {update.Faults.Strongest}");
        }

        lock (table.WriterLock)
        {
            Withdraw(table, rib, update.Withdrawn);
            Withdraw(table, rib, update.MpWithdrawn);
            Announce(table, rib, update.Announced, update.NextHop, attributes);
            Announce(table, rib, update.MpAnnounced, update.MpNextHop, attributes);
        }
    }

    private static void Announce(RouteTable table, AdjRibIn rib, NlriField field, IpAddress nextHop, ReceivedAttributes attributes)
    {
        if (field.IsEmpty)
        {
            return;
        }

        attributes.NextHop = nextHop;
        uint set = table.Attributes.Intern(attributes);
        Nlri route = default;
        for (NlriReader reader = field.GetReader(); reader.TryRead(ref route);)
        {
            if (rib.Announce(route, set) >= AnnounceResult.PathLimit)
            {
                throw new InvalidOperationException("A limit was met.");
            }
        }

        table.Attributes.Release(set);
    }

    private static void Withdraw(RouteTable table, AdjRibIn rib, NlriField field)
    {
        Nlri route = default;
        for (NlriReader reader = field.GetReader(); reader.TryRead(ref route);)
        {
            if (rib.Withdraw(route, out uint removed))
            {
                table.Attributes.Release(removed);
            }
        }
    }

    private static double Rate(RouteReader reader, int peer, RouteFamily family, IpAddress[] addresses)
    {
        long start = ThreadTime.Nanoseconds;
        long found = 0;
        foreach (IpAddress address in addresses)
        {
            found += reader.TryFind(peer, family, 0, address, out Route route) ? route.Length : 0;
        }

        GC.KeepAlive(found);
        return addresses.Length * 1e9 / (ThreadTime.Nanoseconds - start);
    }

    // As the enricher does it: what a batch will wait for is fetched together.
    private static double RateOfBatches(RouteReader reader, int peer, RouteFamily family, IpAddress[] addresses)
    {
        long start = ThreadTime.Nanoseconds;
        long found = 0;
        for (int i = 0; i < addresses.Length; i += RouteReader.MaxPrefetched)
        {
            ReadOnlySpan<IpAddress> batch = addresses.AsSpan(i, RouteReader.MaxPrefetched);
            reader.Prefetch(peer, family, batch);
            foreach (IpAddress address in batch)
            {
                found += reader.TryFind(peer, family, 0, address, out Route route) ? reader.Attributes(route).OriginAs : 0;
            }
        }

        GC.KeepAlive(found);
        return addresses.Length * 1e9 / (ThreadTime.Nanoseconds - start);
    }

    private static double RateOfAs(RouteReader reader, int peer, RouteFamily family, IpAddress[] addresses)
    {
        long start = ThreadTime.Nanoseconds;
        long found = 0;
        foreach (IpAddress address in addresses)
        {
            found += reader.TryFind(peer, family, 0, address, out Route route) ? reader.Attributes(route).OriginAs : 0;
        }

        GC.KeepAlive(found);
        return addresses.Length * 1e9 / (ThreadTime.Nanoseconds - start);
    }

    // Half of the addresses all over the table, far more than any cache holds; half in one prefix of a thousand, as the popular ones are.
    private static IpAddress[] Addresses(FullTable full, bool isIPv4)
    {
        var random = new SeededRandom(7);
        TablePrefix[] prefixes = [.. full.Prefixes.Where((_, i) => i < full.Options.IPv4 == isIPv4)];
        var addresses = new IpAddress[Lookups];
        for (int i = 0; i < addresses.Length; i++)
        {
            TablePrefix prefix = prefixes[random.Next(i % 2 == 0 ? prefixes.Length : prefixes.Length / 1000)];
            ulong high = prefix.High | (random.Next() & ~(ulong.MaxValue << (64 - prefix.Length)));
            addresses[i] = isIPv4 ? IpAddress.FromIPv4((uint)(high >> 32)) : IpAddress.FromHostOrder(high, random.Next());
        }

        return addresses;
    }

    private static string Depth(RouteTable table, FullTable full)
    {
        long[] depths = new long[34];
        for (int i = 0; i < full.Options.IPv4; i += 7)
        {
            uint node = table.Prefixes.IPv4.Find((uint)(full.Prefixes[i].High >> 32));
            int depth = 0;
            for (; node != 0; node = table.Prefixes.IPv4Nodes.Parent(node))
            {
                depth++;
            }

            depths[depth]++;
        }

        return string.Join(", ", depths.Select((n, i) => (n, i)).Where(d => d.n > 0).Select(d => $"{d.i}: {d.n}"));
    }

    // Withdraws and announces again one route at a time, with other attributes, all over the table.
    private static void Churn(RouteTable table, AdjRibIn rib, FullTable full, RouteReader reader, double seconds)
    {
        var churn = new ChurnStream(full);
        long start = Stopwatch.GetTimestamp();
        double nextReport = 0;
        long changes = 0, nanoseconds = 0;
        for (double now = 0; now <= seconds; now = Stopwatch.GetElapsedTime(start).TotalSeconds)
        {
            if (now >= nextReport)
            {
                Settle();
                Console.WriteLine($"churn: {changes:N0} changes, {nanoseconds / 1e3 / Math.Max(1, changes):F3} CPU µs a change; resident {ResidentBytes() / 1048576.0:F1} MiB, counted {table.MemoryUsed / 1048576.0:F1} MiB, managed {GC.GetTotalMemory(false) / 1048576.0:F1} MiB, {rib.Paths:N0} paths, {table.Attributes.Count:N0} attribute sets");
                nextReport += seconds / 4;
            }

            ReadOnlySpan<byte> stream = churn.Next(20_000);
            long begun = ThreadTime.Nanoseconds;
            Apply(table, rib, stream, reader);
            nanoseconds += ThreadTime.Nanoseconds - begun;
            changes += 20_000;
        }
    }

    private static void UnderChurn(RouteTable table, AdjRibIn rib, FullTable full, RouteReader reader, IpAddress[] ipv4, IpAddress[] ipv6)
    {
        double alone4 = Best(() => RateOfBatches(reader, rib.Index, RouteFamily.IPv4Unicast, ipv4), reader), alone6 = Best(() => RateOfBatches(reader, rib.Index, RouteFamily.IPv6Unicast, ipv6), reader);
        using var stop = new CancellationTokenSource();
        long changes = 0;
        long start = Stopwatch.GetTimestamp();
        var writer = new Thread(() =>
        {
            var churn = new ChurnStream(full);
            using RouteReader own = table.CreateReader();
            while (!stop.IsCancellationRequested)
            {
                Apply(table, rib, churn.Next(100), own);
                changes += 100;
                while (changes > Stopwatch.GetElapsedTime(start).TotalSeconds * 10_000 && !stop.IsCancellationRequested)
                {
                    Thread.Sleep(1);
                }
            }
        });
        writer.Start();
        double with4 = Best(() => RateOfBatches(reader, rib.Index, RouteFamily.IPv4Unicast, ipv4), reader), with6 = Best(() => RateOfBatches(reader, rib.Index, RouteFamily.IPv6Unicast, ipv6), reader);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        stop.Cancel();
        writer.Join();
        Console.WriteLine($"in batches under {changes / seconds:N0} changes/s: IPv4 {with4:N0} ({with4 / alone4:P0} of alone), IPv6 {with6:N0} ({with6 / alone6:P0})");
    }

    private static double Best(Func<double> rate, RouteReader reader)
    {
        double best = 0;
        for (int i = 0; i < 5; i++)
        {
            best = Math.Max(best, rate());
            reader.Quiesce();
        }

        return best;
    }

    private static void Clear(RouteTable table, AdjRibIn[] ribs)
    {
        foreach (AdjRibIn rib in ribs)
        {
            long start = Stopwatch.GetTimestamp();
            long paths = rib.Paths;
            lock (table.WriterLock)
            {
                rib.MarkAllStale();
                TimeSpan marked = Stopwatch.GetElapsedTime(start);
                rib.SweepStale(null);
                Console.WriteLine($"peer lost: marked stale in {marked.TotalMicroseconds:F0} µs, {paths:N0} swept in {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} ms");
            }
        }
    }

    private static void Settle()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }

    private static long ResidentBytes()
    {
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmRSS", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
