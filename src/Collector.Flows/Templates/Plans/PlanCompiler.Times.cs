using static Collector.Flows.Templates.InformationElement;

namespace Collector.Flows.Templates.Plans;

internal sealed partial class PlanCompiler
{
    // pmacct-compat §2.3: the printed start and the start that bins prefer different elements.
    private void CompileTimes()
    {
        (StepKind Kind, int Field, int FieldB) start = Uptime(StartSysUpTime) ?? First(
            (StepKind.Milliseconds, StartMilliseconds), (StepKind.Milliseconds, ObservationMilliseconds), (StepKind.Ntp, StartMicroseconds),
            (StepKind.Seconds, StartSeconds), (StepKind.Ntp, StartNanoseconds), (StepKind.DeltaMicroseconds, StartDeltaMicroseconds));
        (StepKind Kind, int Field, int FieldB) bin = Uptime(StartSysUpTime) ?? First(
            (StepKind.Milliseconds, StartMilliseconds), (StepKind.Ntp, StartMicroseconds), (StepKind.Milliseconds, ObservationMilliseconds),
            (StepKind.Seconds, StartSeconds), (StepKind.Ntp, StartNanoseconds), (StepKind.DeltaMicroseconds, StartDeltaMicroseconds));
        (StepKind Kind, int Field, int FieldB) end = Uptime(EndSysUpTime) ?? First(
            (StepKind.Milliseconds, EndMilliseconds), (StepKind.Ntp, EndMicroseconds), (StepKind.Seconds, EndSeconds),
            (StepKind.Ntp, EndNanoseconds), (StepKind.DeltaMicroseconds, EndDeltaMicroseconds));

        if (start.Field >= 0 && Wants(FlowField.StartTime))
        {
            Add(start.Kind, FlowField.StartTime, start.Field, start.FieldB);
        }

        if (end.Field >= 0 && Wants(FlowField.EndTime))
        {
            Add(end.Kind, FlowField.EndTime, end.Field, end.FieldB);
        }

        if (bin.Field >= 0 && Wants(FlowField.BinTime) && !_options.BinByExportTime)
        {
            bool counts = bin.Kind == StepKind.UptimeOfHeader && _options.UptimesInSeconds;
            Add(counts ? StepKind.UptimeSecondsOfHeader : bin.Kind, FlowField.BinTime, bin.Field, bin.FieldB);
            Add(StepKind.WholeSeconds, FlowField.BinTime, argument: FlowField.BinTime);
        }

        if (end.Field >= 0 && Wants(FlowField.BinEndTime) && !_options.BinByExportTime)
        {
            Add(end.Kind, FlowField.BinEndTime, end.Field, end.FieldB);
            Add(StepKind.WholeSeconds, FlowField.BinEndTime, argument: FlowField.BinEndTime);
        }
    }

    // In IPFIX uptimes need systemInitTimeMilliseconds: of the record, else of options records unless the record has another time.
    private (StepKind Kind, int Field, int FieldB)? Uptime(ushort element)
    {
        int field = Find(element);
        if (field < 0)
        {
            return null;
        }

        if (_template.Version == 9)
        {
            return (StepKind.UptimeOfHeader, field, -1);
        }

        if (Find(SystemInitMilliseconds) is >= 0 and int init)
        {
            return (StepKind.UptimeSinceInit, field, init);
        }

        for (ushort id = StartSeconds; id <= EndDeltaMicroseconds; id++)
        {
            if (Find(id) >= 0)
            {
                return null;
            }
        }

        return (StepKind.UptimeSinceDomainInit, field, -1);
    }

    private (StepKind Kind, int Field, int FieldB) First(params ReadOnlySpan<(StepKind Kind, ushort Element)> candidates)
    {
        foreach ((StepKind kind, ushort element) in candidates)
        {
            // Deltas to the export time are IPFIX's own.
            int field = kind == StepKind.DeltaMicroseconds && _template.Version == 9 ? -1 : Find(element);
            if (field >= 0 && (kind != StepKind.Ntp || _template.Fields[field].Length is 8 or 16))
            {
                return (kind, field, -1);
            }
        }

        return (default, -1, -1);
    }
}
