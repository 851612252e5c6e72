using System.Globalization;
using System.Runtime.CompilerServices;
using Collector.Flows;
using Microsoft.Extensions.Logging;

namespace Collector.Telemetry;

/// <summary>Tells the operator what sources send that cannot be used: each source and reason at most once a minute, with the number since the last line.</summary>
/// <remarks>Reads the workers' counters from outside, so a worker never logs. Used by one thread at a time.</remarks>
public sealed class PeerFaultWatch
{
    // A flood of sources must not become a flood of lines.
    private const int MaxLinesPerLook = 20;

    private static readonly DecodeFault[] Faults = [.. Enum.GetValues<DecodeFault>().Where(f => f != DecodeFault.None)];

    private readonly IReadOnlyList<SourceTable> _tables;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly RateLimitedLog _limit = new();
    private readonly ConditionalWeakTable<SourceCounters, long[]> _told = [];
    private readonly Lock _gate = new();

    /// <summary>Watches the tables of all workers.</summary>
    public PeerFaultWatch(IEnumerable<SourceTable> tables, ILogger log, TimeProvider time)
    {
        _tables = [.. tables];
        _log = log;
        _time = time;
    }

    /// <summary>Logs what is new and due.</summary>
    public void Look()
    {
        lock (_gate)
        {
            int lines = 0;
            foreach (SourceTable table in _tables)
            {
                foreach (SourceCounters source in table.Snapshot)
                {
                    lines = Look(source, lines);
                }
            }
        }
    }

    /// <summary>A fault as operators read it: "missing template".</summary>
    public static string NameOf(DecodeFault fault) => Words(fault.ToString());

    /// <summary>The name of a member as words: MissingTemplate is "missing template".</summary>
    public static string Words(string member) => string.Concat(member.Select((c, i) => i > 0 && char.IsUpper(c) ? " " + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));

    private int Look(SourceCounters source, int lines)
    {
        long[] told = _told.GetValue(source, _ => new long[Enum.GetValues<DecodeFault>().Length]);
        long now = (long)_time.GetElapsedTime(0).TotalMilliseconds;
        foreach (DecodeFault fault in Faults)
        {
            long count = source[fault];
            if (count == told[(int)fault] || lines >= MaxLinesPerLook || !_limit.Admit(source.Source, ((int)fault << 16) | source.Version, now, out _))
            {
                continue;
            }

            lines++;
            Log.PeerFault(_log, Describe(source), count - told[(int)fault], NameOf(fault));
            told[(int)fault] = count;
        }

        return lines;
    }

    private static string Describe(SourceCounters source)
    {
        string name = source.Source == default ? "sources beyond the limit" : source.Source.ToString();
        string protocol = source.IsSFlow ? "sFlow" : source.Version switch
        {
            0 => "",
            10 => "IPFIX",
            _ => string.Create(CultureInfo.InvariantCulture, $"NetFlow v{source.Version}"),
        };
        return protocol.Length == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name} ({protocol}, domain {source.Domain})");
    }
}
