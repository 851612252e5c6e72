using System.Runtime.InteropServices;
using Collector.Aggregation;
using Collector.Configuration;
using Collector.Flows;
using Collector.Output;

namespace Collector.Tests.Output;

/// <summary>A purge made by hand: each record is one row, its key copied from the record as the tables do it.</summary>
internal sealed class TestPurge(KeyLayout layout) : Purge
{
    private readonly List<(AggregateEntry Entry, byte[] Key)> _rows = [];

    public ValueTable Values { get; } = new();

    public override int Count => _rows.Count;

    public override AggregateRow this[int index] => new(in CollectionsMarshal.AsSpan(_rows)[index].Entry, _rows[index].Key, Values.Snapshot);

    public static TestPurge For(PrimitiveSelection selection, DateTimeOffset at, params FlowRecord[] records)
    {
        TestPurge purge = new(new KeyLayout(selection.KeyFields, selection.KeyExtras)) { Number = 1, Time = (at - DateTimeOffset.UnixEpoch).Ticks / 10, TotalEntries = records.Length };
        foreach (FlowRecord record in records)
        {
            purge.Add(record);
        }

        return purge;
    }

    public static PrimitiveSelection Select(string aggregate, TextOptions? text = null) =>
        PrimitiveSelection.TryParse(aggregate.Split(','), text ?? new TextOptions(), out PrimitiveSelection? selection, out IReadOnlyList<string> errors)
            ? selection
            : throw new ArgumentException(string.Join('\n', errors));

    public void Add(FlowRecord record, DateTimeOffset bin = default, uint records = 1)
    {
        byte[] key = new byte[layout.Width];
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<FlowRecord>(in record));
        foreach (FlowField field in layout.Fields)
        {
            bytes.Slice(FlowRecordLayout.OffsetOf(field), FlowRecordLayout.SizeOf(field)).CopyTo(key.AsSpan(layout.OffsetOf(field)));
        }

        AggregateEntry entry = new()
        {
            Bin = bin == default ? 0 : bin.ToUnixTimeSeconds(),
            Packets = record.Packets,
            Octets = record.Octets,
            Flows = record.Flows,
            TcpFlags = record.TcpFlags,
            TunnelTcpFlags = record.TunnelTcpFlags,
            Families = (byte)record.Family,
            Records = records,
        };
        _rows.Add((entry, key));
    }

    public override void Dispose()
    {
    }
}
