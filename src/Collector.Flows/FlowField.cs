using System.Runtime.InteropServices;

namespace Collector.Flows;

/// <summary>The fields of <see cref="FlowRecord"/> by name, to say which of them a configuration reads and where they lie.</summary>
/// <remarks>Each name is the name of the field; a test holds the two together. At most 128.</remarks>
#pragma warning disable CS1591 // The fields of FlowRecord are documented there.
public enum FlowField : byte
{
    SourceAddress, DestinationAddress, SourcePort, DestinationPort, Protocol, Tos, Family, Kind, IngressInterface, EgressInterface,
    SourceAs, DestinationAs, PeerSourceAs, PeerDestinationAs, Octets, Packets, Flows, TcpFlags, TunnelTcpFlags, ForwardingStatus,
    SamplingDirection, SamplingInterval, RenormalizationFactor, SourceNetwork, DestinationNetwork, SourceMask, DestinationMask, EtherType,
    SourceMac, DestinationMac, Vlan, IngressVlan, EgressVlan, IngressCustomerVlan, EgressCustomerVlan, Cos, NextHopFamily, PacketLabels, NextHop,
    ExporterAddress, ExportSequence, ExportSystemId, ExportVersion, TemplateId, SamplerId, ExportTime, ArrivalTime, StartTime, EndTime, BinTime, BinEndTime,
    PostNatSourceAddress, PostNatDestinationAddress, PostNatSourcePort, PostNatDestinationPort, PostNatSourceFamily, PostNatDestinationFamily,
    NatEvent, FirewallEvent, MplsLabelTop, MplsLabelBottom, MplsPseudowireId, MplsStackDepth, MplsLabelStack, IngressVrfId, EgressVrfId,
    Vxlan, RouteDistinguisher, Nvgre, FlowLabel, ClassName, IngressInterfaceName, EgressInterfaceName, IngressVrfName, EgressVrfName, AsPath,
    StandardCommunities, LocalPreference, ExtendedCommunities, LargeCommunities, MultiExitDiscriminator, SourceAsPath, SourceStandardCommunities,
    SourceExtendedCommunities, SourceLargeCommunities, SourceLocalPreference, SourceMultiExitDiscriminator, SourceRoa, DestinationRoa, Label, Srv6Segments, Tag, Tag2, PathDelayAverage, PathDelayMinimum, PathDelayMaximum,
    TunnelFlowLabel, TunnelSourceAddress, TunnelDestinationAddress, TunnelSourcePort, TunnelDestinationPort, TunnelProtocol, TunnelTos,
    TunnelFamily, Flags, TunnelSourceMac, TunnelDestinationMac, DatagramNumber, RecordNumber, DropCode, AsZeroReasons,
    IpNextHop, EngineType, SampleFormat, ExtraValues,
    SourceCountry, DestinationCountry, SourcePostalCode, DestinationPostalCode, SourceCoordinates, DestinationCoordinates,
}
#pragma warning restore CS1591

/// <summary>Where the fields of <see cref="FlowRecord"/> lie.</summary>
public static class FlowRecordLayout
{
    private static readonly (int Offset, int Size)[] Places = Build();

    /// <summary>Bytes from the start of the record.</summary>
    public static int OffsetOf(FlowField field) => Places[(int)field].Offset;

    /// <summary>Bytes that the field takes.</summary>
    public static int SizeOf(FlowField field) => Places[(int)field].Size;

    private static (int, int)[] Build() =>
        [.. Enum.GetValues<FlowField>().Select(f => ((int)Marshal.OffsetOf<FlowRecord>(f.ToString()), SizeOfType(typeof(FlowRecord).GetField(f.ToString())!.FieldType)))];

    private static int SizeOfType(Type type) => Marshal.SizeOf(type.IsEnum ? Enum.GetUnderlyingType(type) : type);
}
