using System.Buffers.Binary;
using Collector.Net;
using Collector.Testing.Builders;
using Xunit;

namespace Collector.Flows.Tests.Robustness;

/// <summary>A peer that sends ever new sources, domains, templates, names and paths: every table meets its limit.</summary>
[Collection(MeasuredMemory.Name)]
public sealed class BoundedMemoryTests
{
    private static readonly DecoderOptions Options = new() { MaxSources = 500, MaxTemplates = 2_000, MaxTemplatesPerDomain = 100, HoldSeconds = 60, MaxHeldBytes = 1 << 20 };

    [Fact]
    public void F9_RandomMessagesFromRandomSources_KeepMemoryBounded()
    {
        var decoder = new DatagramDecoder(Options, new ValueTable(10_000, 1 << 20));
        var random = new Random(9);
        Send(decoder, random, 40_000);
        long before = GC.GetTotalMemory(true);
        Send(decoder, random, 120_000);

        Assert.InRange(GC.GetTotalMemory(true) - before, long.MinValue, 4 << 20);
        GC.KeepAlive(decoder);
    }

    private static void Send(DatagramDecoder decoder, Random random, int count)
    {
        var batch = new FlowBatch();
        byte[][] messages = [Message(9), Message(10), SFlow()];
        byte[] sent = new byte[messages.Max(m => m.Length)];
        for (int i = 0; i < count; i++)
        {
            byte[] message = messages[i % messages.Length];
            message.CopyTo(sent, 0);

            // The domain or sub-agent, and a few bytes anywhere: template ids, names, samplers, labels.
            BinaryPrimitives.WriteInt32BigEndian(sent.AsSpan(i % messages.Length == 1 ? 12 : 16), random.Next(2_000));
            for (int change = 0; change < 4; change++)
            {
                sent[random.Next(20, message.Length)] = (byte)random.Next(256);
            }

            var datagram = new Datagram
            {
                Payload = sent.AsSpan(0, message.Length),
                Source = IpAddress.FromIPv4((uint)random.Next(1_000)),
                SourcePort = (ushort)random.Next(8),
                ArrivalTime = DecoderRun.Arrival + (i * 1_000L),
            };
            decoder.Begin(datagram);
            while (decoder.Continue(datagram, batch))
            {
                batch.Clear();
            }

            batch.Clear();
            if (decoder.Values.WantsRotation)
            {
                decoder.Values.Rotate();
            }
        }
    }

    private static byte[] Message(int version) => new ExportMessageBuilder(version)
        .Template(300, (8, 4), (12, 4), (1, 4), (48, 1), (10, 4)).Data(300, new byte[17], new byte[17])
        .OptionsTemplate(400, [(1, 4)], (10, 4), (82, 8)).Data(400, new byte[16])
        .OptionsTemplate(401, [(1, 4)], (48, 1), (34, 4)).Data(401, new byte[9])
        .OptionsTemplate(402, [(1, 4)], (234, 4), (236, 8)).Data(402, new byte[16])
        .Build();

    private static byte[] SFlow() => new SFlowBuilder().Flow(
        new SampleHeader(),
        SFlowBuilder.SampledHeader(1, PacketBuilder.Ethernet(0x8847, PacketBuilder.Mpls([1, 2, 3], PacketBuilder.IPv4("10.0.0.1", "10.0.0.2", 6, PacketBuilder.Tcp(1, 2))))),
        SFlowBuilder.Gateway("192.0.2.1", 1, 2, 3, [(2, [4, 5, 6])], [7, 8], 100)).Build();
}
