namespace Collector.Flows.NetFlow5;

/// <summary>Where the fields of a NetFlow version without templates lie. Versions 1, 5 and 7 share the first 38 bytes of a record and most of the header.</summary>
internal sealed class FixedFormat
{
    /// <summary>The first two bytes of a datagram.</summary>
    internal required ushort Version { get; init; }

    internal required int HeaderLength { get; init; }

    internal required int RecordLength { get; init; }

    /// <summary>Most records that a datagram of the version holds.</summary>
    internal required int MaxRecords { get; init; }

    /// <summary>Where tcp_flags lie in a record.</summary>
    internal required int TcpFlags { get; init; }

    /// <summary>True when a record holds AS numbers and masks (bytes 40 to 45).</summary>
    internal required bool HasRoutes { get; init; }

    /// <summary>True when the header holds flow_sequence (bytes 16 to 19).</summary>
    internal required bool HasSequence { get; init; }

    /// <summary>True when the header holds engine_id (byte 21) and the sampling word (bytes 22 and 23).</summary>
    internal required bool HasEngine { get; init; }
}
