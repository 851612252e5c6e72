using System.Diagnostics;

namespace Collector.LoadGenerator.Sending;

/// <summary>Sends a load at its rate until its count or its duration is reached.</summary>
internal static class LiveLoad
{
    /// <summary>Returns when done or when <paramref name="stop"/> is set.</summary>
    internal static LoadReport Run(LoadOptions options, CancellationToken stop)
    {
        using var stream = new LoadStream(options);
        using var sender = new DatagramSender(options, stream.Sources, stream.RingLength);
        long epoch = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks / 10;
        TimeSpan cpuBefore = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        long due = options.Count == 0 ? long.MaxValue : options.Count;
        long now = 0;
        while (stream.Records < due)
        {
            if (!sender.Add(stream.Next(epoch + now)))
            {
                continue;
            }

            now = Pace(watch, stream.Records, options.Rate);
            if (now >= options.Duration * 1_000_000 || stop.IsCancellationRequested)
            {
                break;
            }
        }

        sender.Flush();
        return LoadReport.Of(options, stream, watch.Elapsed, Environment.CpuUsage.TotalTime - cpuBefore) with { Refused = sender.Refused };
    }

    /// <summary>Waits until the records sent so far are due.</summary>
    /// <returns>Microseconds since the start.</returns>
    private static long Pace(Stopwatch watch, long records, double rate)
    {
        long now = watch.ElapsedTicks * 1_000_000 / Stopwatch.Frequency;
        if (rate <= 0)
        {
            return now;
        }

        long due = (long)(records * 1_000_000.0 / rate);
        while (now < due)
        {
            // Shorter waits would cost more than they wait.
            _ = LibC.SleepMicroseconds((uint)Math.Clamp(due - now, 50, 1_000));
            now = watch.ElapsedTicks * 1_000_000 / Stopwatch.Frequency;
        }

        return now;
    }
}
