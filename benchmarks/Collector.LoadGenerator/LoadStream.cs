using System.Runtime.InteropServices;
using Collector.LoadGenerator.Formats;
using Collector.Net;

namespace Collector.LoadGenerator;

/// <summary>The datagrams of a load, one after the other, with what they add up to. Not thread-safe.</summary>
internal sealed unsafe class LoadStream : IDisposable
{
    private const int AnnouncementBytes = 1_024;

    // Two days: later than the latest flow, so no flow starts before its exporter.
    private const uint FirstUptime = 172_800_000;

    private readonly LoadOptions _options;
    private readonly DatagramFormat[] _formats;
    private readonly ExporterState[] _exporters;
    private readonly LoadRing _ring;
    private readonly byte* _announcement;
    private long _startedAt = long.MinValue;
    private int _next;

    internal LoadStream(LoadOptions options)
    {
        if (options.Errors().ToArray() is { Length: > 0 } errors)
        {
            throw new ArgumentException(string.Join('\n', errors), nameof(options));
        }

        _options = options;
        IpAddress first = options.FirstSource ?? IpAddress.Parse(
            options.CaptureFile is not null ? "192.0.2.1" : options.Target.Address.Equals(System.Net.IPAddress.IPv6Loopback) ? "::1" : "127.0.0.2");
        _exporters = [.. Enumerable.Range(0, options.Sources).Select(i => new ExporterState(i, Advance(first, i)))];
        _formats = [.. Enumerable.Range(0, options.Sources).Select(i => MakeFormat(options, ProtocolOf(options.Protocol, i)))];
        _ring = new LoadRing(options, _formats, _exporters);
        _announcement = (byte*)NativeMemory.AllocZeroed(AnnouncementBytes);
    }

    /// <summary>Datagrams with flows.</summary>
    internal long Datagrams { get; private set; }

    /// <summary>Datagrams with templates and options only.</summary>
    internal long Announcements { get; private set; }

    /// <summary>Flow records or samples.</summary>
    internal long Records { get; private set; }

    /// <summary>Sum of the records' packets; of the samples in sFlow.</summary>
    internal long Packets { get; private set; }

    /// <summary>Sum of the records' octets; of the frame lengths in sFlow.</summary>
    internal long Octets { get; private set; }

    /// <summary>Sum of the UDP payloads, announcements included.</summary>
    internal long PayloadBytes { get; private set; }

    /// <summary>Distinct 5-tuples among the records so far.</summary>
    internal int DistinctKeys => _ring.DistinctKeys(Datagrams);

    /// <summary>Datagrams before the same flows come again; as many may be held back before they are sent.</summary>
    internal int RingLength => _ring.Count;

    internal IReadOnlyList<IpAddress> Sources => [.. _exporters.Select(e => e.Address)];

    /// <summary>The next datagram.</summary>
    /// <param name="microseconds">The time of its export, since the Unix epoch; must not fall.</param>
    internal Outgoing Next(long microseconds)
    {
        if (_startedAt == long.MinValue)
        {
            _startedAt = microseconds;
        }

        var clock = new ExportClock(microseconds, FirstUptime + (uint)((microseconds - _startedAt) / 1_000));
        LoadRing.Entry entry = _ring[_next];
        ExporterState exporter = _exporters[entry.Source];
        DatagramFormat format = _formats[entry.Source];
        if (IsAnnouncementDue(exporter, microseconds))
        {
            exporter.Announced = true;
            exporter.AnnouncedAt = microseconds;
            exporter.DatagramsSinceAnnouncement = 0;
            int length = format.Announce(new Span<byte>(_announcement, AnnouncementBytes), exporter, clock);
            if (length > 0)
            {
                Announcements++;
                PayloadBytes += length;
                return new Outgoing(_announcement, length, entry.Source, 0);
            }
        }

        format.Stamp(new Span<byte>(entry.Data, entry.Length), _ring.TimesOf(entry), exporter, clock, entry.IsIPv6);
        exporter.DatagramsSinceAnnouncement++;
        _next = _next + 1 == _ring.Count ? 0 : _next + 1;
        Datagrams++;
        Records += entry.Records;
        Packets += entry.Packets;
        Octets += entry.Octets;
        PayloadBytes += entry.Length;
        return new Outgoing(entry.Data, entry.Length, entry.Source, entry.Records);
    }

    public void Dispose()
    {
        _ring.Dispose();
        NativeMemory.Free(_announcement);
    }

    private static LoadProtocol ProtocolOf(LoadProtocol protocol, int source) =>
        protocol == LoadProtocol.Mixed ? (LoadProtocol)(source % (int)LoadProtocol.Mixed) : protocol;

    private static DatagramFormat MakeFormat(LoadOptions options, LoadProtocol protocol) => protocol switch
    {
        LoadProtocol.NetFlow5 => new NetFlow5Format(options.Sampling),
        LoadProtocol.NetFlow9 => new NetFlow9Format(options.DatagramBytes, options.Sampling, options.IPv6Share > 0),
        LoadProtocol.Ipfix => new IpfixFormat(options.DatagramBytes, options.Sampling, options.IPv6Share > 0),
        _ => new SFlowFormat(options.DatagramBytes, options.Sampling),
    };

    private static IpAddress Advance(IpAddress first, int by) => first.IsIPv4
        ? IpAddress.FromIPv4(first.ToIPv4() + (uint)by)
        : IpAddress.FromHostOrder(first.FirstHostOrder, first.LastHostOrder + (ulong)by);

    private bool IsAnnouncementDue(ExporterState exporter, long now) => !exporter.Announced
        || exporter.DatagramsSinceAnnouncement >= _options.AnnounceDatagrams
        || now - exporter.AnnouncedAt >= _options.AnnounceSeconds * 1_000_000;
}

/// <summary>A datagram to be sent.</summary>
/// <param name="data">Valid until the next call when <see cref="IsAnnouncement"/>, else until the ring has come round.</param>
/// <param name="length">Bytes.</param>
/// <param name="source">Number of the source, from 0.</param>
/// <param name="records">Flow records; 0 in an announcement.</param>
internal readonly unsafe struct Outgoing(byte* data, int length, int source, int records)
{
    internal byte* Data => data;

    internal int Length => length;

    internal int Source => source;

    internal int Records => records;

    internal bool IsAnnouncement => records == 0;

    internal ReadOnlySpan<byte> Payload => new(data, length);
}
