using System.Buffers;
using System.Security.Cryptography;
using Collector.Bgp.PathAttributes;
using Collector.Net;

namespace Collector.Bgp.Rib.Snapshots;

/// <summary>Loads a saved table: its peers come back without a session, with all their routes stale.</summary>
/// <remarks>Nothing of a file is believed before its hash is right, and nothing is kept of one in which anything is wrong.</remarks>
public sealed class RibSnapshotReader
{
    // Routes per holding of the writer lock.
    private const int Batch = 512;

    private readonly RouteTable _table;
    private readonly SnapshotInput _input;
    private readonly ReceivedAttributes _received = new();
    private readonly List<uint> _sets = [];
    private readonly List<AdjRibIn> _peers = [];
    private readonly DateTimeOffset _made;
    private AdjRibIn? _peer;
    private bool _hasPeer;
    private long _routes, _refused, _peersRead, _routesRead;

    private RibSnapshotReader(RouteTable table, SnapshotInput input, DateTimeOffset made) => (_table, _input, _made) = (table, input, made);

    /// <summary>Loads a table.</summary>
    /// <param name="table">Where the routes go; a peer that it knows already is passed over.</param>
    /// <param name="stream">What <see cref="RibSnapshotWriter"/> wrote; it must be able to seek.</param>
    /// <param name="summary">What was loaded.</param>
    /// <param name="fault">What is wrong with it, for the operator; null when nothing is.</param>
    /// <returns>False when anything is wrong: then nothing was loaded.</returns>
    /// <exception cref="IOException">The stream's.</exception>
    public static bool TryRead(RouteTable table, Stream stream, out SnapshotSummary summary, out string? fault)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(stream);
        summary = default;
        fault = FaultOf(stream, out DateTimeOffset made);
        if (fault is not null)
        {
            return false;
        }

        stream.Position = SnapshotFormat.HeaderBytes;
        var reader = new RibSnapshotReader(table, new SnapshotInput(stream, stream.Length - SnapshotFormat.HeaderBytes - SnapshotFormat.HashBytes), made);
        fault = reader.ReadAll();
        reader.Finish(keep: fault is null);
        summary = new SnapshotSummary(made, reader._peers.Count, reader._routes, reader._sets.Count, reader._refused);
        return fault is null;
    }

    private static string? FaultOf(Stream stream, out DateTimeOffset made)
    {
        made = default;
        stream.Position = 0;
        if (stream.Length < SnapshotFormat.HeaderBytes + SnapshotFormat.HashBytes)
        {
            return "it is cut off";
        }

        var header = new SnapshotInput(stream, SnapshotFormat.HeaderBytes);
        Span<byte> magic = stackalloc byte[SnapshotFormat.Magic.Length];
        header.Read(magic);
        if (!magic.SequenceEqual(SnapshotFormat.Magic))
        {
            return "it is no snapshot of routes";
        }

        ushort version = header.ReadUInt16();
        if (version != SnapshotFormat.Version)
        {
            return $"its version is {version}, this collector reads {SnapshotFormat.Version}";
        }

        ulong microseconds = header.ReadUInt64();
        if (!HasRightHash(stream) || microseconds > 253_402_300_799_000_000)
        {
            return "its checksum is wrong: it is cut off or damaged";
        }

        made = DateTimeOffset.UnixEpoch.AddMicroseconds(microseconds);
        return null;
    }

    private static bool HasRightHash(Stream stream)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        stream.Position = 0;
        long left = stream.Length - SnapshotFormat.HashBytes;
        for (int read; left > 0 && (read = stream.Read(buffer, 0, (int)Math.Min(left, buffer.Length))) > 0; left -= read)
        {
            hash.AppendData(buffer, 0, read);
        }

        ArrayPool<byte>.Shared.Return(buffer);
        Span<byte> stored = stackalloc byte[SnapshotFormat.HashBytes];
        return stream.ReadAtLeast(stored, stored.Length, throwOnEndOfStream: false) == stored.Length && stored.SequenceEqual(hash.GetHashAndReset());
    }

    private string? ReadAll()
    {
        while (true)
        {
            lock (_table.WriterLock)
            {
                for (int i = 0; i < Batch; i++)
                {
                    byte type = _input.ReadByte();
                    string? fault = type switch
                    {
                        SnapshotFormat.PeerRecord => ReadPeer(),
                        SnapshotFormat.AttributesRecord => ReadAttributes(),
                        SnapshotFormat.RouteRecord => ReadRoute(),
                        SnapshotFormat.EndRecord => null,
                        _ => $"it has a record of type {type}",
                    };
                    if (_input.IsCut || fault is not null)
                    {
                        return fault ?? "it ends within a record";
                    }

                    if (type == SnapshotFormat.EndRecord)
                    {
                        return ReadEnd();
                    }
                }
            }
        }
    }

    private string? ReadPeer()
    {
        var description = new PeerDescription
        {
            Address = _input.ReadAddress(),
            Port = _input.ReadUInt16(),
            RouterId = _input.ReadAddress(),
            AsNumber = _input.ReadUInt32(),
            AddPathFamilies = _input.ReadByte(),
        };
        _peersRead++;
        _hasPeer = true;
        _peer = _input.IsCut || _table.FindPeer(description.Address) is not null ? null : _table.AddPeer(description);
        if (_peer is not null)
        {
            _peers.Add(_peer);
            _peer.SetState(PeerState.Stale);
        }

        return null;
    }

    private string? ReadAttributes()
    {
        _received.Clear();
        _received.Present = (AttributeFlags)_input.ReadUInt16();
        _received.Origin = _input.ReadByte();
        _received.NextHop = _input.ReadAddress();
        _received.LocalPreference = _input.ReadUInt32();
        _received.Med = _input.ReadUInt32();
        _received.Aigp = _input.ReadUInt64();
        _received.OnlyToCustomer = _input.ReadUInt32();
        int path = ReadLength(1), standard, extended, large;
        _input.Read(_received.SetAsPath(Math.Max(0, path)));
        _input.Read(_received.SetStandardCommunities(Math.Max(0, standard = ReadLength(4))));
        _input.Read(_received.SetExtendedCommunities(Math.Max(0, extended = ReadLength(8))));
        _input.Read(_received.SetLargeCommunities(Math.Max(0, large = ReadLength(12))));
        if ((path | standard | extended | large) < 0 || !IsPath(_received.AsPath))
        {
            return "a set of attributes in it is malformed";
        }

        // 0 where memory is at its limit: the routes with it are refused.
        _sets.Add(_table.Attributes.Intern(_received));
        return null;
    }

    private string? ReadRoute()
    {
        byte kind = _input.ReadByte();
        uint set = _input.ReadUInt32();
        var nlri = new Nlri { Family = (RouteFamily)(kind & SnapshotFormat.FamilyMask) };
        nlri.PathId = (kind & SnapshotFormat.HasPathId) != 0 ? _input.ReadUInt32() : 0;
        nlri.Label = (kind & SnapshotFormat.HasLabel) != 0 ? _input.ReadUInt32() : 0;
        if ((int)nlri.Family >= RouteFamilies.Count || set >= _sets.Count || nlri.Label > 0xFFFFF || !_hasPeer)
        {
            return "a route in it is malformed";
        }

        nlri.RouteDistinguisher = nlri.Family.IsVpn() ? _input.ReadUInt64() : 0;
        nlri.Length = _input.ReadByte();
        Span<byte> address = stackalloc byte[IpAddress.Size];
        if (nlri.Length > nlri.Family.MaxLength())
        {
            return "a prefix in it is too long";
        }

        address.Clear();
        bool isIPv4 = nlri.Family.IsIPv4();
        Span<byte> prefix = address[(isIPv4 ? 12 : 0)..];
        int bytes = (nlri.Length + 7) / 8;
        _input.Read(prefix[..bytes]);
        if (nlri.Length % 8 != 0 && (prefix[bytes - 1] & (0xFF >> (nlri.Length % 8))) != 0)
        {
            return "a prefix in it has host bits";
        }

        nlri.Prefix = isIPv4 ? IpAddress.ReadIPv4(address[12..]) : IpAddress.ReadIPv6(address);
        _routesRead++;
        if (!_input.IsCut)
        {
            Announce(nlri, _sets[(int)set]);
        }

        return null;
    }

    private void Announce(in Nlri nlri, uint attributes)
    {
        if (_peer is null || attributes == 0 || _peer.Announce(nlri, attributes) is AnnounceResult.PathLimit or AnnounceResult.MemoryLimit)
        {
            _refused++;
        }
        else
        {
            _routes++;
        }
    }

    private string? ReadEnd()
    {
        (ulong peers, ulong sets, ulong routes) = (_input.ReadUInt64(), _input.ReadUInt64(), _input.ReadUInt64());
        bool isRight = (peers, sets, routes) == ((ulong)_peersRead, (ulong)_sets.Count, (ulong)_routesRead) && _input.IsAtEnd && !_input.IsCut;
        return isRight ? null : "it does not hold what its end says";
    }

    private void Finish(bool keep)
    {
        lock (_table.WriterLock)
        {
            foreach (AdjRibIn peer in _peers)
            {
                if (keep)
                {
                    peer.MarkAllStale(since: _made);
                }
                else
                {
                    _table.RemovePeer(peer);
                }
            }

            foreach (uint set in _sets)
            {
                if (set != 0)
                {
                    _table.Attributes.Release(set);
                }
            }
        }
    }

    // -1 for one that cannot be.
    private int ReadLength(int unit)
    {
        uint length = _input.ReadUInt32();
        return length > SnapshotFormat.MaxValueBytes || length % unit != 0 ? -1 : (int)length;
    }

    private static bool IsPath(ReadOnlySpan<byte> path)
    {
        while (AsPath.TryReadSegment(ref path, out AsPathSegmentType type, out ReadOnlySpan<byte> numbers))
        {
            if (numbers.IsEmpty || type is < AsPathSegmentType.Set or > AsPathSegmentType.ConfederationSet)
            {
                return false;
            }
        }

        return path.IsEmpty;
    }
}
