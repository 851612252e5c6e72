using System.Diagnostics;
using System.Globalization;
using Collector.Bgp.Messages;
using Collector.Bgp.PathAttributes;
using Collector.Bgp.Rib;
using Collector.Testing;
using Collector.Testing.Builders;

namespace Collector.Flows.Fuzz;

/// <summary>Mutated BGP messages against the readers of OPEN, UPDATE, NOTIFICATION and ROUTE-REFRESH, which keep no state: a failure is one message.</summary>
internal static class BgpRun
{
    private static readonly byte[][] Seeds = [.. Messages()];

    /// <summary>Runs, or with --replay runs each thread's message noted last once more.</summary>
    public static int Run(FuzzOptions options)
    {
        if (options.Replay is not null)
        {
            return Replay(options.Replay);
        }

        using FuzzState state = FuzzState.Create(options);
        long each = options.Count == 0 ? long.MaxValue : (options.Count + options.Threads - 1) / options.Threads;
        long[] done = new long[options.Threads], routes = new long[options.Threads];
        long[][] faults = [.. Enumerable.Range(0, options.Threads).Select(_ => new long[UpdateFaults.Count])];
        bool failed = false, isOver = false;
        var clock = Stopwatch.StartNew();
        Thread[] threads = [.. Enumerable.Range(0, options.Threads).Select(t => new Thread(() =>
        {
            using var target = new Target(FuzzRound.NumberOf(options.Seed, t, 0));
            try
            {
                for (; done[t] < each && !Volatile.Read(ref isOver); done[t]++)
                {
                    state.Note(t, 0, done[t]);
                    target.Step(faults[t]);
                }
            }
            catch (Exception e)
            {
                Volatile.Write(ref failed, true);
                Volatile.Write(ref isOver, true);
                Console.WriteLine($"EXCEPTION: thread {t}, message {done[t]}: {e}{Environment.NewLine}{Convert.ToHexString(target.Last)}");
            }

            routes[t] = target.Routes;
        }))];
        Array.ForEach(threads, t => t.Start());
        while (threads.Any(t => t.IsAlive))
        {
            threads.First(t => t.IsAlive).Join(1_000);
            if (options.Seconds > 0 && clock.Elapsed.TotalSeconds >= options.Seconds)
            {
                Volatile.Write(ref isOver, true);
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done.Sum():N0} BGP messages, {routes.Sum():N0} routes in {clock.Elapsed.TotalSeconds:F1} s, {done.Sum() / clock.Elapsed.TotalSeconds:N0}/s; RSS {FuzzRun.Resident() >> 20} MiB"));
        Console.WriteLine($"faults met: {string.Join(", ", Enumerable.Range(0, UpdateFaults.Count).Select(f => $"{(UpdateFault)f} {faults.Sum(t => t[f]):N0}"))}");
        return failed ? FuzzRun.ExitException : 0;
    }

    private static int Replay(string path)
    {
        using FuzzState state = FuzzState.Open(path);
        for (int thread = 0; thread < state.Threads; thread++)
        {
            long index = state.Of(thread).Index;
            using var target = new Target(FuzzRound.NumberOf(state.Seed, thread, 0));
            for (long i = 0; i < index; i++)
            {
                target.Make();
            }

            target.Make();
            Console.WriteLine($"thread {thread}, message {index}: {Convert.ToHexString(target.Last)}");
            target.Parse(new long[UpdateFaults.Count]);
        }

        Console.WriteLine("all messages ran through");
        return 0;
    }

    private static IEnumerable<byte[]> Messages()
    {
        byte[] v6 = [0x20, 1, 0x0d, 0xb8, .. new byte[12]];
        byte[] rd = [0, 0, 0xFD, 0xE8, 0, 0, 0, 1];
        byte[] label = [0, 1, 0x01];
        yield return new UpdateBuilder().Mandatory("192.0.2.1", 65_000, 65_001, 4_200_000_000).Announce("10.0.0.0/8", "192.0.2.0/24", "198.51.100.7/32").Message();
        yield return new UpdateBuilder().Withdraw("10.0.0.0/8", "0.0.0.0/0").Message();
        yield return new UpdateBuilder().Mandatory("192.0.2.1", 65_000)
            .Attribute(0x80, 4, 0, 0, 0, 1).Attribute(0x40, 5, 0, 0, 0, 100).Attribute(0x40, 6).Attribute(0xC0, 7, 0, 0, 0xFD, 0xE8, 10, 0, 0, 1)
            .Attribute(0xC0, 8, 0xFD, 0xE8, 0, 1, 0xFF, 0xFF, 0xFF, 1).Attribute(0x80, 9, 10, 0, 0, 1).Attribute(0x80, 10, 10, 0, 0, 2, 10, 0, 0, 3)
            .Attribute(0xC0, 16, 0, 2, 0xFD, 0xE8, 0, 0, 0, 1, 0x43, 0, 0, 0, 0, 0, 0, 0).Attribute(0xC0, 17, 2, 1, 0, 1, 0, 0).Attribute(0xC0, 18, 0, 1, 0, 0, 10, 0, 0, 1)
            .Attribute(0x80, 26, 1, 0, 11, 0, 0, 0, 0, 0, 0, 0, 9).Attribute(0xC0, 32, [0, 0, 0xFD, 0xE8, 0, 0, 0, 1, 0, 0, 0, 2]).Attribute(0xC0, 35, 0, 0, 0xFD, 0xE8)
            .Attribute(0xC0, 99, 1, 2, 3).Announce("203.0.113.0/24").Message();
        yield return new UpdateBuilder().Origin(1).Attribute(0x40, 2, [1, 2, 0, 0, 0, 1, 0, 0, 0, 2, 2, 1, 0, 0, 0, 3, 3, 1, 0, 0, 0, 4, 4, 1, 0, 0, 0, 5]).NextHop("10.0.0.1").Announce("10.1.0.0/16").Message();
        yield return new UpdateBuilder().Origin(0).AsPath(1).MpReach(2, 1, v6, [32, 0x20, 1, 0x0d, 0xb8, 0, 48, 0x20, 1, 0x0d, 0xb8, 0, 1]).Message();
        yield return new UpdateBuilder().Origin(0).AsPath(1).MpReach(2, 1, [.. v6, 0xfe, 0x80, .. new byte[14]], [128, .. v6]).MpUnreach(2, 1, [16, 0x20, 1]).Message();
        yield return new UpdateBuilder().Origin(0).AsPath(1).MpReach(1, 4, [10, 0, 0, 1], [48, .. label, 10, 1, 2]).Message();
        yield return new UpdateBuilder().Origin(0).AsPath(1).MpReach(2, 4, v6, [72, .. label, 0x20, 1, 0x0d, 0xb8, 0, 1]).Message();
        yield return new UpdateBuilder().Origin(0).AsPath(1).MpReach(1, 128, [.. new byte[8], 10, 0, 0, 1], [112, .. label, .. rd, 10, 1, 2]).Message();
        yield return new UpdateBuilder().Origin(0).AsPath(1).MpReach(2, 128, [.. new byte[8], .. v6], [136, .. label, .. rd, 0x20, 1, 0x0d, 0xb8, 0, 1]).MpUnreach(1, 128, [112, 0x80, 0, 0, .. rd, 10, 1, 2]).Message();
        yield return new UpdateBuilder().Origin(0).AsPath(1).MpReach(1, 1, v6, [0, 0, 0, 7, 24, 10, 1, 2, 0, 0, 0, 8, 0]).RawAnnounced(0, 0, 0, 1, 24, 10, 0, 0).RawWithdrawn(0, 0, 0, 1, 8, 10).NextHop("10.0.0.1").Message();
        yield return new UpdateBuilder().Origin(0).AsPath(1).MpReach(25, 70, [10, 0, 0, 1], [1, 2, 3, 4]).MpUnreach(16_388, 71, []).Message();
        yield return new UpdateBuilder().Message();
        yield return new UpdateBuilder().MpUnreach(2, 1, []).Message();
        yield return UpdateBuilder.Open(65_000, 90, "10.0.0.1", [1, 4, 0, 1, 0, 1, 1, 4, 0, 2, 0, 128, 2, 0, 5, 6, 0, 1, 0, 1, 0, 2, 6, 0, 64, 6, 0x80, 120, 0, 1, 1, 0x80, 65, 4, 0, 0, 0xFD, 0xE8, 69, 4, 0, 1, 1, 3, 70, 0, 71, 7, 0, 1, 1, 0, 0, 0, 1]);
        yield return UpdateBuilder.Message(3, 6, 2, 4, (byte)'b', (byte)'y', (byte)'e', (byte)'.');
        yield return UpdateBuilder.Message(4);
        yield return UpdateBuilder.Message(5, 0, 1, 0, 1);
    }

    private sealed class Target(ulong seed) : IDisposable
    {
        private static readonly byte[] Extremes = [0, 1, 2, 3, 4, 8, 16, 32, 33, 127, 128, 129, 254, 255];

        private readonly GuardedMemory _memory = new();
        private readonly ReceivedAttributes _attributes = new();
        private readonly byte[] _text = new byte[1 << 20];
        private FuzzRandom _random = new(seed);
        private int _length;
        private ulong _variant;

        public long Routes { get; private set; }

        public ReadOnlySpan<byte> Last => _memory.AtEnd(_length);

        public void Step(long[] faults)
        {
            Make();
            Parse(faults);
        }

        public void Make()
        {
            byte[] seed = Seeds[_random.Below(Seeds.Length)];
            _variant = _random.Next();
            ReadOnlySpan<byte> tail = default;
            int kept = seed.Length;
            if ((_variant & 0x70) == 0)
            {
                // The end of another message behind a beginning of this one.
                byte[] other = Seeds[_random.Below(Seeds.Length)];
                kept = MessageHeader.Size + _random.Below(seed.Length - MessageHeader.Size + 1);
                tail = other.AsSpan(MessageHeader.Size + _random.Below(other.Length - MessageHeader.Size + 1));
            }
            else if ((_variant & 0x70) == 0x10)
            {
                kept = _random.Below(seed.Length + 1);
            }

            _length = kept + tail.Length;
            Span<byte> message = _memory.AtEnd(_length);
            seed.AsSpan(0, kept).CopyTo(message);
            tail.CopyTo(message[kept..]);
            for (int times = (int)(_variant & 3); times > 0 && _length != 0; times--)
            {
                // Seldom the marker, which hides all else.
                int from = _length > MessageHeader.Size && !_random.OneIn(6) ? MessageHeader.Size : 0;
                ref byte at = ref message[from + _random.Below(_length - from)];
                ulong kind = _random.Next();
                at = (kind & 3) switch { 0 => (byte)(at ^ (1 << (int)(kind >> 61))), 1 => Extremes[_random.Below(Extremes.Length)], 2 => (byte)(kind >> 56), _ => (byte)(at + ((kind & 4) == 0 ? 1 : -1)) };
            }
        }

        public void Parse(long[] faults)
        {
            ReadOnlySpan<byte> message = Last;
            HeaderStatus status = MessageHeader.Read(message, (_variant & 4) != 0, out _, out int length);
            if (status == HeaderStatus.Ok && length > message.Length && (_variant & 8) == 0)
            {
                return;
            }

            // A header that is wrong ends a session; the readers behind it are to hold all the same.
            ReadOnlySpan<byte> body = message.Length > MessageHeader.Size ? message[MessageHeader.Size..] : default;
            switch (message.Length > 18 ? message[18] : 0)
            {
                case 1:
                    _ = OpenMessage.Read(body, out NotificationMessage refusal);
                    _ = refusal.Data;
                    break;
                case 3:
                    _ = NotificationMessage.Read(body).ToString();
                    break;
                case 5:
                    _ = RouteRefreshMessage.TryRead(body, out _);
                    break;
                default:
                    ReadUpdate(body, faults);
                    break;
            }
        }

        public void Dispose() => _memory.Dispose();

        private void ReadUpdate(ReadOnlySpan<byte> body, long[] faults)
        {
            var session = new SessionParameters
            {
                FourOctetAs = (_variant & 0x100) == 0,
                IsExternal = (_variant & 0x200) != 0,
                AddPathFamilies = (byte)((_variant & 0x400) == 0 ? 0 : _variant >> 16),
                ExtendedNextHopFamilies = (byte)((_variant & 0x800) == 0 ? 0 : _variant >> 24),
            };
            UpdateMessage update = UpdateMessage.Read(body, session, _attributes);
            for (ulong bits = update.Faults.Bits; bits != 0; bits &= bits - 1)
            {
                faults[System.Numerics.BitOperations.TrailingZeroCount(bits)]++;
            }

            if (update.Faults.Handling == ErrorHandling.SessionReset)
            {
                return;
            }

            Walk(update.Withdrawn);
            Walk(update.Announced);
            Walk(update.MpWithdrawn);
            Walk(update.MpAnnounced);
            _ = AsPath.OriginAs(_attributes.AsPath) + AsPath.PeerAs(_attributes.AsPath) + AsPath.PeerAsOutsideConfederation(_attributes.AsPath);
            AsPathText.Write(_attributes.AsPath, (byte)'_', 0, _text.AsSpan(0, AsPathText.MaxLength(_attributes.AsPath.Length)));
            Text(CommunityKind.Standard, _attributes.StandardCommunities);
            Text(CommunityKind.Extended, _attributes.ExtendedCommunities);
            Text(CommunityKind.Large, _attributes.LargeCommunities);
        }

        private void Text(CommunityKind kind, ReadOnlySpan<byte> list) => CommunityText.Write(kind, list, (byte)'_', false, null, _text.AsSpan(0, CommunityText.MaxLength(kind, list.Length)));

        private void Walk(NlriField field)
        {
            NlriReader reader = field.GetReader();
            Nlri route = default;
            while (reader.TryRead(ref route))
            {
                Routes++;
                if (route.Length > 128)
                {
                    throw new InvalidOperationException($"A prefix of {route.Length} bits.");
                }
            }
        }
    }
}
