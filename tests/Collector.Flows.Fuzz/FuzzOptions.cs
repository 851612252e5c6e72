using System.Globalization;

namespace Collector.Flows.Fuzz;

/// <summary>What the command line asks for.</summary>
internal sealed record FuzzOptions
{
    public const string Usage = """
        usage: Collector.Flows.Fuzz [switch]...
          --count N        datagrams in all (default 20000000); 0: until --seconds are over
          --seconds N      stop after so many seconds, whatever the count
          --threads N      one decoder each (default: all cores)
          --seed N         first number of the run (default 1): the same seed gives the same datagrams
          --round N        datagrams that one decoder lives for (default 16777216)
          --corpus DIR     further seeds, one datagram a file; --guided adds what reached new branches
          --state FILE     where the run notes its place, to be replayed after a crash (default fuzz.state)
          --replay FILE    runs the rounds of that file up to the noted place, once, on one thread each
          --replay-pcap F  feeds the datagrams of a failure file to a new decoder
          --guided         coverage-guided, one thread; needs an instrumented Collector.Flows.dll (run-guided.sh)
          --bgp            BGP messages instead (--count, --seconds, --threads, --seed, --state, --replay)
          --flood          F10: 65,280 templates in each of many domains, prints whether the memory stays flat
          --domains N      for --flood: how many domains (default 256)
        exit code: 0 well, 1 usage, 2 exception, 3 hang, 4 memory growth
        """;

    public long Count { get; init; } = 20_000_000;

    public int Seconds { get; init; }

    public int Threads { get; init; } = Environment.ProcessorCount;

    public ulong Seed { get; init; } = 1;

    public long Round { get; init; } = 1 << 24;

    public string? Corpus { get; init; }

    public string State { get; init; } = "fuzz.state";

    public string? Replay { get; init; }

    public string? ReplayPcap { get; init; }

    public bool Guided { get; init; }

    public bool Flood { get; init; }

    public bool Bgp { get; init; }

    public int Domains { get; init; } = 256;

    /// <summary>Null when a switch or a value is not understood.</summary>
    public static FuzzOptions? Parse(string[] arguments)
    {
        var options = new FuzzOptions();
        for (int i = 0; i < arguments.Length; i++)
        {
            string name = arguments[i];
            FuzzOptions? mode = name switch
            {
                "--guided" => options with { Guided = true },
                "--flood" => options with { Flood = true },
                "--bgp" => options with { Bgp = true },
                _ => null,
            };
            if (mode is not null)
            {
                options = mode;
                continue;
            }

            if (++i == arguments.Length)
            {
                return null;
            }

            string text = arguments[i];
            bool isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number);
            FuzzOptions? next = name switch
            {
                "--count" when isNumber => options with { Count = number },
                "--seconds" when isNumber => options with { Seconds = (int)Math.Min(number, int.MaxValue) },
                "--threads" when isNumber && number is > 0 and <= 1024 => options with { Threads = (int)number },
                "--seed" when isNumber => options with { Seed = (ulong)number },
                "--round" when isNumber && number > 0 => options with { Round = number },
                "--domains" when isNumber && number > 0 => options with { Domains = (int)Math.Min(number, int.MaxValue) },
                "--corpus" => options with { Corpus = text },
                "--state" => options with { State = text },
                "--replay" => options with { Replay = text },
                "--replay-pcap" => options with { ReplayPcap = text },
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            options = next;
        }

        return options is { Count: 0, Seconds: 0 } ? null : options;
    }
}
