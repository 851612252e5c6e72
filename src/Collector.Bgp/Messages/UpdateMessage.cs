using System.Buffers.Binary;
using Collector.Bgp.PathAttributes;
using Collector.Bgp.Rib;
using Collector.Net;

namespace Collector.Bgp.Messages;

/// <summary>An UPDATE: routes withdrawn, routes announced, and the attributes of these (RFC 4271 §4.3).</summary>
/// <remarks>A view over the message; all fields are checked before any is offered, so a message with a fault never takes effect in part. RFC 7606.</remarks>
public readonly ref struct UpdateMessage
{
    /// <summary>Routes withdrawn by the field of RFC 4271.</summary>
    public NlriField Withdrawn { get; init; }

    /// <summary>Routes announced by the field of RFC 4271, with the next hop of NEXT_HOP.</summary>
    public NlriField Announced { get; init; }

    /// <summary>Routes withdrawn by MP_UNREACH_NLRI.</summary>
    public NlriField MpWithdrawn { get; init; }

    /// <summary>Routes announced by MP_REACH_NLRI, with its next hop.</summary>
    public NlriField MpAnnounced { get; init; }

    /// <summary>NEXT_HOP.</summary>
    public IpAddress NextHop { get; init; }

    /// <summary>The next hop of MP_REACH_NLRI.</summary>
    public IpAddress MpNextHop { get; init; }

    /// <summary>All that is wrong with the message.</summary>
    public UpdateFaults Faults { get; init; }

    /// <summary>True when routes of families that are not kept were passed over.</summary>
    public bool HasUnknownFamily { get; init; }

    /// <summary>The family whose table is complete with this message (RFC 4724 §2); null for an ordinary UPDATE.</summary>
    public RouteFamily? EndOfRib { get; init; }

    /// <summary>Reads the body of an UPDATE.</summary>
    /// <param name="body">The message behind its header.</param>
    /// <param name="session">What was negotiated.</param>
    /// <param name="attributes">Takes the attributes, but for the next hop, of which there may be two.</param>
    /// <remarks>Pure; never throws, allocates only when a value is longer than any before.</remarks>
    public static UpdateMessage Read(ReadOnlySpan<byte> body, in SessionParameters session, ReceivedAttributes attributes)
    {
        attributes.Clear();
        if (!TrySplit(body, out ReadOnlySpan<byte> withdrawnBytes, out ReadOnlySpan<byte> attributeBytes, out ReadOnlySpan<byte> announcedBytes))
        {
            return new UpdateMessage { Faults = default(UpdateFaults).With(UpdateFault.FieldLengths) };
        }

        bool hasPathIds = session.HasAddPath(RouteFamily.IPv4Unicast);
        var withdrawn = new NlriField(withdrawnBytes, RouteFamily.IPv4Unicast, hasPathIds, isWithdrawn: true);
        var announced = new NlriField(announcedBytes, RouteFamily.IPv4Unicast, hasPathIds, isWithdrawn: false);
        var reader = new PathAttributeReader(session);
        reader.Read(attributeBytes, attributes);
        reader.CheckPresence(hasRoutes: !announced.IsEmpty, attributes);

        UpdateFaults faults = reader.Faults;
        faults = withdrawn.IsWellFormed() ? faults : faults.With(UpdateFault.WithdrawnMalformed);
        faults = announced.IsWellFormed() ? faults : faults.With(UpdateFault.NlriMalformed);
        if (faults.Handling == ErrorHandling.TreatAsWithdraw && announced.IsEmpty && !reader.HasReachable)
        {
            faults = faults.With(UpdateFault.FaultWithoutRoutes);
        }

        return new UpdateMessage
        {
            Withdrawn = withdrawn,
            Announced = announced,
            MpWithdrawn = reader.Unreachable,
            MpAnnounced = reader.Reachable,
            NextHop = reader.NextHop,
            MpNextHop = reader.MpNextHop,
            Faults = faults,
            HasUnknownFamily = reader.HasUnknownFamily,
            EndOfRib = EndOfRibOf(body, reader),
        };
    }

    private static bool TrySplit(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> withdrawn, out ReadOnlySpan<byte> attributes, out ReadOnlySpan<byte> announced)
    {
        withdrawn = attributes = announced = default;
        if (body.Length < 4)
        {
            return false;
        }

        int first = BinaryPrimitives.ReadUInt16BigEndian(body);
        if (body.Length - 4 < first)
        {
            return false;
        }

        int second = BinaryPrimitives.ReadUInt16BigEndian(body[(2 + first)..]);
        if (body.Length - 4 - first < second)
        {
            return false;
        }

        withdrawn = body.Slice(2, first);
        attributes = body.Slice(4 + first, second);
        announced = body[(4 + first + second)..];
        return true;
    }

    // RFC 4724 §2: an UPDATE without anything, or with nothing but an MP_UNREACH_NLRI without routes.
    private static RouteFamily? EndOfRibOf(ReadOnlySpan<byte> body, in PathAttributeReader reader)
    {
        if (body.Length == 4)
        {
            return RouteFamily.IPv4Unicast;
        }

        bool isMark = reader is { AttributeCount: 1, HasUnreachable: true, HasUnknownFamily: false } && reader.Unreachable.IsEmpty
            && body[0] == 0 && body[1] == 0 && reader.Faults.IsEmpty && 4 + BinaryPrimitives.ReadUInt16BigEndian(body[2..]) == body.Length;
        return isMark ? reader.Unreachable.Family : null;
    }
}
