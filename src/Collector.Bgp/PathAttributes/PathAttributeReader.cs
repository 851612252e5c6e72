using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Collector.Bgp.Messages;
using Collector.Bgp.Rib;
using Collector.Net;

namespace Collector.Bgp.PathAttributes;

/// <summary>Reads the path attributes of one UPDATE and finds what RFC 7606 wants found.</summary>
internal ref struct PathAttributeReader(SessionParameters session)
{
    private readonly SessionParameters _session = session;
    private SeenCodes _seen;
    private ReadOnlySpan<byte> _asPath, _as4Path;
    private uint _aggregatorAs;
    private bool _hasAsPath, _hasOrigin, _hasNextHop, _hasMpRoutes;

    /// <summary>What is wrong.</summary>
    internal UpdateFaults Faults { get; private set; }

    /// <summary>How many attributes there were.</summary>
    internal int AttributeCount { get; private set; }

    /// <summary>NEXT_HOP.</summary>
    internal IpAddress NextHop { get; private set; }

    /// <summary>The next hop of MP_REACH_NLRI.</summary>
    internal IpAddress MpNextHop { get; private set; }

    /// <summary>The routes of MP_REACH_NLRI.</summary>
    internal NlriField Reachable { get; private set; }

    /// <summary>The routes of MP_UNREACH_NLRI.</summary>
    internal NlriField Unreachable { get; private set; }

    /// <summary>There was an MP_REACH_NLRI with routes, known or not.</summary>
    internal readonly bool HasReachable => _hasMpRoutes;

    /// <summary>There was an MP_UNREACH_NLRI of a known family.</summary>
    internal bool HasUnreachable { get; private set; }

    /// <summary>Routes of families that are not kept.</summary>
    internal bool HasUnknownFamily { get; private set; }

    /// <summary>Reads all attributes; <paramref name="into"/> takes all but the next hops.</summary>
    internal void Read(ReadOnlySpan<byte> list, ReceivedAttributes into)
    {
        while (!list.IsEmpty)
        {
            if (!AttributeHeader.TryRead(ref list, out AttributeHeader attribute))
            {
                // RFC 7606 §4; where the cut one lists routes they cannot be found.
                Add(attribute.Code switch
                {
                    AttributeCode.MpReach => UpdateFault.MpReachMalformed,
                    AttributeCode.MpUnreach => UpdateFault.MpUnreachMalformed,
                    _ => UpdateFault.AttributeListOverrun,
                });
                break;
            }

            AttributeCount++;
            if (!_seen.Add(attribute.Code))
            {
                Add(attribute.Code is AttributeCode.MpReach or AttributeCode.MpUnreach ? UpdateFault.DuplicateMpAttribute : UpdateFault.DuplicateAttribute);
            }
            else if (HasItsFlags(attribute))
            {
                ReadValue(attribute.Code, attribute.Value, into);
            }
        }

        if (_hasAsPath)
        {
            // RFC 6793 §4.2.3: an AGGREGATOR other than AS_TRANS was added by a speaker that knows no AS4_PATH, so that one is of before.
            bool merges = !_session.FourOctetAs && (_aggregatorAs is 0 or OpenMessage.AsTrans);
            AsPathReader.Read(_asPath, merges ? _as4Path : default, _session.FourOctetAs, into);
        }
    }

    /// <summary>Looks whether what routes must have is there (RFC 7606 §3 d).</summary>
    /// <param name="hasRoutes">The message has routes in the field of RFC 4271.</param>
    /// <param name="into">Takes which attributes there were.</param>
    internal void CheckPresence(bool hasRoutes, ReceivedAttributes into)
    {
        into.Present |= (_hasOrigin ? AttributeFlags.Origin : 0) | (_hasAsPath ? AttributeFlags.AsPath : 0);
        if (!hasRoutes && !_hasMpRoutes)
        {
            return;
        }

        AddUnless(_seen.Contains(AttributeCode.Origin), UpdateFault.MissingOrigin);
        AddUnless(_seen.Contains(AttributeCode.AsPath), UpdateFault.MissingAsPath);
        AddUnless(!hasRoutes || _seen.Contains(AttributeCode.NextHop), UpdateFault.MissingNextHop);
        into.Present |= _hasNextHop || _hasMpRoutes ? AttributeFlags.NextHop : 0;
    }

    private bool HasItsFlags(AttributeHeader attribute)
    {
        const byte Mask = AttributeHeader.Optional | AttributeHeader.Transitive;
        if (AttributeHeader.FlagsOf(attribute.Code) is not { } expected)
        {
            AddUnless((attribute.Flags & AttributeHeader.Optional) != 0, UpdateFault.UnknownWellKnown);
            return false;
        }

        if ((attribute.Flags & Mask) == expected)
        {
            return true;
        }

        Add(attribute.Code == AttributeCode.Aigp ? UpdateFault.AigpMalformed : UpdateFault.AttributeFlags);

        // The routes of a message that is treated as withdrawn must be known (RFC 7606 §3 j).
        return attribute.Code is AttributeCode.MpReach or AttributeCode.MpUnreach;
    }

    private void ReadValue(byte code, ReadOnlySpan<byte> value, ReceivedAttributes into)
    {
        switch (code)
        {
            case AttributeCode.Origin:
                _hasOrigin = value.Length == 1 && value[0] <= 2;
                AddUnless(_hasOrigin, UpdateFault.OriginMalformed);
                into.Origin = _hasOrigin ? value[0] : (byte)0;
                break;
            case AttributeCode.AsPath:
                _hasAsPath = AsPathReader.IsWellFormed(value, _session.FourOctetAs);
                AddUnless(_hasAsPath, UpdateFault.AsPathMalformed);
                _asPath = value;
                break;
            case AttributeCode.NextHop:
                _hasNextHop = value.Length == 4;
                AddUnless(_hasNextHop, UpdateFault.NextHopLength);
                NextHop = _hasNextHop ? IpAddress.ReadIPv4(value) : default;
                break;
            case AttributeCode.Med when IsNumber(value, UpdateFault.MedLength):
                into.Med = BinaryPrimitives.ReadUInt32BigEndian(value);
                into.Present |= AttributeFlags.Med;
                break;
            case AttributeCode.LocalPreference when IsInternal(UpdateFault.LocalPreferenceFromExternal) && IsNumber(value, UpdateFault.LocalPreferenceLength):
                into.LocalPreference = BinaryPrimitives.ReadUInt32BigEndian(value);
                into.Present |= AttributeFlags.LocalPreference;
                break;
            case AttributeCode.AtomicAggregate:
                AddUnless(value.IsEmpty, UpdateFault.AtomicAggregateLength);
                break;
            case AttributeCode.Aggregator:
                ReadAggregator(value);
                break;
            case AttributeCode.OriginatorId when IsInternal(UpdateFault.OriginatorIdFromExternal):
                IsNumber(value, UpdateFault.OriginatorIdLength);
                break;
            case AttributeCode.ClusterList when IsInternal(UpdateFault.ClusterListFromExternal):
                IsList(value, 4, UpdateFault.ClusterListLength);
                break;
            case AttributeCode.Communities when IsList(value, 4, UpdateFault.CommunitiesLength):
                into.SetStandardCommunities(CommunityList.Canonicalize(CommunityKind.Standard, value, into.SetStandardCommunities(value.Length)));
                break;
            case AttributeCode.ExtendedCommunities when IsList(value, 8, UpdateFault.ExtendedCommunitiesLength):
                into.SetExtendedCommunities(CommunityList.Canonicalize(CommunityKind.Extended, value, into.SetExtendedCommunities(value.Length)));
                break;
            case AttributeCode.LargeCommunities when IsList(value, 12, UpdateFault.LargeCommunitiesLength):
                into.SetLargeCommunities(CommunityList.Canonicalize(CommunityKind.Large, value, into.SetLargeCommunities(value.Length)));
                break;
            case AttributeCode.OnlyToCustomer when IsNumber(value, UpdateFault.OnlyToCustomerLength):
                into.OnlyToCustomer = BinaryPrimitives.ReadUInt32BigEndian(value);
                into.Present |= AttributeFlags.OnlyToCustomer;
                break;
            case AttributeCode.Aigp:
                ReadAigp(value, into);
                break;
            case AttributeCode.As4Path when IsOldSpeaker():
                bool isPath = AsPathReader.IsWellFormed(value, fourOctets: true);
                AddUnless(isPath, UpdateFault.As4PathMalformed);
                _as4Path = isPath ? value : default;
                break;
            case AttributeCode.As4Aggregator when IsOldSpeaker():
                AddUnless(value.Length == 8, UpdateFault.As4AggregatorMalformed);
                break;
            case AttributeCode.MpReach:
                ReadReach(value);
                break;
            case AttributeCode.MpUnreach:
                ReadUnreach(value);
                break;
            default:
                break;
        }
    }

    private void ReadReach(ReadOnlySpan<byte> value)
    {
        if (!MpAttributes.TryReadReach(value, _session, out bool isKnown, out NlriField routes, out IpAddress nextHop))
        {
            Add(UpdateFault.MpReachMalformed);
            return;
        }

        Reachable = routes;
        MpNextHop = nextHop;
        HasUnknownFamily |= !isKnown;
        _hasMpRoutes = !isKnown || !routes.IsEmpty;
    }

    private void ReadUnreach(ReadOnlySpan<byte> value)
    {
        if (!MpAttributes.TryReadUnreach(value, _session, out bool isKnown, out NlriField routes))
        {
            Add(UpdateFault.MpUnreachMalformed);
            return;
        }

        Unreachable = routes;
        HasUnreachable = isKnown;
        HasUnknownFamily |= !isKnown;
    }

    private void ReadAggregator(ReadOnlySpan<byte> value)
    {
        bool fits = value.Length == (_session.FourOctetAs ? 8 : 6);
        uint number = fits ? _session.FourOctetAs ? BinaryPrimitives.ReadUInt32BigEndian(value) : BinaryPrimitives.ReadUInt16BigEndian(value) : 0;
        AddUnless(number != 0, UpdateFault.AggregatorMalformed);
        _aggregatorAs = number;
    }

    // RFC 7311 §3: TLVs of type, length with header, value; the first of type 1 counts, which has eight bytes of value.
    private void ReadAigp(ReadOnlySpan<byte> value, ReceivedAttributes into)
    {
        while (value.Length >= 3 && BinaryPrimitives.ReadUInt16BigEndian(value[1..]) is var length && length >= 3 && length <= value.Length)
        {
            if (value[0] == 1)
            {
                if (length == 11)
                {
                    into.Aigp = BinaryPrimitives.ReadUInt64BigEndian(value[3..]);
                    into.Present |= AttributeFlags.Aigp;
                    return;
                }

                break;
            }

            value = value[length..];
        }

        Add(UpdateFault.AigpMalformed);
    }

    private bool IsNumber(ReadOnlySpan<byte> value, UpdateFault fault)
    {
        AddUnless(value.Length == 4, fault);
        return value.Length == 4;
    }

    private bool IsList(ReadOnlySpan<byte> value, int size, UpdateFault fault)
    {
        bool isList = !value.IsEmpty && value.Length % size == 0;
        AddUnless(isList, fault);
        return isList;
    }

    private bool IsInternal(UpdateFault fault)
    {
        AddUnless(!_session.IsExternal, fault);
        return !_session.IsExternal;
    }

    private bool IsOldSpeaker()
    {
        AddUnless(!_session.FourOctetAs, UpdateFault.As4FromNewSpeaker);
        return !_session.FourOctetAs;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddUnless(bool condition, UpdateFault fault)
    {
        if (!condition)
        {
            Add(fault);
        }
    }

    private void Add(UpdateFault fault) => Faults = Faults.With(fault);

    /// <summary>Which of the 256 codes were there.</summary>
    [InlineArray(4)]
    private struct SeenCodes
    {
        private ulong _first;

        internal bool Add(byte code)
        {
            ref ulong word = ref this[code >> 6];
            ulong bit = 1UL << (code & 63);
            bool isNew = (word & bit) == 0;
            word |= bit;
            return isNew;
        }

        internal readonly bool Contains(byte code) => (this[code >> 6] & (1UL << (code & 63))) != 0;
    }
}
