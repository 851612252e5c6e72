using System.Runtime.InteropServices;
using Collector.Testing;
using Collector.Testing.Builders;
using Collector.Testing.Captures;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Collector.Flows.Tests;

/// <summary>Whatever a peer sends over NetFlow and IPFIX: no exception, the same result every time and for every batch size, no allocation.</summary>
public sealed class RobustnessTests
{
    private static readonly FieldSpecifier[] Common =
    [
        (8, 4), (12, 4), (27, 16), (28, 16), (7, 2), (11, 2), (4, 1), (5, 1), (6, 1), (10, 4), (14, 4), (16, 4), (17, 4), (9, 1), (13, 1), (1, 8), (2, 8),
        (21, 4), (22, 4), (61, 1), (18, 4), (89, 1), (48, 1), (70, 3), (71, 3), (95, 4), (234, 4),
    ];

    private static readonly byte[][] Rich = [RichMessage(9), RichMessage(10), RichNetFlow5()];

    // Elements that have a step of their own, and some that have none.
    private static readonly Gen<FieldSpecifier> Field =
        from id in Gen.OneOf(Gen.Choose(1, 90), Gen.Elements(94, 95, 96, 104, 130, 131, 140, 150, 152, 154, 158, 160, 225, 230, 234, 256, 302, 305, 315, 351, 497, 600, 603))
        from length in Gen.Frequency((5, Gen.Elements(1, 2, 3, 4, 6, 8, 16)), (1, Gen.Choose(0, 40)), (1, Gen.Constant(65_535)))
        from enterprise in Gen.Elements(0u, 0u, 0u, 43874u, 2011u)
        select new FieldSpecifier(id, length, enterprise);

    private static readonly Gen<byte[]> AnyMessage =
        from version in Gen.Elements(9, 10)
        from fields in Field.ArrayOf()
        from data in ArbMap.Default.ArbFor<byte[]>().Generator
        from isOptions in Gen.Elements(false, false, true)
        select (isOptions ? new ExportMessageBuilder(version).OptionsTemplate(Wire.Template, [(1, 4)], fields)
            : new ExportMessageBuilder(version).Template(Wire.Template, fields)).Set(Wire.Template, data).Build();

    [Fact]
    public void AnyBytesBehindAHeader_AreSurvivedAndDeterministic() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), Gen.Choose(0, 2).ToArbitrary(), (bytes, i) => IsDeterministic([.. Rich[i].AsSpan(0, 20), .. bytes]))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000).WithEndSize(500));

    [Fact]
    public void AnyTemplateWithAnyData_IsSurvivedAndDeterministic() =>
        Prop.ForAll(AnyMessage.ToArbitrary(), IsDeterministic).Check(Config.QuickThrowOnFailure.WithMaxTest(10_000).WithEndSize(150));

    [Fact]
    public void BuiltRecords_RoundTrip() =>
        Prop.ForAll(ArbMap.Default.ArbFor<ulong[]>().Filter(n => n.Length >= 8), Gen.Elements(9, 10).ToArbitrary(), Gen.Shuffle(Enumerable.Range(0, 8)).ToArbitrary(),
            (n, version, order) =>
            {
                FieldSpecifier[] all = [(8, 4), (12, 4), (7, 2), (11, 2), (4, 1), (1, 1 + (int)(n[7] % 8)), (2, 8), (10, 4)];
                FieldSpecifier[] fields = [.. order.Select(i => all[i])];
                FlowRecord r = Wire.Decode(new ExportMessageBuilder(version).Template(Wire.Template, fields)
                    .Data(Wire.Template, Wire.Record(fields, [.. order.Select(i => n[i])])));
                ulong octets = all[5].Length == 8 ? n[5] : n[5] & ((1ul << (8 * all[5].Length)) - 1);
                return (r.SourceAddress.ToIPv4(), r.DestinationAddress.ToIPv4(), r.SourcePort, r.DestinationPort, r.Protocol)
                        == ((uint)n[0], (uint)n[1], (ushort)n[2], (ushort)n[3], (byte)n[4])
                    && (r.Octets, r.Packets, r.IngressInterface) == (octets, n[6], (uint)n[7]);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithStartSize(10).WithEndSize(100));

    [Fact]
    public void F9_BitFlipsAndTruncationsOfRichDatagrams_AreSurvivedAndDeterministic() => Array.ForEach(Rich, r => Mutate(r, 10_000));

    [SharedCapturesFact]
    public void F9_BitFlipsAndTruncationsOfEveryCapture_AreSurvivedAndDeterministic()
    {
        var payloads = Directory.GetFiles(Path.Combine(RepositoryPaths.SharedCaptures, "data"), "*.pcap", SearchOption.AllDirectories)
            .Where(f => !f.Contains("sflow", StringComparison.Ordinal)).Order().SelectMany(PcapFile.Read).ToList();
        Assert.True(payloads.Count >= 50, $"only {payloads.Count} datagrams");

        // As in the file, so that data meets its template; then every datagram damaged, in the same decoder.
        var run = new DecoderRun();
        payloads.ForEach(p => run.Feed(p));
        var random = new Random(1);
        foreach (CapturedPayload payload in payloads)
        {
            for (int i = 0; i < 60; i++)
            {
                run.Feed(Damage(payload.Payload, random), payload.Source, payload.SourcePort, payload.Time);
                run.Records.Clear();
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void KnownDatagram_AllocatesNothing(int index)
    {
        var run = new DecoderRun();
        for (int i = 0; i < 100; i++)
        {
            run.FeedOnly(Rich[index]);
        }

        int records = 0;
        long allocated = Allocation.OfSteadyState(() =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                records += run.FeedOnly(Rich[index]);
            }
        });
        Assert.Equal(0, allocated);
        Assert.True(records >= 2_000);
    }

    private static void Mutate(byte[] payload, int times)
    {
        var random = new Random(payload.Length);
        for (int i = 0; i < times; i++)
        {
            byte[] damaged = Damage(payload, random);
            Assert.True(IsDeterministic(damaged), Convert.ToHexString(damaged));
        }
    }

    private static byte[] Damage(byte[] payload, Random random)
    {
        byte[] damaged = payload[..(random.Next(4) == 0 ? random.Next(payload.Length + 1) : payload.Length)];
        for (int flips = random.Next(4); flips > 0 && damaged.Length > 0; flips--)
        {
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
        }

        return damaged;
    }

    // Twice in two decoders with batches of different size: the same records, byte for byte, and the same counters.
    private static bool IsDeterministic(byte[] payload)
    {
        DecoderRun first = new DecoderRun().Feed(payload).Feed(payload), second = new DecoderRun(batchCapacity: 3).Feed(payload).Feed(payload);
        ReadOnlySpan<byte> left = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(first.Records));
        ReadOnlySpan<byte> right = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(second.Records));
        return left.SequenceEqual(right) && Faults(first).SequenceEqual(Faults(second));
    }

    private static IEnumerable<long> Faults(DecoderRun run) =>
        run.Decoder.Sources.Snapshot.ToArray().SelectMany(s => Enum.GetValues<DecodeFault>().Select(f => s[f]).Append(s.Records).Append(s.Datagrams));

    private static byte[] RichMessage(int version)
    {
        var random = new Random(version);
        byte[] Record(int length)
        {
            byte[] bytes = new byte[length];
            random.NextBytes(bytes);
            return bytes;
        }

        int length = Common.Sum(f => f.Length);
        byte[] frame = PacketBuilder.Ethernet(0x800, PacketBuilder.IPv4("10.0.0.1", "10.0.0.2", 6, PacketBuilder.Tcp(1, 2)));
        return new ExportMessageBuilder(version)
            .OptionsTemplate(400, [(1, 4)], (10, 4), (82, 8)).Data(400, Record(16), Record(16))
            .OptionsTemplate(401, [(1, 4)], (48, 1), (34, 4)).Data(401, Record(9), Record(9))
            .OptionsTemplate(402, [(1, 4)], (95, 4), (96, 6)).Data(402, Record(14))
            .Template(Wire.Template, Common).Data(Wire.Template, Record(length), Record(length), Record(length))
            .Template(301, (82, 65_535), new FieldSpecifier(3, 65_535, 43874), (1, 4))
            .Data(301, new WireWriter().U8(4).Bytes("eth0"u8).U8(255).U16(3).Bytes("a,b"u8).U32(5).ToArray())
            .Template(302, (10, 4), (315, 65_535)).Data(302, new WireWriter().U32(1).U8(frame.Length).Bytes(frame).ToArray())
            .Build();
    }

    private static byte[] RichNetFlow5()
    {
        var builder = new NetFlow5Builder { Sampling = 100 };
        for (int i = 0; i < 30; i++)
        {
            builder.Record(new NetFlow5Record(DecoderRun.Source, DecoderRun.Source, i, 1000 + i, 443));
        }

        return builder.Build();
    }
}
