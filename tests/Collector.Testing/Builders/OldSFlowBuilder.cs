using Collector.Net;

namespace Collector.Testing.Builders;

/// <summary>Makes sFlow datagrams of versions 2 and 4 (RFC 3176 §5), in which nothing but texts and headers has a length.</summary>
public sealed class OldSFlowBuilder(uint version)
{
    private readonly List<byte[]> _samples = [];

    /// <summary>agent_address.</summary>
    public IpAddress Agent { get; init; } = IpAddress.Parse("10.77.0.1");

    /// <summary>sequence_number of the datagram.</summary>
    public uint Sequence { get; init; } = 1;

    /// <summary>What is written instead of the true number of samples.</summary>
    public uint? SampleCount { get; init; }

    /// <summary>The datagram.</summary>
    public byte[] Build()
    {
        WireWriter writer = new WireWriter().U32(version, Agent.IsIPv4 ? 1u : 2u).Address(Agent).U32(Sequence, 1000, SampleCount ?? (uint)_samples.Count);
        _samples.ForEach(sample => writer.Bytes(sample));
        return writer.ToArray();
    }

    /// <summary>Adds a sample as it is, its type first.</summary>
    public OldSFlowBuilder Sample(params ReadOnlySpan<byte> sample)
    {
        _samples.Add(sample.ToArray());
        return this;
    }

    /// <summary>Adds a flow sample: one packet and its extensions.</summary>
    public OldSFlowBuilder Flow(in SampleHeader header, byte[] packet, params byte[][] extensions)
    {
        var writer = new WireWriter().U32(1, header.Sequence, header.SourceClass << 24 | header.SourceIndex, header.Rate, header.Pool, 0, header.Input, header.Output)
            .Bytes(packet).U32(header.RecordCount ?? (uint)extensions.Length);
        foreach (byte[] extension in extensions)
        {
            writer.Bytes(extension);
        }

        return Sample(writer.ToArray());
    }

    /// <summary>Adds a counter sample.</summary>
    public OldSFlowBuilder Counters(uint type, ReadOnlySpan<byte> counters, uint sequence = 1, uint source = 3) =>
        Sample(new WireWriter().U32(2, sequence, source, 20, type).Bytes(counters).ToArray());

    /// <summary>Packet 1, padded to four bytes.</summary>
    public static byte[] Header(uint protocol, ReadOnlySpan<byte> header) =>
        new WireWriter().U32(1, protocol, (uint)header.Length + 4, (uint)header.Length).Bytes(header).Pad4().ToArray();

    /// <summary>Packet 2 or 3, or an extension: what version 5 writes in a record, behind a type.</summary>
    public static byte[] Like(uint type, byte[] record) => new WireWriter().U32(type).Bytes(record.AsSpan(8)).ToArray();

    /// <summary>Extension 3 of version 2: the path is one list of AS numbers.</summary>
    public static byte[] Gateway2(uint ownAs, uint sourceAs, uint sourcePeerAs, params uint[] path) =>
        new WireWriter().U32(3, ownAs, sourceAs, sourcePeerAs, (uint)path.Length).U32(path).ToArray();

    /// <summary>Extension 3 of version 4: that of version 5 without the next hop.</summary>
    public static byte[] Gateway4(byte[] gatewayWithoutNextHop) => new WireWriter().U32(3).Bytes(gatewayWithoutNextHop.AsSpan(12)).ToArray();

    /// <summary>Extension 4.</summary>
    public static byte[] User(string source, string destination) => new WireWriter().U32(4).Bytes(Text(source)).Bytes(Text(destination)).ToArray();

    /// <summary>Extension 5.</summary>
    public static byte[] Url(string url) => new WireWriter().U32(5, 1).Bytes(Text(url)).ToArray();

    private static byte[] Text(string text) => new WireWriter().U32((uint)text.Length).Bytes(System.Text.Encoding.ASCII.GetBytes(text)).Pad4().ToArray();
}
