using System.Buffers.Binary;
using Collector.Bgp.Messages;
using Collector.Bgp.Rib;
using Collector.Net;

namespace Collector.Bgp.Sessions;

/// <summary>Takes the UPDATEs of one session into the Adj-RIB-In of its peer.</summary>
/// <remarks>Used by one thread at a time. The writer lock of the table is held for one UPDATE at a time; nothing is allocated per UPDATE.</remarks>
internal sealed class AdjRibInWriter
{
    private readonly RouteTable _table;
    private readonly BgpPeer _peer;
    private readonly AdjRibIn _rib;
    private readonly SessionParameters _parameters;
    private readonly BgpObserver _observer;
    private readonly bool _tellsRoutes;
    private readonly ReceivedAttributes _attributes = new();
    private bool _isClosed;

    internal AdjRibInWriter(RouteTable table, BgpPeer peer, AdjRibIn rib, SessionParameters parameters, BgpObserver observer)
    {
        (_table, _peer, _rib, _parameters, _observer) = (table, peer, rib, parameters, observer);
        _tellsRoutes = observer.WantsRoutes;
    }

    /// <summary>The families whose End-of-RIB came in this session: bit n for the <see cref="RouteFamily"/> of number n.</summary>
    internal byte EndOfRibs { get; private set; }

    /// <summary>Takes the body of one UPDATE.</summary>
    /// <returns>The NOTIFICATION that must end the session, or null.</returns>
    internal NotificationMessage? Apply(ReadOnlySpan<byte> body, DateTimeOffset time)
    {
        UpdateMessage update = UpdateMessage.Read(body, _parameters, _attributes);
        ErrorHandling handling = ErrorHandling.None;
        if (!update.Faults.IsEmpty)
        {
            handling = update.Faults.Handling;
            _peer.Counters.Count(update.Faults);
            _observer.UpdateFaulty(_peer, update.Faults, time);
        }

        if (handling == ErrorHandling.SessionReset)
        {
            return NotificationMessage.Of(NotificationCode.UpdateMessage, UpdateFaults.SubcodeOf(update.Faults.Strongest));
        }

        _peer.Counters.UnknownFamilies += update.HasUnknownFamily ? 1 : 0;
        lock (_table.WriterLock)
        {
            if (_isClosed)
            {
                return null;
            }

            _peer.Counters.Withdrawn += Withdraw(update.Withdrawn, time) + Withdraw(update.MpWithdrawn, time);
            if (handling == ErrorHandling.TreatAsWithdraw)
            {
                _peer.Counters.TreatedAsWithdrawn += Withdraw(update.Announced, time) + Withdraw(update.MpAnnounced, time);
            }
            else if (!Announce(update.Announced, update.NextHop, time) || !Announce(update.MpAnnounced, update.MpNextHop, time))
            {
                _peer.Counters.PathLimits++;
                return PathLimit(update.Announced.IsEmpty ? update.MpAnnounced.Family : update.Announced.Family);
            }

            if (update.EndOfRib is { } family)
            {
                EndOfRibs |= (byte)(1 << (int)family);
                _peer.SweepStale(family, time);
                _observer.EndOfRib(_peer, family, time);
            }
        }

        return null;
    }

    /// <summary>The peer begins to send a family again, or has ended.</summary>
    internal void Refresh(byte subtype, RouteFamily family, DateTimeOffset time)
    {
        lock (_table.WriterLock)
        {
            if (!_isClosed && subtype == RouteRefreshMessage.Beginning)
            {
                _peer.MarkStale(family, time);
            }
            else if (!_isClosed && subtype == RouteRefreshMessage.End)
            {
                _peer.SweepStale(family, time);
            }
        }
    }

    /// <summary>Nothing is taken any more; called under the writer lock.</summary>
    internal void Close() => _isClosed = true;

    private long Withdraw(NlriField field, DateTimeOffset time)
    {
        long count = 0;
        Nlri route = default;
        for (NlriReader reader = field.GetReader(); reader.TryRead(ref route); count++)
        {
            if (!_rib.Withdraw(route, out uint removed))
            {
                _peer.Counters.UnknownWithdrawn++;
                continue;
            }

            if (_tellsRoutes)
            {
                _observer.RouteWithdrawn(_peer, route, removed, time);
            }

            _table.Attributes.Release(removed);
        }

        return count;
    }

    // False when the peer has more paths than it may have.
    private bool Announce(NlriField field, IpAddress nextHop, DateTimeOffset time)
    {
        if (field.IsEmpty)
        {
            return true;
        }

        _attributes.NextHop = nextHop;
        uint attributes = _table.Attributes.Intern(_attributes);
        if (attributes == 0)
        {
            _peer.Counters.RefusedForMemory += Withdraw(field, time);
            return true;
        }

        bool fits = true;
        long count = 0;
        Nlri route = default;
        for (NlriReader reader = field.GetReader(); fits && reader.TryRead(ref route); count++)
        {
            AnnounceResult result = _rib.Announce(route, attributes);
            fits = result != AnnounceResult.PathLimit;
            if (result == AnnounceResult.MemoryLimit)
            {
                _peer.Counters.RefusedForMemory++;
            }
            else if (_tellsRoutes && fits)
            {
                _observer.RouteAnnounced(_peer, route, attributes, time);
            }
        }

        _table.Attributes.Release(attributes);
        _peer.Counters.Announced += count;
        return fits;
    }

    // RFC 4486 §4: the family and the limit.
    private NotificationMessage PathLimit(RouteFamily family)
    {
        byte[] data = new byte[7];
        BinaryPrimitives.WriteUInt16BigEndian(data, family.AddressFamily());
        data[2] = family.SubsequentAddressFamily();
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(3), (uint)Math.Min(_table.Options.MaxPathsPerPeer, uint.MaxValue));
        return new NotificationMessage((byte)NotificationCode.Cease, CeaseSubcode.MaximumPrefixes, data);
    }
}
