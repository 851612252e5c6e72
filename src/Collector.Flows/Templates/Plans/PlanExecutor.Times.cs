namespace Collector.Flows.Templates.Plans;

internal static unsafe partial class PlanExecutor
{
    private const long MicrosecondsPerSecond = 1_000_000;

    // Seconds from 1900, where NTP begins, to 1970 (RFC 5905 §6).
    private const long NtpToUnixSeconds = 2_208_988_800;

    // A time beyond the year 9999 is no time, and must not overflow what is computed from it.
    private const ulong MaxSeconds = 253_402_300_799;

    private static void RunTime(in PlanStep step, Column column, PlanContext context)
    {
        for (; column.Count > 0; column.Next())
        {
            long time = Time(step, column, context);
            if (time != long.MinValue)
            {
                *(long*)column.Target = time;
            }
        }
    }

    // long.MinValue leaves the field as it is: the export time for a start, 0 for an end.
    private static long Time(in PlanStep step, in Column column, PlanContext context)
    {
        switch (step.Kind)
        {
            case StepKind.UptimeOfHeader:
                // pmacct-compat §2.3: whole seconds of the signed difference, so a start shortly after the header's uptime is right too.
                int ago = (int)(context.SysUpTime - (uint)Load(column.Source, step.Length)) / 1_000;
                return Math.Max(0, context.ExportSeconds - ago) * MicrosecondsPerSecond;
            case StepKind.UptimeSecondsOfHeader:
                return Math.Max(0, context.ExportSeconds - (int)(context.SysUpTime - (uint)Load(column.Source, step.Length))) * MicrosecondsPerSecond;
            case StepKind.UptimeSinceInit:
                return SinceInit(Load(column.SourceB, step.LengthB), Load(column.Source, step.Length));
            case StepKind.UptimeSinceDomainInit:
                ulong init = context.Domain!.SystemInitMilliseconds;
                return init == 0 ? long.MinValue : SinceInit(init, Load(column.Source, step.Length));
            case StepKind.Seconds:
                return (long)Math.Min(Load(column.Source, step.Length), MaxSeconds) * MicrosecondsPerSecond;
            case StepKind.Milliseconds:
                return (long)Math.Min(Load(column.Source, step.Length), MaxSeconds * 1_000) * 1_000;
            case StepKind.Ntp:
                return Ntp(column.Source, step.Length);
            case StepKind.DeltaMicroseconds:
                return Math.Max(0, (context.ExportSeconds * MicrosecondsPerSecond) - (long)Math.Min(Load(column.Source, step.Length), uint.MaxValue));
            default:
                long value = *(long*)((byte*)column.Record(step) + step.Argument);
                return value - (value % MicrosecondsPerSecond);
        }
    }

    private static long SinceInit(ulong initMilliseconds, ulong uptime) =>
        (long)(Math.Min(initMilliseconds / 1_000, MaxSeconds) + ((uint)uptime / 1_000)) * MicrosecondsPerSecond;

    private static long Ntp(byte* source, int length)
    {
        if (length == 16)
        {
            return ((long)Math.Min(Load8(source), MaxSeconds) * MicrosecondsPerSecond) + (long)(Load8(source + 8) % MicrosecondsPerSecond);
        }

        // All zero is a device's way of saying that it does not know.
        if (length != 8 || Load8(source) == 0)
        {
            return long.MinValue;
        }

        // The first NTP era ends in 2036; a first bit of 0 is the second (RFC 4330 §3).
        long seconds = Load4(source);
        long era = seconds < 0x8000_0000 ? 0x1_0000_0000 : 0;
        return (Math.Max(0, seconds + era - NtpToUnixSeconds) * MicrosecondsPerSecond) + (long)((ulong)Load4(source + 4) * MicrosecondsPerSecond >> 32);
    }
}
