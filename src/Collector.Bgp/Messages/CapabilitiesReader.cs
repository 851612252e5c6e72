using System.Buffers.Binary;

namespace Collector.Bgp.Messages;

/// <summary>Reads the capabilities of one OPEN. Those with a length that is not right are left out, as RFC 5492 §3 has it for unknown ones.</summary>
internal sealed class CapabilitiesReader
{
    private const int MaxFamilies = 64;

    private readonly List<AddressFamily> _multiprotocol = [], _extendedNextHop = [];
    private readonly List<AddPathFamily> _addPath = [];
    private readonly List<RawCapability> _raw = [];
    private Capabilities _result = new();

    /// <summary>Reads the value of one optional parameter of type 2; false when it is cut.</summary>
    internal bool TryRead(ReadOnlySpan<byte> parameter)
    {
        for (ReadOnlySpan<byte> rest = parameter; !rest.IsEmpty;)
        {
            if (rest.Length < 2 || rest.Length - 2 < rest[1])
            {
                return false;
            }

            ReadOnlySpan<byte> value = rest.Slice(2, rest[1]);
            Apply(rest[0], value);
            _raw.Add(new RawCapability(rest[0], value.ToArray()));
            rest = rest[(2 + value.Length)..];
        }

        return true;
    }

    internal Capabilities ToCapabilities() => _result with { Multiprotocol = _multiprotocol, AddPath = _addPath, ExtendedNextHop = _extendedNextHop, Raw = _raw };

    private void Apply(byte code, ReadOnlySpan<byte> value)
    {
        switch (code)
        {
            case CapabilityCode.Multiprotocol when value.Length == 4 && _multiprotocol.Count < MaxFamilies:
                _multiprotocol.Add(new AddressFamily(BinaryPrimitives.ReadUInt16BigEndian(value), value[3]));
                break;
            case CapabilityCode.RouteRefresh:
                _result = _result with { RouteRefresh = true };
                break;
            case CapabilityCode.EnhancedRouteRefresh:
                _result = _result with { EnhancedRouteRefresh = true };
                break;
            case CapabilityCode.ExtendedMessage:
                _result = _result with { ExtendedMessage = true };
                break;
            case CapabilityCode.FourOctetAs when value.Length == 4:
                _result = _result with { FourOctetAs = BinaryPrimitives.ReadUInt32BigEndian(value) };
                break;
            case CapabilityCode.AddPath when value.Length % 4 == 0:
                for (; !value.IsEmpty && _addPath.Count < MaxFamilies; value = value[4..])
                {
                    _addPath.Add(new AddPathFamily(new AddressFamily(BinaryPrimitives.ReadUInt16BigEndian(value), value[2]), value[3]));
                }

                break;
            case CapabilityCode.ExtendedNextHop when value.Length % 6 == 0:
                for (; !value.IsEmpty && _extendedNextHop.Count < MaxFamilies; value = value[6..])
                {
                    // AFI, SAFI in two bytes, AFI of the next hop.
                    if (value[2] == 0 && BinaryPrimitives.ReadUInt16BigEndian(value[4..]) == AddressFamily.IPv6)
                    {
                        _extendedNextHop.Add(new AddressFamily(BinaryPrimitives.ReadUInt16BigEndian(value), value[3]));
                    }
                }

                break;
            case CapabilityCode.GracefulRestart when value.Length % 4 == 2:
                _result = _result with { GracefulRestart = ReadRestart(value) };
                break;
            default:
                break;
        }
    }

    private static GracefulRestart ReadRestart(ReadOnlySpan<byte> value)
    {
        int first = BinaryPrimitives.ReadUInt16BigEndian(value);
        List<RestartFamily> families = [];
        for (value = value[2..]; !value.IsEmpty && families.Count < MaxFamilies; value = value[4..])
        {
            families.Add(new RestartFamily(new AddressFamily(BinaryPrimitives.ReadUInt16BigEndian(value), value[2]), value[3]));
        }

        return new GracefulRestart((first & 0x8000) != 0, first & 0x0FFF, families);
    }
}
