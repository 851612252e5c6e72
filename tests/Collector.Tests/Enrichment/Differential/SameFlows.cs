using Collector.Net;
using Collector.Testing.Builders;

namespace Collector.Tests.Enrichment.Differential;

/// <summary>Datagrams with flows between all addresses of the table, under masks, AS numbers and next hops of many kinds.</summary>
internal static class SameFlows
{
    private const int RecordsPerDatagram = 20;

    private static readonly FieldSpecifier[] IPv4Fields =
        [(8, 4), (12, 4), (7, 2), (11, 2), (4, 1), (9, 1), (13, 1), (16, 4), (17, 4), (10, 2), (14, 2), (18, 4), (2, 4), (1, 4)];

    private static readonly FieldSpecifier[] IPv6Fields =
        [(27, 16), (28, 16), (7, 2), (11, 2), (4, 1), (29, 1), (30, 1), (16, 4), (17, 4), (10, 2), (14, 2), (63, 16), (2, 4), (1, 4)];

    private static readonly FieldSpecifier[] WithoutNextHop = [.. IPv4Fields.Where(f => f.Id != 18)];

    private static readonly byte[] Masks = [0, 8, 12, 16, 24, 25, 32];

    private static readonly string[] NextHops = ["10.0.0.11", "10.0.0.12", "10.0.0.13", "10.9.9.9"];

    /// <summary>All datagrams of one exporter, the template in front of each.</summary>
    public static IEnumerable<byte[]> Of()
    {
        List<byte[]> four = [], bare = [], six = [];
        int n = 0;
        foreach (string source in SameTable.IPv4)
        {
            foreach (string destination in SameTable.IPv4)
            {
                n++;
                byte[] record = Record(source, destination, n, NextHops[n % 4]);
                four.Add(record);
                if (n % 3 == 0)
                {
                    bare.Add(Record(source, destination, n + 10_000, null));
                }
            }
        }

        foreach (string source in SameTable.IPv6)
        {
            foreach (string destination in SameTable.IPv6)
            {
                n++;
                six.Add(Record(source, destination, n, "2001:db8:ffff::9"));
            }
        }

        return [.. Datagrams(301, IPv4Fields, four), .. Datagrams(302, WithoutNextHop, bare), .. Datagrams(303, IPv6Fields, six), Version5()];
    }

    // A port of its own makes each record one row.
    private static byte[] Record(string source, string destination, int n, string? nextHop)
    {
        bool six = source.Contains(':', StringComparison.Ordinal);
        int sourceMask = Masks[n % Masks.Length] * (six ? 4 : 1), destinationMask = Masks[n / 7 % Masks.Length] * (six ? 4 : 1);
        WireWriter writer = new WireWriter().Address(IpAddress.Parse(source)).Address(IpAddress.Parse(destination)).U16(n).U16(443).U8(17)
            .U8(sourceMask).U8(destinationMask).U32((uint)(64_000 + (n % 5)), (uint)(n % 4 == 0 ? 0 : 64_100 + (n % 3))).U16(n % 8).U16(9);
        if (nextHop is not null)
        {
            writer.Address(IpAddress.Parse(nextHop));
        }

        return writer.U32((uint)n, (uint)(100 * n)).ToArray();
    }

    private static IEnumerable<byte[]> Datagrams(int template, FieldSpecifier[] fields, List<byte[]> records)
    {
        foreach (byte[][] chunk in records.Chunk(RecordsPerDatagram))
        {
            yield return ExportMessageBuilder.NetFlow9().Template(template, fields).Data(template, chunk).Build();
        }
    }

    private static byte[] Version5()
    {
        var builder = new NetFlow5Builder();
        for (int i = 0; i < 20; i++)
        {
            builder.Record(new NetFlow5Record(IpAddress.Parse(SameTable.IPv4[i % 18]), IpAddress.Parse(SameTable.IPv4[i * 5 % 18]), 17, 50_000 + i, 53)
            {
                SourceMask = Masks[i % 7],
                DestinationMask = Masks[(i + 3) % 7],
                SourceAs = 64_200 + i,
                DestinationAs = 64_300 + i,
                NextHop = IpAddress.Parse("10.3.3.3"),
            });
        }

        return builder.Build();
    }
}
