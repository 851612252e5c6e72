using System.Buffers;
using Collector.Bgp.Messages;

namespace Collector.Bgp.Sessions;

/// <summary>A session that others held, read from the bytes of both directions: the peer's routes enter the table as they did then.</summary>
/// <remarks>
/// Both OPENs say how UPDATEs are to be read; where a capture has only the peer's, the answer is taken for the one that the speaker would have given.
/// Not thread-safe.
/// </remarks>
public sealed class BgpStream
{
    private readonly BgpSpeaker _speaker;
    private readonly BgpPeer _peer;
    private readonly ushort _port;
    private readonly Direction _fromPeer = new(), _fromCollector = new();
    private OpenMessage? _peerOpen, _collectorOpen;
    private AdjRibInWriter? _writer;

    internal BgpStream(BgpSpeaker speaker, BgpPeer peer, ushort port) => (_speaker, _peer, _port) = (speaker, peer, port);

    /// <summary>True when no more of it can be read: the session is over, or its bytes were no BGP.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Takes bytes that the router sent.</summary>
    public void FromPeer(ReadOnlySpan<byte> bytes, DateTimeOffset time) => Take(_fromPeer, bytes, time);

    /// <summary>Takes bytes that the collector of that time sent.</summary>
    public void FromCollector(ReadOnlySpan<byte> bytes, DateTimeOffset time) => Take(_fromCollector, bytes, time);

    /// <summary>True when bytes that the router sends may change routes; what the collector sends, and all before the OPENs, cannot.</summary>
    public bool MayChangeRoutes => !IsOver && _peerOpen is not null;

    /// <summary>The connection has ended: the routes of the session go.</summary>
    /// <param name="reason">Why, for operators.</param>
    public void End(string reason)
    {
        IsOver = true;
        if (_writer is { } writer)
        {
            _writer = null;
            _peer.Down(writer, reason);
        }
    }

    private void Take(Direction direction, ReadOnlySpan<byte> bytes, DateTimeOffset time)
    {
        if (IsOver)
        {
            return;
        }

        ReadOnlySequence<byte> stream = direction.Append(bytes);
        HeaderStatus status = HeaderStatus.Incomplete;
        while (!IsOver && (status = direction.Framer.TryRead(ref stream, out MessageType type, out _, out ReadOnlySpan<byte> body)) == HeaderStatus.Ok)
        {
            if (direction == _fromPeer)
            {
                _peer.Counters.Count(type);
                OnPeer(type, body, time);
            }
            else if (type == MessageType.Open)
            {
                _collectorOpen ??= OpenMessage.Read(body, out _);
            }
            else if (type == MessageType.Notification)
            {
                End($"the collector sent {NotificationMessage.Read(body)}");
            }
        }

        direction.Keep(stream);
        if (!IsOver && status is not HeaderStatus.Incomplete)
        {
            End("the stream is not BGP");
        }
    }

    private void OnPeer(MessageType type, ReadOnlySpan<byte> body, DateTimeOffset time)
    {
        switch (type)
        {
            case MessageType.Open:
                _peerOpen ??= OpenMessage.Read(body, out _);
                break;
            case MessageType.Update when Establish():
                if (_writer!.Apply(body, time) is { } fault)
                {
                    End($"{fault}");
                }

                break;
            case MessageType.RouteRefresh when _writer is not null && RouteRefreshMessage.TryRead(body, out RouteRefreshMessage refresh)
                && Rib.RouteFamilies.TryGet(refresh.Family.Afi, refresh.Family.Safi, out Rib.RouteFamily family):
                _writer.Refresh(refresh.Subtype, family, time);
                break;
            case MessageType.Notification:
                End($"the peer sent {NotificationMessage.Read(body)}");
                break;
            default:
                break;
        }
    }

    // The first UPDATE comes when both OPENs have; what the framer must take longer messages for is known then too.
    private bool Establish()
    {
        if (_writer is not null)
        {
            return true;
        }

        if (_peerOpen is null)
        {
            End("UPDATE without OPEN");
            return false;
        }

        _collectorOpen ??= new OpenMessage
        {
            As = _peerOpen.As,
            HoldSeconds = _peerOpen.HoldSeconds,
            RouterId = 1,
            Capabilities = new Capabilities { Raw = CapabilityNegotiation.Answer(_speaker.Options, _peerOpen.As, _peerOpen.Capabilities) },
        };
        SessionParameters parameters = CapabilityNegotiation.Agree(_collectorOpen, _peerOpen);
        _fromPeer.Framer.ExtendedMessages = parameters.ExtendedMessages;
        _writer = _peer.Up(_peerOpen, parameters, _port, Math.Min(_peerOpen.HoldSeconds, _collectorOpen.HoldSeconds));
        IsOver = _writer is null;
        return !IsOver;
    }

    /// <summary>The bytes of one direction that are not yet a message.</summary>
    private sealed class Direction
    {
        private byte[] _bytes = new byte[8192];
        private int _length;

        internal MessageFramer Framer { get; } = new();

        internal ReadOnlySequence<byte> Append(ReadOnlySpan<byte> bytes)
        {
            if (_length + bytes.Length > _bytes.Length)
            {
                Array.Resize(ref _bytes, Math.Max(_length + bytes.Length, _bytes.Length * 2));
            }

            bytes.CopyTo(_bytes.AsSpan(_length));
            _length += bytes.Length;
            return new ReadOnlySequence<byte>(_bytes, 0, _length);
        }

        internal void Keep(ReadOnlySequence<byte> rest)
        {
            int count = (int)rest.Length;
            _bytes.AsSpan(_length - count, count).CopyTo(_bytes);
            _length = count;
        }
    }
}
