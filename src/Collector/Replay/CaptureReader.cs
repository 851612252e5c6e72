using System.Buffers.Binary;

namespace Collector.Replay;

/// <summary>Reads the UDP datagrams of capture files, one file after the other, and numbers their packets.</summary>
/// <remarks>
/// pcap (microseconds, nanoseconds, both byte orders) and pcapng, also compressed by gzip; pipes work too. Fragmented datagrams are put
/// together across files. Files may be of any size: memory is one window of 1 MiB and what open reassemblies need (at most 16 MiB).
/// Not thread-safe. Never throws for anything a file holds and allocates nothing per packet.
/// </remarks>
public sealed class CaptureReader : IDisposable
{
    private readonly IReadOnlyList<string> _files;
    private readonly Action<string> _warn;
    private readonly CaptureFile _file = new();
    private readonly FragmentTable _fragments;
    private int _next;
    private bool _isOpen;
    private bool _warnedLinkType;
    private long _bytesBefore;

    /// <summary>Makes a reader; no file is opened yet.</summary>
    /// <param name="files">Paths, read in this order.</param>
    /// <param name="warn">Takes whole sentences for the operator: at most two per file, about damage and about an unknown link type.</param>
    public CaptureReader(IReadOnlyList<string> files, Action<string> warn)
    {
        _files = files;
        _warn = warn;
        _fragments = new FragmentTable(Counters);
        TotalBytes = TotalLength(files);
    }

    /// <summary>What became of the packets.</summary>
    public CaptureCounters Counters { get; } = new();

    /// <summary>Takes the BGP sessions of the captures as they are read; null passes them over.</summary>
    public BgpReplay? Bgp { get; init; }

    /// <summary>Number of the packet read last; 0 before the first.</summary>
    public ulong Number { get; private set; }

    /// <summary>The largest capture time of all packets read so far, UDP or not, microseconds since the Unix epoch; 0 before the first.</summary>
    public long LatestTime { get; private set; }

    /// <summary>Bytes of the files read so far (of gzip files, the compressed bytes).</summary>
    public long BytesRead => _bytesBefore + _file.BytesRead;

    /// <summary>Bytes of all files, or 0 when one is a pipe.</summary>
    public long TotalBytes { get; }

    /// <summary>A sentence with the path that says why reading stopped before the end of the last file: the file is no capture, or cannot be read; else null.</summary>
    public string? Failure { get; private set; }

    /// <summary>Looks at the beginning of each file, so that a wrong name is told before any output.</summary>
    /// <returns>One sentence with the path for each file that is missing, unreadable or no capture; pipes are not touched.</returns>
    public static IReadOnlyList<string> Check(IReadOnlyList<string> files)
    {
        using var file = new CaptureFile();
        var faults = new List<string>();
        foreach (string path in files.Where(f => !IsPipe(f)))
        {
            if (file.Open(path) is string fault)
            {
                faults.Add($"{path}: {fault}.");
            }

            file.Close();
        }

        return faults;
    }

    /// <summary>Reads on to the next UDP datagram.</summary>
    /// <returns>False at the end of the last file, or when <see cref="Failure"/> says why it ended earlier.</returns>
    public bool TryRead(out CapturedDatagram datagram)
    {
        while (TryReadFrame(out CapturedFrame frame))
        {
            Number++;
            Counters.Packets++;
            LatestTime = Math.Max(LatestTime, frame.Time);
            if (TryTake(in frame, out datagram))
            {
                return true;
            }
        }

        datagram = default;
        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private bool TryReadFrame(out CapturedFrame frame)
    {
        while (_isOpen || TryOpenNext())
        {
            CaptureStep step = _file.TryNext(out frame);
            if (step == CaptureStep.Frame)
            {
                return true;
            }

            if (step == CaptureStep.Damaged && !TryGoOn())
            {
                return false;
            }

            CloseFile();
        }

        frame = default;
        return false;
    }

    private bool TryOpenNext()
    {
        if (Failure is not null || _next == _files.Count)
        {
            return false;
        }

        string path = _files[_next++];
        if (_file.Open(path) is string fault)
        {
            Failure = $"{path}: {fault}.";
            CloseFile();
            return false;
        }

        _isOpen = true;
        _warnedLinkType = false;
        return true;
    }

    // A damaged file is used as far as it goes, like a capture that is still being written; a disk that fails is another matter.
    private bool TryGoOn()
    {
        string sentence = $"{_files[_next - 1]}: {_file.Fault}.";
        if (_file.IsReadError)
        {
            Failure = sentence;
            CloseFile();
            return false;
        }

        Counters.DamagedFiles++;
        _warn($"{sentence} The packets before (up to number {Number}) were used.");
        return true;
    }

    private void CloseFile()
    {
        _bytesBefore += _file.BytesRead;
        _file.Close();
        _isOpen = false;
    }

    private bool TryTake(scoped in CapturedFrame frame, out CapturedDatagram datagram)
    {
        datagram = default;
        PacketKind kind = LinkLayer.Strip(frame.LinkType, frame.Bytes, out ReadOnlySpan<byte> bytes);
        IpPacket packet = default;
        if (kind == PacketKind.Good)
        {
            kind = IpPacket.Read(bytes, out packet);
        }

        if (kind == PacketKind.NotUdp && Bgp is { } bgp && TcpSegment.TryRead(bytes, out TcpSegment segment) && bgp.IsWanted(segment))
        {
            bgp.Take(segment, frame.Time);
        }

        if (kind != PacketKind.Good || (packet.IsFragment && !FragmentTable.IsPossible(in packet)))
        {
            Refuse(kind, frame.LinkType);
            return false;
        }

        if (!packet.IsFragment)
        {
            return TryTakeUdp(in packet, packet.Payload, frame.Time, out datagram) || Refuse(PacketKind.Bad, frame.LinkType);
        }

        Counters.Fragments++;
        if (!_fragments.TryAdd(in packet, frame.Time, out ReadOnlySpan<byte> whole))
        {
            return false;
        }

        if (!TryTakeUdp(in packet, whole, frame.Time, out datagram))
        {
            Counters.ReassemblyBad++;
            return false;
        }

        Counters.Reassembled++;
        return true;
    }

    private bool TryTakeUdp(scoped in IpPacket packet, ReadOnlySpan<byte> udp, long time, out CapturedDatagram datagram)
    {
        const int HeaderLength = 8;
        datagram = default;
        if (udp.Length < HeaderLength)
        {
            return false;
        }

        // 0 stands for "all of it": jumbograms (RFC 2675) and packets that the sender's network card has yet to cut up.
        int length = BinaryPrimitives.ReadUInt16BigEndian(udp[4..]);
        length = length == 0 ? udp.Length : length;
        bool isTruncated = length > udp.Length;
        if (length < HeaderLength || (isTruncated && !packet.IsTruncated))
        {
            return false;
        }

        datagram = new CapturedDatagram
        {
            Number = Number,
            Time = time,
            Source = packet.Source,
            Destination = packet.Destination,
            SourcePort = BinaryPrimitives.ReadUInt16BigEndian(udp),
            DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(udp[2..]),
            Payload = udp[HeaderLength..Math.Min(length, udp.Length)],
            IsTruncated = isTruncated,
        };
        Counters.Datagrams++;
        Counters.Octets += datagram.Payload.Length;
        Counters.Truncated += isTruncated ? 1 : 0;
        return true;
    }

    private bool Refuse(PacketKind kind, int linkType)
    {
        switch (kind)
        {
            case PacketKind.NotIp:
                Counters.NotIp++;
                break;
            case PacketKind.NotUdp:
                Counters.NotUdp++;
                break;
            case PacketKind.UnknownLinkType:
                Counters.UnknownLinkType++;
                WarnLinkType(linkType);
                break;
            default:
                Counters.Bad++;
                break;
        }

        return false;
    }

    private void WarnLinkType(int linkType)
    {
        if (!_warnedLinkType)
        {
            _warnedLinkType = true;
            _warn($"{_files[_next - 1]}: packets of link type {linkType} are passed over; read are {LinkLayer.Supported}.");
        }
    }

    // A pipe has no length, and looking into it would take its first bytes away.
    private static bool IsPipe(string path) => File.Exists(path) && new FileInfo(path).Length == 0;

    private static long TotalLength(IReadOnlyList<string> files)
    {
        long total = 0;
        foreach (string path in files)
        {
            if (!File.Exists(path) || IsPipe(path))
            {
                return 0;
            }

            total += new FileInfo(path).Length;
        }

        return total;
    }
}
