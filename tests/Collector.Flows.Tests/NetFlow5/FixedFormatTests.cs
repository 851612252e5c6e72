using Collector.Net;
using Collector.Testing;
using Collector.Testing.Builders;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Collector.Flows.Tests.NetFlow5;

/// <summary>What versions 1, 5 and 7 have in common: builder and decoder agree, counts are not trusted, nothing is allocated.</summary>
public sealed class FixedFormatTests
{
    private static readonly Gen<NetFlow5Record> Record =
        from addresses in Gen.Choose(int.MinValue, int.MaxValue).Three()
        from ports in Gen.Choose(0, 65_535).Four()
        from counters in Gen.Choose(0, int.MaxValue).Two()
        from times in Gen.Choose(0, 999_999).Two()
        from bytes in Gen.Choose(0, 255).Three()
        from masks in Gen.Choose(0, 32).Two()
        from ases in Gen.Choose(0, 65_535).Two()
        select new NetFlow5Record(
            IpAddress.FromIPv4((uint)addresses.Item1), IpAddress.FromIPv4((uint)addresses.Item2), bytes.Item1, ports.Item1, ports.Item2, (uint)counters.Item1, (uint)counters.Item2)
        {
            NextHop = IpAddress.FromIPv4((uint)addresses.Item3),
            Input = ports.Item3,
            Output = ports.Item4,
            First = (uint)times.Item1,
            Last = (uint)times.Item2,
            Flags = bytes.Item2,
            Tos = bytes.Item3,
            SourceAs = ases.Item1,
            DestinationAs = ases.Item2,
            SourceMask = masks.Item1,
            DestinationMask = masks.Item2,
        };

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(7)]
    public void WhatIsBuilt_IsDecoded(int version) =>
        Prop.ForAll(Record.NonEmptyListOf().ToArbitrary(), records =>
        {
            var builder = new NetFlow5Builder { Version = version, EngineId = 3, Sequence = 9 };
            NetFlow5Record[] sent = [.. records.Take(24)];
            foreach (NetFlow5Record record in sent)
            {
                builder.Record(record);
            }

            DecoderRun run = new DecoderRun(new DecoderOptions { Pmacct17 = false, UseIpNextHop = true }, batchCapacity: 5).Feed(builder.Build());
            return run.Records.Count == sent.Length && run.Counters((ushort)version, version == 5 ? 3u : 0).Records == sent.Length
                && run.Records.Zip(sent).All(p => IsSame(p.First, p.Second, version));
        })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Theory]
    [InlineData(1, 25)]
    [InlineData(5, 31)]
    [InlineData(7, 28)]
    public void F12_MoreRecordsThanTheVersionHas_AreCountedAndDecoded(int version, int records)
    {
        var builder = new NetFlow5Builder { Version = version };
        for (int i = 0; i < records; i++)
        {
            builder.Record(new NetFlow5Record(IpAddress.FromIPv4(1), IpAddress.FromIPv4(2), 6, i, 2));
        }

        DecoderRun run = new DecoderRun().Feed(builder.Build());
        Assert.Equal((records, 1L), (run.Records.Count, run.Counters((ushort)version)[DecodeFault.BadCount]));
    }

    [Theory]
    [InlineData(1, 15)]
    [InlineData(5, 23)]
    [InlineData(7, 23)]
    public void F1_ShorterThanTheHeader_IsCounted(int version, int length)
    {
        byte[] datagram = new byte[length];
        datagram[1] = (byte)version;
        Assert.Equal(1, new DecoderRun().Feed(datagram).Counters((ushort)version)[DecodeFault.ShortDatagram]);
    }

    [Fact]
    public void Version8_IsCountedByItsNumber() =>
        Assert.Equal(1, new DecoderRun().Feed([0, 8, 0, 1, .. new byte[24]]).Counters(8)[DecodeFault.UnknownVersion]);

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(7)]
    public void Decoding_AllocatesNothing(int version)
    {
        var builder = new NetFlow5Builder { Version = version };
        for (int i = 0; i < 24; i++)
        {
            builder.Record(new NetFlow5Record(IpAddress.FromIPv4(1), IpAddress.FromIPv4(2), 6, i, 2));
        }

        byte[] datagram = builder.Build();
        var run = new DecoderRun();
        run.FeedOnly(datagram);
        Assert.Equal(0, Allocation.OfSteadyState(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                run.FeedOnly(datagram);
            }
        }));
    }

    private static bool IsSame(in FlowRecord r, in NetFlow5Record sent, int version)
    {
        bool hasPorts = sent.Protocol is 6 or 17, hasRoutes = version != 1;
        return r.SourceAddress == sent.Source && r.DestinationAddress == sent.Destination && r.NextHop == sent.NextHop
            && (r.IngressInterface, r.EgressInterface) == ((uint)sent.Input, (uint)sent.Output)
            && (r.Packets, r.Octets) == (sent.Packets, sent.Octets)
            && r.SourcePort == (hasPorts ? sent.SourcePort : 0)
            && r.DestinationPort == (hasPorts || sent.Protocol is 1 or 58 ? sent.DestinationPort : 0)
            && (r.Protocol, r.Tos, r.TcpFlags) == (sent.Protocol, sent.Tos, sent.Protocol == 6 ? sent.Flags : 0)
            && (r.SourceAs, r.DestinationAs) == (hasRoutes ? ((uint)sent.SourceAs, (uint)sent.DestinationAs) : (0u, 0u))
            && (r.SourceMask, r.DestinationMask) == (hasRoutes ? (sent.SourceMask, sent.DestinationMask) : (0, 0))
            && (r.ExportVersion, r.ExportSystemId, r.ExportSequence) == (version, version == 5 ? 3u : 0u, hasRoutes ? 9u : 0u)
            && r.StartTime == (1_700_000_000 - ((1_000_000 - sent.First) / 1_000)) * 1_000_000L
            && r.EndTime == (1_700_000_000 - ((1_000_000 - sent.Last) / 1_000)) * 1_000_000L;
    }
}
