using Collector.Replay;
using Collector.Testing;

namespace Collector.Flows.Fuzz;

/// <summary>Runs a failure again.</summary>
internal static class FuzzReplay
{
    /// <summary>The rounds that the threads of a run were in, one after the other, each up to the datagram noted last.</summary>
    public static int OfState(FuzzOptions options, SeedCorpus corpus, string path)
    {
        using FuzzState state = FuzzState.Open(path);
        for (int thread = 0; thread < state.Threads; thread++)
        {
            (long number, long index) = state.Of(thread);
            Console.WriteLine($"thread {thread}, round {number}, up to datagram {index}");
            FuzzFailure.Write(options with { Seed = state.Seed }, corpus, thread, number, index, null);
            using var round = new FuzzRound(corpus, state.Seed, thread, number);
            for (long i = 0; i <= index; i++)
            {
                round.Step();
            }
        }

        Console.WriteLine("all rounds ran through");
        return 0;
    }

    /// <summary>The datagrams of a capture, for every set of options that rounds have.</summary>
    public static int OfCapture(string path)
    {
        using var memory = new GuardedMemory();
        for (int variant = 0; variant < 120; variant++)
        {
            var player = new FuzzPlayer(FuzzRound.OptionsOf(variant));
            using var reader = new CaptureReader([path], Console.Error.WriteLine);
            while (reader.TryRead(out CapturedDatagram d))
            {
                player.Decode(memory.Place(d.Payload), d.Source, d.SourcePort, d.Time);
            }
        }

        Console.WriteLine("all datagrams ran through");
        return 0;
    }
}
