using Collector.Testing.Builders;
using Xunit;

namespace Collector.Flows.Tests;

public sealed class DatagramDecoderTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void F1_FewerThanFourBytes_AreShort(int length)
    {
        DecoderRun run = new DecoderRun().Feed(new byte[length]);
        Assert.Equal((1L, 1L, (long)length), (run.Counters(0)[DecodeFault.ShortDatagram], run.Counters(0).Datagrams, run.Counters(0).Octets));
    }

    [Theory]
    [InlineData(0x0000_0000u)]
    [InlineData(0x0000_0006u)]
    [InlineData(0x0006_0000u)]
    [InlineData(0x000B_0000u)]
    [InlineData(0xFFFF_0000u)]
    public void F1_OtherVersions_AreUnknown(uint start)
    {
        DecoderRun run = new DecoderRun().Feed(new WireWriter().U32(start).Bytes(new byte[100]).ToArray());
        Assert.Equal(1, run.Counters(0)[DecodeFault.UnknownVersion]);
        Assert.Empty(run.Records);
    }

    [Theory]
    [InlineData(9, 19)]
    [InlineData(10, 15)]
    public void F1_ShorterThanTheHeader_IsShort(int version, int length)
    {
        byte[] datagram = new byte[length];
        datagram[1] = (byte)version;
        Assert.Equal(1, new DecoderRun().Feed(datagram).Counters((ushort)version)[DecodeFault.ShortDatagram]);
    }

    [Fact]
    public void AllProtocols_FromOneSource_AreToldApart()
    {
        DecoderRun run = new DecoderRun()
            .Feed(new NetFlow5Builder().Record(new NetFlow5Record(DecoderRun.Source, DecoderRun.Source, 6, 1, 2)).Build())
            .Feed(ExportMessageBuilder.NetFlow9().Template(300, (1, 4)).Data(300, [0, 0, 0, 9]).Build())
            .Feed(ExportMessageBuilder.Ipfix().Template(300, (1, 4)).Data(300, [0, 0, 0, 10]).Build())
            .Feed(new SFlowBuilder().Flow(
                new SampleHeader(), SFlowBuilder.SampledHeader(11, PacketBuilder.IPv4("10.0.0.1", "10.0.0.2", 17, PacketBuilder.Udp(1, 2)))).Build());
        Assert.Equal([5, 9, 10, 5], run.Records.Select(r => (int)r.ExportVersion));
        Assert.Equal([false, false, false, true], run.Records.Select(r => (r.Flags & FlowRecordFlags.SFlow) != 0));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void OtherProtocol_IsRefusedAndCounted_WhatIsNoProtocolStaysUnknown(bool takesNetFlow, bool takesSFlow)
    {
        DecoderRun run = new DecoderRun(new DecoderOptions { TakesNetFlow = takesNetFlow, TakesSFlow = takesSFlow })
            .Feed(new NetFlow5Builder().Record(new NetFlow5Record(DecoderRun.Source, DecoderRun.Source, 6, 1, 2)).Build())
            .Feed(ExportMessageBuilder.NetFlow9().Template(300, (1, 4)).Data(300, [0, 0, 0, 9]).Build())
            .Feed(ExportMessageBuilder.Ipfix().Template(300, (1, 4)).Data(300, [0, 0, 0, 10]).Build())
            .Feed(new byte[64])
            .Feed(new SFlowBuilder().Flow(
                new SampleHeader(), SFlowBuilder.SampledHeader(11, PacketBuilder.IPv4("10.0.0.1", "10.0.0.2", 17, PacketBuilder.Udp(1, 2)))).Build());

        Assert.Equal(takesNetFlow ? [5, 9, 10] : [5], run.Records.Select(r => (int)r.ExportVersion));
        Assert.All(run.Records, r => Assert.Equal(takesSFlow, (r.Flags & FlowRecordFlags.SFlow) != 0));
        long refused = takesNetFlow ? run.Counters(0)[DecodeFault.OtherProtocol] : new ushort[] { 5, 9, 10 }.Sum(v => run.Counters(v)[DecodeFault.OtherProtocol]);
        Assert.Equal((takesNetFlow ? 1 : 3, 1), (refused, run.Counters(0)[DecodeFault.UnknownVersion]));
    }
}
