using Collector.Enrichment;
using Collector.Flows;
using Collector.Pipeline;
using Collector.Receiving;

namespace Collector.Telemetry;

/// <summary>What came in and what became of it: copies of the counters of those who did the work, none derived from another. Immutable.</summary>
/// <remarks>Each number is whole; a datagram that was on its way while the copy was made may be in one number and not in the next.</remarks>
public sealed record LedgerSnapshot
{
    /// <summary>Every source and domain that sent anything, and the sums `other` and `evicted` of each worker.</summary>
    public required IReadOnlyList<SourceLedger> Sources { get; init; }

    /// <summary>Every socket; none in a replay.</summary>
    public required IReadOnlyList<SocketLedger> Sockets { get; init; }

    /// <summary>Every output, in the order of the configuration.</summary>
    public required IReadOnlyList<OutputLedger> Outputs { get; init; }

    /// <summary>Why AS numbers are 0, for both directions: not a loss, but what operators ask first.</summary>
    public required IReadOnlyList<AsZeroLedger> AsZero { get; init; }

    /// <summary>What became of sFlow counter samples; null when none are published.</summary>
    public CounterLedger? SFlowCounters { get; init; }

    /// <summary>Datagrams left in the sockets at stop.</summary>
    public long LeftAtStop { get; init; }

    /// <summary>Names and paths that were published empty because the table of values was full.</summary>
    public long ValuesRefused { get; init; }

    /// <summary>Copies all counters; may be called by any thread.</summary>
    /// <param name="parts">Workers, mergers and publishers.</param>
    /// <param name="sockets">The sockets; null in a replay.</param>
    public static LedgerSnapshot Take(PipelineParts parts, ReceiveSockets? sockets)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return new LedgerSnapshot
        {
            Sources = [.. parts.Workers.SelectMany(w => w.SourceTables).SelectMany(Read)],
            Sockets = [.. SocketsOf(parts, sockets).Select(SocketLedger.Of)],
            Outputs = [.. Enumerable.Range(0, parts.Publishers.Count).Select(i => OutputLedger.Of(parts, i))],
            AsZero = AsZeroOf(parts),
            SFlowCounters = CounterLedger.Of(parts),
            LeftAtStop = parts.Workers.Sum(w => w.LeftAtStop),
            ValuesRefused = parts.Workers.Sum(w => w.Decoder.Values.Refused),
        };
    }

    internal static IEnumerable<ReceiveSocket> SocketsOf(PipelineParts parts, ReceiveSockets? sockets) =>
        sockets is null ? [] : Enumerable.Range(0, parts.Workers.Count).SelectMany(i => sockets.ForWorker(i).Sockets);

    private static AsZeroLedger[] AsZeroOf(PipelineParts parts)
    {
        AsZeroCounters[] counters = [.. parts.Workers.Select(w => w.Enricher.AsZero)];
        return [Of("source", (c, r) => c.Sources(r)), Of("destination", (c, r) => c.Destinations(r))];

        AsZeroLedger Of(string direction, Func<AsZeroCounters, AsZeroReason, long> count) =>
            new(direction, [.. Enum.GetValues<AsZeroReason>().Select(r => new NamedLoss(AsZeroCounters.NameOf(r), counters.Sum(c => count(c, r))))]);
    }

    private static List<SourceLedger> Read(SourceTable table)
    {
        List<SourceLedger> all = [];
        table.Read(entries =>
        {
            all.Clear();
            foreach (SourceCounters counters in entries)
            {
                if (counters.Datagrams > 0)
                {
                    all.Add(SourceLedger.Of(counters, ReferenceEquals(counters, table.Other), ReferenceEquals(counters, table.Evicted)));
                }
            }
        });
        return all;
    }
}

/// <summary>What one socket received, and what was lost before it.</summary>
/// <param name="Endpoint">Address and port.</param>
/// <param name="Worker">The worker that reads it.</param>
/// <param name="Datagrams">Datagrams received.</param>
/// <param name="Octets">Octets of their payloads.</param>
/// <param name="KernelDrops">Datagrams that the kernel dropped because the buffer was full.</param>
/// <param name="Truncated">Datagrams that were longer than the buffers of the collector.</param>
/// <param name="BufferBytes">Receive buffer granted by the kernel.</param>
public sealed record SocketLedger(System.Net.IPEndPoint Endpoint, int Worker, long Datagrams, long Octets, long KernelDrops, long Truncated, int BufferBytes)
{
    internal static SocketLedger Of(ReceiveSocket s) => new(s.Endpoint, s.Worker, s.Datagrams, s.Octets, s.KernelDrops, s.Truncated, s.GrantedBufferBytes);
}

/// <summary>How often the AS number of one direction is 0, by reason; all reasons.</summary>
/// <param name="Direction">source or destination.</param>
/// <param name="Reasons">How often for each reason.</param>
public sealed record AsZeroLedger(string Direction, IReadOnlyList<NamedLoss> Reasons);
