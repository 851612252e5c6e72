using System.Diagnostics;
using System.Globalization;

namespace Collector.Flows.Fuzz;

/// <summary>Starts the threads, watches them for exceptions, hangs and memory, and reports.</summary>
internal sealed class FuzzRun(FuzzOptions options, SeedCorpus corpus)
{
    public const int ExitException = 2, ExitHang = 3, ExitGrowth = 4;

    // A datagram that takes so long has hung: CPU time, because on a busy machine a thread may well wait that long.
    private const double HangSeconds = 1;

    private readonly List<(double Seconds, long Resident)> _memory = [];
    private readonly Stopwatch _clock = new();

    /// <summary>Runs to the end.</summary>
    /// <returns>The exit code.</returns>
    public int Run()
    {
        using var state = FuzzState.Create(options);
        long each = options.Count == 0 ? long.MaxValue : (options.Count + options.Threads - 1) / options.Threads;
        FuzzThread[] threads = [.. Enumerable.Range(0, options.Threads).Select(i => new FuzzThread(corpus, options, state, i, each))];
        Console.WriteLine($"seeds {corpus.Small.Length} small, {corpus.Announced.Length} with template, {corpus.Templates.Length} templates, {corpus.Whole.Length} whole; parts {corpus.Sets.Length} Sets, "
            + $"{corpus.Samples.Length} samples; seed {options.Seed}, {options.Threads} threads, rounds of {options.Round}");
        Console.WriteLine($"if the process dies: --replay {options.State} --threads {options.Threads} runs it again up to the place (same build, same captures)");
        Array.ForEach(threads, t => t.Start());
        int code = Watch(threads, state);
        _memory.Add((_clock.Elapsed.TotalSeconds, Resident()));
        if (code != ExitHang)
        {
            Array.ForEach(threads, t => t.Join());
            Summary(threads);
        }

        return code != 0 ? code : Verdict();
    }

    private int Watch(FuzzThread[] threads, FuzzState state)
    {
        _clock.Start();
        (long Done, double Cpu)[] last = new (long, double)[threads.Length];
        double nextLine = 0;
        while (threads.Any(t => t.IsAlive))
        {
            Thread.Sleep(100);
            double now = _clock.Elapsed.TotalSeconds;
            if (options.Seconds > 0 && now >= options.Seconds)
            {
                Array.ForEach(threads, t => t.MustStop = true);
            }

            foreach (FuzzThread thread in threads)
            {
                double cpu = CpuSeconds(thread.Id);
                if (thread.Done != last[thread.Number].Done || !thread.IsAlive)
                {
                    last[thread.Number] = (thread.Done, cpu);
                }
                else if (cpu - last[thread.Number].Cpu > HangSeconds)
                {
                    (long round, long index) = state.Of(thread.Number);
                    Console.WriteLine($"HANG: thread {thread.Number}, round {round}, datagram {index}: {cpu - last[thread.Number].Cpu:F1} s of CPU time");
                    FuzzFailure.Write(options, corpus, thread.Number, round, index, null);
                    return ExitHang;
                }

                if (thread.Failure is not null)
                {
                    Array.ForEach(threads, t => t.MustStop = true);
                    return Report(thread, state);
                }
            }

            if (now >= nextLine)
            {
                nextLine = now + 10;
                _memory.Add((now, Resident()));
                long done = threads.Sum(t => t.Done);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{now,6:F0} s  {done,14:N0} datagrams  {done / Math.Max(now, 0.001),10:N0}/s  RSS {Resident() >> 20} MiB, managed {GC.GetTotalMemory(false) >> 20} MiB"));
            }
        }

        // One that failed between two looks.
        return Array.Find(threads, t => t.Failure is not null) is { } failed ? Report(failed, state) : 0;
    }

    private int Report(FuzzThread failed, FuzzState state)
    {
        (long round, long index) = state.Of(failed.Number);
        Console.WriteLine($"EXCEPTION: thread {failed.Number}, round {round}, datagram {index}: {failed.Failure}");
        FuzzFailure.Write(options, corpus, failed.Number, round, index, failed.Failure);
        return ExitException;
    }

    private void Summary(FuzzThread[] threads)
    {
        long done = threads.Sum(t => t.Done);
        double seconds = _memory[^1].Seconds, cpu = Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done:N0} datagrams, {threads.Sum(t => t.Octets):N0} octets, {threads.Sum(t => t.Records):N0} records in {seconds:F1} s; "
            + $"{done / seconds:N0}/s, {done / cpu:N0} per second of CPU time"));
        string[] faults = [.. Enum.GetValues<DecodeFault>().Select(f => (f, threads.Sum(t => t.Faults[(int)f]))).Where(p => p.Item2 != 0).Select(p => $"{p.f} {p.Item2:N0}")];
        Console.WriteLine($"faults met: {string.Join(", ", faults)}");
        Console.WriteLine($"RSS: {string.Join(", ", Thin(_memory).Select(m => $"{m.Seconds:F0} s {m.Resident >> 20} MiB"))}");
    }

    // The tables are full and the code compiled after a quarter of the run: from there on memory must not grow.
    private int Verdict()
    {
        double end = _memory[^1].Seconds;
        long early = _memory.Where(m => m.Seconds <= Math.Max(end / 4, 15)).Max(m => m.Resident), late = _memory[^1].Resident;
        bool grew = end >= 60 && late > (early * 3 / 2) + (64 << 20);
        Console.WriteLine($"memory: at most {early >> 20} MiB in the first quarter, {late >> 20} MiB at the end: {(grew ? "GROWTH" : "flat")}");
        return grew ? ExitGrowth : 0;
    }

    private static IEnumerable<(double Seconds, long Resident)> Thin(List<(double Seconds, long Resident)> all) =>
        all.Where((_, i) => i == all.Count - 1 || i % Math.Max(1, all.Count / 12) == 0);

    private static double CpuSeconds(int thread)
    {
        try
        {
            return thread == 0 ? 0 : long.Parse(File.ReadAllText($"/proc/self/task/{thread}/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / 1e9;
        }
        catch (IOException)
        {
            // It has just ended.
            return 0;
        }
    }

    public static long Resident() => long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
}
