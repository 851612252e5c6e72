using Collector.Aggregation;
using Collector.Flows;
using Collector.Net;

namespace Collector.Tests.Sinks.Kafka;

/// <summary>A purge of rows that know their number: row i has i + 1 packets, so that sums tell which rows they are of.</summary>
internal sealed class NumberedPurge : Purge
{
    public static readonly KeyLayout Layout = new([FlowField.SourceAddress, FlowField.SourcePort, FlowField.Protocol, FlowField.ExporterAddress, FlowField.Tag]);

    private readonly AggregateEntry[] _entries;
    private readonly byte[] _keys;
    private readonly ValueSnapshot _values = new ValueTable().Snapshot;

    private NumberedPurge(int first, int count)
    {
        _entries = new AggregateEntry[count];
        _keys = new byte[count * Layout.Width];
        for (int i = 0; i < count; i++)
        {
            int n = first + i;
            _entries[i] = new AggregateEntry { Packets = (ulong)n + 1, Octets = (ulong)(n + 1) * 100, Records = (uint)(n % 3) + 1, Flows = 1, FirstDatagram = (ulong)n };
            Span<byte> key = _keys.AsSpan(i * Layout.Width, Layout.Width);
            IpAddress.FromIPv4(0x0A00_0000u + (uint)n).WriteTo(key[Layout.OffsetOf(FlowField.SourceAddress)..]);
            IpAddress.FromIPv4(0xC000_0201u + (uint)(n % 2)).WriteTo(key[Layout.OffsetOf(FlowField.ExporterAddress)..]);
            BitConverter.TryWriteBytes(key[Layout.OffsetOf(FlowField.SourcePort)..], (ushort)(n % 10));
            key[Layout.OffsetOf(FlowField.Protocol)] = 17;
            BitConverter.TryWriteBytes(key[Layout.OffsetOf(FlowField.Tag)..], 7UL);
        }
    }

    public override int Count => _entries.Length;

    public override AggregateRow this[int index] => new(ref _entries[index], _keys.AsSpan(index * Layout.Width, Layout.Width), _values);

    public static NumberedPurge Of(int count, int first = 0, bool isReplay = false) =>
        new(first, count) { Number = 1, Time = 1_700_000_000_000_000, TotalEntries = count + 2, IsReplay = isReplay };

    /// <summary>The number of a row is in its JSON; the text is padded so that rows differ in length.</summary>
    public static int Format(in AggregateRow row, long updatedSeconds, ref byte[] buffer)
    {
        string text = $"{{\"n\": {row.Entry.FirstDatagram}, \"packets\": {row.Entry.Packets}, \"bytes\": {row.Entry.Octets}, \"records\": {row.Entry.Records}}}";
        if (buffer.Length < text.Length)
        {
            buffer = new byte[text.Length];
        }

        return System.Text.Encoding.UTF8.GetBytes(text, buffer);
    }

    public long Records => _entries.Sum(e => (long)e.Records);

    public long Packets => _entries.Sum(e => (long)e.Packets);

    public long Octets => _entries.Sum(e => (long)e.Octets);

    public override void Dispose()
    {
    }
}
