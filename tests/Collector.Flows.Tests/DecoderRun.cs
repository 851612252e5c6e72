using System.Runtime.InteropServices;
using System.Text;
using Collector.Net;
using Collector.Testing.Captures;

namespace Collector.Flows.Tests;

/// <summary>A <see cref="DatagramDecoder"/> fed with payloads; keeps every record.</summary>
internal sealed class DecoderRun
{
    /// <summary>2023-11-14 22:13:20, when datagrams arrive unless a test says otherwise.</summary>
    public const long Arrival = 1_700_000_000_000_000;

    private readonly FlowBatch _batch;
    private ulong _number;

    public DecoderRun(DecoderOptions? options = null, int batchCapacity = FlowBatch.DefaultCapacity)
    {
        Decoder = new DatagramDecoder(options ?? new DecoderOptions(), new ValueTable());
        _batch = new FlowBatch(batchCapacity, Decoder.Options.ExtraRowBytes);
    }

    public static IpAddress Source { get; } = IpAddress.Parse("192.0.2.1");

    public DatagramDecoder Decoder { get; }

    public List<FlowRecord> Records { get; } = [];

    /// <summary>The row of extra values of each record; none where the options ask for no extra values.</summary>
    public List<byte[]> Rows { get; } = [];

    /// <summary>The counters of the default source.</summary>
    public SourceCounters Counters(ushort version, uint domain = 0) => Decoder.Sources[Source, version, domain, false];

    /// <summary>Decodes a payload and keeps its records.</summary>
    public DecoderRun Feed(ReadOnlySpan<byte> payload, IpAddress? source = null, ushort port = 50_000, long time = Arrival)
    {
        var datagram = new Datagram
        {
            Payload = payload,
            Source = source ?? Source,
            SourcePort = port,
            ArrivalTime = time,
            Number = ++_number,
        };
        Decoder.Begin(datagram);
        bool more;
        do
        {
            more = Decoder.Continue(datagram, _batch);
            Records.AddRange(_batch.Records);
            KeepRows();
            _batch.Clear();
        }
        while (more);
        return this;
    }

    public DecoderRun Feed(CapturedPayload captured) => Feed(captured.Payload, captured.Source, captured.SourcePort, captured.Time);

    /// <summary>The same without keeping anything: for measuring.</summary>
    public int FeedOnly(ReadOnlySpan<byte> payload, ushort port = 50_000)
    {
        var datagram = new Datagram { Payload = payload, Source = Source, SourcePort = port, ArrivalTime = Arrival };
        Decoder.Begin(datagram);
        int count = 0;
        bool more;
        do
        {
            more = Decoder.Continue(datagram, _batch);
            count += _batch.Count;
            _batch.Clear();
        }
        while (more);
        return count;
    }

    private void KeepRows()
    {
        foreach (ref readonly FlowRecord record in _batch.Records)
        {
            if (record.ExtraValues != 0)
            {
                byte[] row = new byte[Decoder.Options.ExtraRowBytes];
                Marshal.Copy(record.ExtraValues, row, 0, row.Length);
                Rows.Add(row);
            }
        }
    }

    public string Text(uint handle) => Encoding.UTF8.GetString(Decoder.Values.Snapshot[handle]);
}
