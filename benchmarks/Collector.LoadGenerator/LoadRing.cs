using System.Runtime.InteropServices;
using Collector.LoadGenerator.Formats;

namespace Collector.LoadGenerator;

/// <summary>Datagrams prepared once, to be sent again and again with other sequence numbers and times. Lies outside the GC heap.</summary>
internal sealed unsafe class LoadRing : IDisposable
{
    private const int Alignment = 64;

    private readonly List<Entry> _entries = [];
    private readonly List<FlowTimes> _times = [];
    private readonly List<int> _keys = [];
    private readonly List<nint> _blocks = [];
    private readonly int _keyCount;
    private nuint _blockUsed = BlockBytes;

    internal LoadRing(LoadOptions options, DatagramFormat[] formats, ExporterState[] exporters)
    {
        var random = new SeededRandom(options.Seed);
        int ipv6 = (int)Math.Round(options.Keys * options.IPv6Share);
        FlowKeyPool[] pools =
        [
            .. options.Keys - ipv6 > 0 ? [new FlowKeyPool(random, options.Keys - ipv6, options.Prefixes, false, options.DrawUniformly)] : (FlowKeyPool[])[],
            .. ipv6 > 0 ? [new FlowKeyPool(random, ipv6, options.Prefixes, true, options.DrawUniformly)] : (FlowKeyPool[])[],
        ];
        _keyCount = options.Keys;
        int burst = options.Burst ?? (options.CaptureFile is null ? Math.Clamp(options.Ring / options.Sources, 1, 32) : 1);
        // Every source has its turn, every key comes, and the ring closes after a whole turn.
        int turn = burst * exporters.Length;
        while (_entries.Count < options.Ring || _entries.Count % turn != 0 || !pools.All(p => p.OnceThrough))
        {
            int source = _entries.Count / burst % exporters.Length;
            FlowKeyPool? pool = pools.Where(p => !p.IsIPv6 || formats[source].CarriesIPv6).MinBy(p => (double)p.Drawn / p.Count);
            if (pool is null)
            {
                throw new ArgumentException("Only IPv6 keys, and a source whose protocol carries none.", nameof(options));
            }

            Add(options, random, pool, pool.IsIPv6 ? options.Keys - ipv6 : 0, formats[source], exporters[source]);
        }
    }

    private static nuint BlockBytes => 64 << 20;

    internal int Count => _entries.Count;

    internal Entry this[int index] => _entries[index];

    internal ReadOnlySpan<FlowTimes> TimesOf(in Entry entry) => CollectionsMarshal.AsSpan(_times).Slice(entry.FirstRecord, entry.Records);

    /// <summary>Distinct keys in the first <paramref name="datagrams"/> datagrams.</summary>
    internal int DistinctKeys(long datagrams)
    {
        bool[] seen = new bool[_keyCount];
        int distinct = 0;
        foreach (Entry entry in CollectionsMarshal.AsSpan(_entries)[..(int)Math.Min(datagrams, Count)])
        {
            foreach (int key in CollectionsMarshal.AsSpan(_keys).Slice(entry.FirstRecord, entry.Records))
            {
                distinct += seen[key] ? 0 : 1;
                seen[key] = true;
            }
        }

        return distinct;
    }

    public void Dispose()
    {
        foreach (nint block in _blocks)
        {
            NativeMemory.AlignedFree((void*)block);
        }

        _blocks.Clear();
    }

    private void Add(LoadOptions options, SeededRandom random, FlowKeyPool pool, int keyOffset, DatagramFormat format, ExporterState exporter)
    {
        bool isIPv6 = pool.IsIPv6;
        LoadFlow[] flows = new LoadFlow[format.Records(isIPv6)];
        long packets = 0, octets = 0;
        int first = _times.Count;
        for (int i = 0; i < flows.Length; i++)
        {
            ref readonly FlowKey key = ref pool.Next(out int index);
            (uint p, uint o) = format.DrawVolume(random);
            flows[i] = new LoadFlow(key, p, o);
            packets += p;
            octets += o;
            int end = random.Next(1_000) + (random.NextShare() < options.LateShare ? random.Next(options.LateSeconds * 1_000) : 0);
            _times.Add(new FlowTimes(end + random.Next(5_000), end));
            _keys.Add(keyOffset + index);
        }

        int length = format.Length(exporter, isIPv6);
        byte* data = Reserve(length);
        format.Write(new Span<byte>(data, length), flows, exporter, isIPv6);
        _entries.Add(new Entry(data, length, exporter.Index, isIPv6, first, flows.Length, packets, octets));
    }

    private byte* Reserve(int length)
    {
        nuint needed = (nuint)((length + Alignment - 1) & -Alignment);
        if (_blockUsed + needed > BlockBytes)
        {
            _blocks.Add((nint)NativeMemory.AlignedAlloc(BlockBytes, Alignment));
            _blockUsed = 0;
        }

        byte* data = (byte*)_blocks[^1] + _blockUsed;
        _blockUsed += needed;
        return data;
    }

    /// <summary>One prepared datagram.</summary>
    internal readonly struct Entry(byte* data, int length, int source, bool isIPv6, int firstRecord, int records, long packets, long octets)
    {
        internal byte* Data => data;

        internal int Length => length;

        internal int Source => source;

        internal bool IsIPv6 => isIPv6;

        internal int FirstRecord => firstRecord;

        internal int Records => records;

        internal long Packets => packets;

        internal long Octets => octets;
    }
}
