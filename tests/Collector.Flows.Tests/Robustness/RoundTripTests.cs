using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Collector.Net;
using Collector.Testing.Builders;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Collector.Flows.Tests.Robustness;

/// <summary>Generated records, written by the builders, are decoded as they were: NetFlow v5, v9 and IPFIX in any layout, sFlow with any records.</summary>
public sealed class RoundTripTests
{
    private const int SamplerTemplate = 400;

    private static readonly DecoderOptions Options = new() { Pmacct17 = false, UseIpNextHop = true, AggregateUnknownEtherType = true };

    // FsCheck's numbers are small; those of the wire are not.
    private static readonly Gen<ulong> U64 = from a in Gen.Choose(0, int.MaxValue) from b in Gen.Choose(0, int.MaxValue) from c in Gen.Choose(0, 3) select ((ulong)a << 33) ^ ((ulong)b << 2) ^ (ulong)c;

    private static readonly Gen<uint> U32 = U64.Select(n => (uint)(n >> 7));

    // None of the well-known ones, which have names.
    private static readonly Gen<uint> Community = U32.Where(c => c is > 0xFFFF and < 0xFFFF_0000);

    private static readonly Gen<IpAddress> V4 = U64.Select(n => IpAddress.FromIPv4((uint)(n >> 5)));

    private static readonly Gen<IpAddress> V6 = from a in U64 from b in U64 select IpAddress.FromHostOrder(a | (1UL << 61), b);

    private static readonly Gen<NetFlow5Record> FlowOfV5 =
        from source in V4
        from destination in V4
        from hop in V4
        from protocol in Gen.Elements(1, 2, 6, 17, 47, 58, 132)
        from n in U64.ArrayOf(8)
        select new NetFlow5Record(source, destination, protocol, (ushort)n[0], (ushort)(n[0] >> 16), (uint)n[1], (uint)n[2])
        {
            NextHop = hop,
            Input = (ushort)n[3],
            Output = (ushort)(n[3] >> 16),
            Flags = (byte)n[4],
            Tos = (byte)(n[4] >> 8),
            SourceAs = (ushort)n[5],
            DestinationAs = (ushort)(n[5] >> 16),
            SourceMask = (int)(n[6] % 33),
            DestinationMask = (int)(n[7] % 33),
            First = 990_000,
            Last = 995_000,
        };

    private static readonly Gen<Layout> AnyLayout =
        from version in Gen.Elements(9, 10)
        from isIPv6 in Gen.Elements(false, true)
        from chosen in Gen.SubListOf(LayoutField.Numbers(isIPv6).Where(f => version == 10 || f.Enterprise == 0))
        from sizes in Gen.Choose(0, 100).ArrayOf(chosen.Count)
        from fillers in Gen.Elements(new FieldSpecifier(210, 3), (210, 1), (5000, 7), version == 10 ? new FieldSpecifier(77, 5, 9999) : (5001, 5), version == 10 ? (5002, 65_535) : (5003, 2)).ArrayOf(3)
        from order in Gen.Shuffle(Enumerable.Range(0, chosen.Count + 2 + fillers.Length))
        select new Layout(version, isIPv6, [.. chosen.Select((f, i) => f.OfSize(sizes[i]))], fillers, order);

    [Fact]
    public void NetFlow5_RoundTrips() =>
        Prop.ForAll(FlowOfV5.ArrayOf(30).ToArbitrary(), Gen.Choose(1, 30).ToArbitrary(), Gen.Choose(0, 0x3FFF).ToArbitrary(), (flows, count, interval) =>
        {
            var builder = new NetFlow5Builder { Sampling = interval, EngineId = 7, Sequence = 99 };
            foreach (NetFlow5Record flow in flows[..count])
            {
                builder.Record(flow);
            }

            List<FlowRecord> records = new DecoderRun(Options).Feed(builder.Build()).Records;
            Assert.Equal(count, records.Count);
            for (int i = 0; i < count; i++)
            {
                AssertSame(flows[i], records[i], (uint)interval);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    [Fact]
    public void NetFlow9AndIpfix_AnyLayoutOfAnySizes_RoundTrips() =>
        Prop.ForAll(AnyLayout.ToArbitrary(), U64.ArrayOf(400).ToArbitrary(), Gen.Choose(1, 6).ToArbitrary(), (layout, numbers, count) =>
        {
            var values = new Queue<ulong>(numbers);
            var expected = new List<Dictionary<FlowField, ulong>>();
            var addresses = new List<(IpAddress Source, IpAddress Destination)>();
            byte[][] data = [.. Enumerable.Range(0, count).Select(_ => layout.Write(values, expected, addresses))];
            var message = new ExportMessageBuilder(layout.Version)
                .OptionsTemplate(SamplerTemplate, [(1, 4)], (48, 4), (34, 4)).Data(SamplerTemplate, Wire.Record([(1, 4), (48, 4), (34, 4)], 0, 5, 1000))
                .Template(Wire.Template, layout.Fields).Data(Wire.Template, data);

            List<FlowRecord> records = new DecoderRun(Options).Feed(message.Build()).Records;

            Assert.Equal(count, records.Count);
            for (int i = 0; i < count; i++)
            {
                Assert.Equal(addresses[i], (records[i].SourceAddress, records[i].DestinationAddress));
                Assert.Equal(layout.IsIPv6 ? FlowFamily.IPv6 : FlowFamily.IPv4, records[i].Family);
                foreach ((FlowField field, ulong value) in expected[i])
                {
                    Assert.True(Read(records[i], field) == value, $"{field}: {Read(records[i], field)} instead of {value} in {layout}");
                }

                // The scope of version 9 is the whole system: it holds for records only that name the sampler.
                bool isSampled = expected[i].TryGetValue(FlowField.SamplerId, out ulong sampler) ? sampler == 5 : layout.Version == 10;
                Assert.Equal(isSampled ? 1000u : 0, records[i].SamplingInterval);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(600));

    [Fact]
    public void SFlow_AnyRecordsInAnySample_RoundTrip()
    {
        Gen<SampledFlow> flow =
            from isExpanded in Gen.Elements(false, true)
            from isIPv6 in Gen.Elements(false, true)
            from source in isIPv6 ? V6 : V4
            from destination in isIPv6 ? V6 : V4
            from hop in isIPv6 ? V6 : V4
            from isHeader in Gen.Elements(false, true)
            from parts in Gen.Choose(0, 7)
            from path in U32.ArrayOf()
            from communities in Community.ArrayOf()
            from n in U64.ArrayOf(8)
            select new SampledFlow(isExpanded, source, destination, hop, isHeader, parts, path, communities, n);
        Prop.ForAll(flow.NonEmptyListOf().ToArbitrary(), flows =>
        {
            var builder = new SFlowBuilder { SubAgent = 3, Sequence = 77 };
            foreach (SampledFlow f in flows)
            {
                f.AddTo(builder);
            }

            var run = new DecoderRun(Options);
            run.Feed(builder.Build());
            Assert.Equal(flows.Count, run.Records.Count);
            for (int i = 0; i < flows.Count; i++)
            {
                flows[i].AssertSame(run.Records[i], run);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400).WithEndSize(15));
    }

    private static void AssertSame(NetFlow5Record flow, FlowRecord r, uint interval)
    {
        bool hasPorts = flow.Protocol is 6 or 17;
        Assert.Equal((flow.Source, flow.Destination, flow.NextHop), (r.SourceAddress, r.DestinationAddress, r.NextHop));
        Assert.Equal((flow.Protocol, flow.Tos, flow.Packets, flow.Octets), (r.Protocol, r.Tos, (uint)r.Packets, (uint)r.Octets));
        Assert.Equal((flow.Input, flow.Output, flow.SourceAs, flow.DestinationAs), ((int)r.IngressInterface, (int)r.EgressInterface, (int)r.SourceAs, (int)r.DestinationAs));
        Assert.Equal((flow.SourceMask, flow.DestinationMask), (r.SourceMask, r.DestinationMask));
        Assert.Equal(hasPorts ? flow.SourcePort : 0, r.SourcePort);
        Assert.Equal(hasPorts || flow.Protocol is 1 or 58 ? flow.DestinationPort : 0, r.DestinationPort);
        Assert.Equal(flow.Protocol == 6 ? flow.Flags : 0, r.TcpFlags);
        Assert.Equal((interval, 99u, 7u), (r.SamplingInterval, r.ExportSequence, r.ExportSystemId));
        Assert.Equal((1_699_999_990_000_000, 1_699_999_995_000_000), (r.StartTime, r.EndTime));
    }

    private static ulong Read(in FlowRecord record, FlowField field)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<FlowRecord>(in record)).Slice(FlowRecordLayout.OffsetOf(field), FlowRecordLayout.SizeOf(field));
        return bytes.Length switch
        {
            1 => bytes[0],
            2 => BitConverter.ToUInt16(bytes),
            4 => BitConverter.ToUInt32(bytes),
            _ => BitConverter.ToUInt64(bytes),
        };
    }

    // A number of a record: its element, the sizes it comes in and the field that it fills.
    private readonly record struct LayoutField(int Id, uint Enterprise, FlowField Target, int Smallest, int Largest, int Size = 0)
    {
        private const uint Pmacct = 43_874;

        public static IEnumerable<LayoutField> Numbers(bool isIPv6) =>
        [
            new(1, 0, FlowField.Octets, 1, 8), new(2, 0, FlowField.Packets, 1, 8), new(4, 0, FlowField.Protocol, 1, 1), new(5, 0, FlowField.Tos, 1, 1), new(6, 0, FlowField.TcpFlags, 1, 2),
            new(7, 0, FlowField.SourcePort, 2, 2), new(11, 0, FlowField.DestinationPort, 2, 2), new(10, 0, FlowField.IngressInterface, 1, 4), new(14, 0, FlowField.EgressInterface, 1, 4),
            new(16, 0, FlowField.SourceAs, 1, 4), new(17, 0, FlowField.DestinationAs, 1, 4), new(129, 0, FlowField.PeerSourceAs, 1, 4), new(128, 0, FlowField.PeerDestinationAs, 1, 4),
            new(isIPv6 ? 29 : 9, 0, FlowField.SourceMask, 1, 1), new(isIPv6 ? 30 : 13, 0, FlowField.DestinationMask, 1, 1), new(48, 0, FlowField.SamplerId, 1, 4),
            new(58, 0, FlowField.IngressVlan, 2, 2), new(59, 0, FlowField.EgressVlan, 2, 2), new(245, 0, FlowField.IngressCustomerVlan, 2, 2), new(255, 0, FlowField.EgressCustomerVlan, 2, 2),
            new(244, 0, FlowField.Cos, 1, 1), new(256, 0, FlowField.EtherType, 2, 2), new(233, 0, FlowField.FirewallEvent, 1, 1), new(227, 0, FlowField.PostNatSourcePort, 2, 2),
            new(228, 0, FlowField.PostNatDestinationPort, 2, 2), new(234, 0, FlowField.IngressVrfId, 1, 4), new(235, 0, FlowField.EgressVrfId, 1, 4),
            new(1, Pmacct, FlowField.Tag, 1, 8), new(2, Pmacct, FlowField.Tag2, 1, 8),
        ];

        public FieldSpecifier Field => new(Id, Size, Enterprise);

        public LayoutField OfSize(int number) => this with { Size = Smallest + (number % (Largest - Smallest + 1)) };
    }

    private sealed record Layout(int Version, bool IsIPv6, LayoutField[] Numbers, FieldSpecifier[] Fillers, int[] Order)
    {
        public FieldSpecifier[] Fields { get; } =
        [
            .. Order.Select(i => i < Numbers.Length ? Numbers[i].Field : i < Numbers.Length + 2
                ? (IsIPv6 ? (i == Numbers.Length ? 27 : 28, 16) : (i == Numbers.Length ? 8 : 12, 4))
                : Fillers[i - Numbers.Length - 2]),
        ];

        public byte[] Write(Queue<ulong> values, List<Dictionary<FlowField, ulong>> expected, List<(IpAddress, IpAddress)> addresses)
        {
            var numbers = new Dictionary<FlowField, ulong>();
            IpAddress[] pair = [.. Enumerable.Range(0, 2).Select(_ => IsIPv6 ? IpAddress.FromHostOrder(values.Dequeue() | (1UL << 61), values.Dequeue()) : IpAddress.FromIPv4((uint)values.Dequeue()))];
            var writer = new WireWriter();
            foreach (int i in Order)
            {
                if (i < Numbers.Length)
                {
                    LayoutField field = Numbers[i];
                    ulong value = values.Dequeue() & Mask(field.Size);
                    value = field.Target == FlowField.SamplerId && value % 2 == 0 ? 5 : value;
                    numbers.Add(field.Target, value & Mask(FlowRecordLayout.SizeOf(field.Target)));
                    writer.Bytes(Wire.Record([field.Field], value));
                }
                else if (i < Numbers.Length + 2)
                {
                    writer.Address(pair[i - Numbers.Length]);
                }
                else
                {
                    WriteFiller(writer, Fillers[i - Numbers.Length - 2].Length, (int)(values.Dequeue() % 700));
                }
            }

            expected.Add(numbers);
            addresses.Add((pair[0], pair[1]));
            return writer.ToArray();
        }

        public override string ToString() => $"v{Version}: {string.Join(' ', Fields)}";

        // A variable length in one byte, or in three where it need not.
        private static void WriteFiller(WireWriter writer, int length, int number)
        {
            if (length != 65_535)
            {
                writer.Bytes(new byte[length]);
                return;
            }

            int bytes = number % 300;
            _ = bytes < 255 && number < 350 ? writer.U8(bytes) : writer.U8(255).U16(bytes);
            writer.Bytes(new byte[bytes]);
        }

        private static ulong Mask(int size) => size == 8 ? ulong.MaxValue : (1UL << (8 * size)) - 1;
    }

    private sealed record SampledFlow(bool IsExpanded, IpAddress Source, IpAddress Destination, IpAddress Hop, bool IsHeader, int Parts, uint[] Path, uint[] Communities, ulong[] Numbers)
    {
        private bool HasSwitch => (Parts & 1) != 0;

        private bool HasRouter => (Parts & 2) != 0;

        private bool HasGateway => (Parts & 4) != 0;

        private ushort SourcePort => (ushort)Numbers[0];

        private ushort DestinationPort => (ushort)(Numbers[0] >> 16);

        private byte Tos => (byte)(Numbers[0] >> 32);

        private uint Length => (uint)Numbers[1] & 0xFFFF;

        public void AddTo(SFlowBuilder builder)
        {
            List<byte[]> records = [IsHeader ? Header() : SFlowBuilder.SampledIp(Length, 6, Source.ToString(), Destination.ToString(), SourcePort, DestinationPort, 0x12, Tos)];
            if (HasSwitch)
            {
                records.Add(SFlowBuilder.Switch(1 + (uint)(Numbers[2] % 4094), 3, 1 + (uint)(Numbers[3] % 4094), 5));
            }

            if (HasRouter)
            {
                records.Add(SFlowBuilder.Router(Hop.ToString(), (uint)(Numbers[4] % 129), (uint)(Numbers[5] % 129)));
            }

            if (HasGateway)
            {
                // A sequence and a set, as far as there are ASes for them.
                int half = Path.Length / 2;
                records.Add(SFlowBuilder.Gateway(Hop.ToString(), 1, (uint)Numbers[6], (uint)Numbers[7], [(2, Path[..half]), (1, Path[half..])], Communities, 100));
            }

            var header = new SampleHeader { Rate = (uint)(Numbers[4] >> 20), Input = (uint)(Numbers[5] & 0x3FFF_FFFF), Output = (uint)(Numbers[6] & 0x3FFF_FFFF) };
            _ = IsExpanded ? builder.ExpandedFlow(header, [.. records]) : builder.Flow(header, [.. records]);
        }

        public void AssertSame(FlowRecord r, DecoderRun run)
        {
            Assert.Equal((Source, Destination, SourcePort, DestinationPort, Tos), (r.SourceAddress, r.DestinationAddress, r.SourcePort, r.DestinationPort, r.Tos));
            Assert.Equal((6, 0x12, 1ul, (ulong)Length), (r.Protocol, r.TcpFlags, r.Packets, r.Octets));
            Assert.Equal(((uint)(Numbers[4] >> 20), 77u, 3u), (r.SamplingInterval, r.ExportSequence, r.ExportSystemId));
            Assert.Equal(((uint)(Numbers[5] & 0x3FFF_FFFF), (uint)(Numbers[6] & 0x3FFF_FFFF)), (r.IngressInterface, r.EgressInterface));
            Assert.Equal(HasSwitch ? (1 + (Numbers[2] % 4094), 1 + (Numbers[3] % 4094)) : (0, 0), (r.IngressVlan, r.EgressVlan));
            Assert.Equal(HasRouter ? ((byte)(Numbers[4] % 129), (byte)(Numbers[5] % 129)) : ((byte)0, (byte)0), (r.SourceMask, r.DestinationMask));
            Assert.Equal(HasRouter || HasGateway ? Hop : default, r.NextHop);
            if (HasGateway)
            {
                Assert.Equal(((uint)Numbers[6], (uint)Numbers[7], Path.LastOrDefault()), (r.SourceAs, r.PeerSourceAs, r.DestinationAs));
                Assert.Equal((string.Join('_', Path), string.Join('_', Communities.Select(c => $"{c >> 16}:{c & 0xFFFF}")), 100u), (run.Text(r.AsPath), run.Text(r.StandardCommunities), r.LocalPreference));
            }
        }

        private byte[] Header()
        {
            byte[] segment = PacketBuilder.Tcp(SourcePort, DestinationPort, 0x12);
            byte[] frame = Source.IsIPv4
                ? PacketBuilder.Ethernet(0x800, PacketBuilder.IPv4(Source.ToString(), Destination.ToString(), 6, segment, Tos))
                : PacketBuilder.Ethernet(0x86DD, PacketBuilder.IPv6(Source.ToString(), Destination.ToString(), 6, segment, Tos));
            return SFlowBuilder.SampledHeader(1, frame, Length);
        }
    }
}
