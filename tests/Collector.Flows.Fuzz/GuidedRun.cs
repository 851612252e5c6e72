using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Collector.Flows.Fuzz;

/// <summary>
/// Keeps the datagrams that reach a branch, or a number of passes through it, that none before has reached, and mutates them further. Needs a
/// Collector.Flows.dll that SharpFuzz has instrumented: its branches count in a map of 64 KiB.
/// </summary>
internal sealed unsafe class GuidedRun(FuzzOptions options, SeedCorpus corpus)
{
    private const int MapBytes = 1 << 16;

    private readonly byte[] _map = GC.AllocateArray<byte>(MapBytes, pinned: true);
    private readonly byte[] _seen = new byte[MapBytes];

    /// <summary>Runs on the calling thread.</summary>
    /// <returns>The exit code.</returns>
    public int Run()
    {
        bool isInstrumented = typeof(DatagramDecoder).Assembly.GetReferencedAssemblies().Any(a => a.Name == "SharpFuzz.Common");
        if (!isInstrumented)
        {
            Console.Error.WriteLine("Collector.Flows.dll is not instrumented: start by tests/Collector.Flows.Fuzz/run-guided.sh");
            return 1;
        }

        SharpFuzz.Common.Trace.SharedMem = (byte*)Unsafe(_map);
        string folder = options.Corpus ?? "fuzz-corpus";
        Directory.CreateDirectory(folder);
        List<FuzzSeed> small = [.. corpus.Small];
        var clock = Stopwatch.StartNew();
        double nextLine = 0;
        int kept = 0;
        long done = 0;
        for (long number = 0; done < LimitOf(options); number++)
        {
            // A round ends early so that what was found takes part in the next.
            using var round = new FuzzRound(corpus.With(small), options.Seed, 0, number);
            for (int i = 0; i < 200_000 && done < LimitOf(options); i++, done++)
            {
                Array.Clear(_map);
                SharpFuzz.Common.Trace.PrevLocation = 0;
                FuzzDatagram? datagram = TryStep(round);
                if (datagram is null)
                {
                    return FuzzRun.ExitException;
                }

                if (IsNew())
                {
                    kept++;
                    small.Add(new FuzzSeed(datagram.Payload, datagram.Source, datagram.Port, datagram.Time));
                    File.WriteAllBytes(Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(datagram.Payload).AsSpan(0, 8))), datagram.Payload);
                }
            }

            if (clock.Elapsed.TotalSeconds >= nextLine)
            {
                nextLine = clock.Elapsed.TotalSeconds + 5;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{clock.Elapsed.TotalSeconds,6:F0} s  {done,12:N0} datagrams  {_seen.Count(b => b != 0)} branches  {kept} kept in {folder}  RSS {FuzzRun.Resident() >> 20} MiB"));
            }

            if (options.Seconds > 0 && clock.Elapsed.TotalSeconds >= options.Seconds)
            {
                break;
            }
        }

        Console.WriteLine($"{done:N0} datagrams, {_seen.Count(b => b != 0)} of {MapBytes} map entries reached, {kept} datagrams kept");
        return 0;
    }

    private static long LimitOf(FuzzOptions options) => options.Count == 0 ? long.MaxValue : options.Count;

    private static nint Unsafe(byte[] pinned) => Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);

    private static FuzzDatagram? TryStep(FuzzRound round)
    {
        FuzzDatagram datagram = round.Skip();
        try
        {
            round.Decode(datagram.Payload, datagram.Source, datagram.Port, datagram.Time);
            return datagram;
        }
        catch (Exception e)
        {
            Console.WriteLine($"EXCEPTION: {e}{Environment.NewLine}{Convert.ToHexString(datagram.Payload)}");
            return null;
        }
    }

    // AFL's buckets: once, twice, 3, 4-7, 8-15, 16-31, 32-127, more.
    private bool IsNew()
    {
        bool isNew = false;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(_map);
        for (int w = 0; w < words.Length; w++)
        {
            if (words[w] == 0)
            {
                continue;
            }

            for (int i = w * 8; i < (w * 8) + 8; i++)
            {
                byte count = _map[i];
                byte bucket = (byte)(count == 0 ? 0 : count < 4 ? 1 << (count - 1) : 1 << Math.Min(7, BitOperations.Log2(count) + 1));
                if ((_seen[i] & bucket) != bucket)
                {
                    _seen[i] |= bucket;
                    isNew = true;
                }
            }
        }

        return isNew;
    }
}
