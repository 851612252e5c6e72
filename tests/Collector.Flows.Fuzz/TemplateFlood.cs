using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;

namespace Collector.Flows.Fuzz;

/// <summary>F10: one source announces every template id in domain after domain. The tables must reach their limits and stay there.</summary>
internal static class TemplateFlood
{
    private const int FirstId = 256;
    private const int Ids = 65_536 - FirstId;
    private const int TemplatesPerMessage = 80;

    public static int Run(FuzzOptions options)
    {
        var player = new FuzzPlayer(new DecoderOptions { HoldSeconds = 60 });
        byte[] message = new byte[16 + 4 + (TemplatesPerMessage * 16)];
        long start = FuzzRun.Resident(), early = 0;
        var clock = Stopwatch.StartNew();
        for (int domain = 0; domain < options.Domains; domain++)
        {
            for (int id = 0; id < Ids; id += TemplatesPerMessage)
            {
                Write(message, (uint)domain, FirstId + id, domain);
                player.Decode(message, BuiltSeeds.Source, 50_000, BuiltSeeds.Time + domain);
            }

            if (domain == options.Domains / 2)
            {
                early = FuzzRun.Resident();
            }

            if (domain % Math.Max(1, options.Domains / 16) == 0 || domain == options.Domains - 1)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{clock.Elapsed.TotalSeconds,6:F1} s  {(domain + 1L) * Ids,12:N0} templates in {domain + 1,6} domains  RSS {FuzzRun.Resident() >> 20} MiB"));
            }
        }

        long end = FuzzRun.Resident();
        SourceCounters[] counters = player.Decoder.Sources.Snapshot.ToArray();
        Console.WriteLine($"templates announced {counters.Sum(c => c.Templates):N0}, refused or evicted for the limit {counters.Sum(c => c[DecodeFault.TemplateLimit]):N0}");
        bool grew = end > early + (early / 8) + (16 << 20);
        Console.WriteLine($"RSS {start >> 20} MiB at the start, {early >> 20} MiB half way, {end >> 20} MiB at the end: {(grew ? "GROWTH" : "flat")}");
        return grew ? FuzzRun.ExitGrowth : 0;
    }

    // IPFIX: templates of two fields and two paddings of a size of their own, so that no two are alike.
    private static void Write(Span<byte> message, uint domain, int id, int salt)
    {
        int count = Math.Min(TemplatesPerMessage, FirstId + Ids - id);
        int length = 20 + (count * 16);
        BinaryPrimitives.WriteUInt16BigEndian(message, 10);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], (ushort)length);
        BinaryPrimitives.WriteUInt32BigEndian(message[4..], 1_700_000_000);
        BinaryPrimitives.WriteUInt32BigEndian(message[12..], domain);
        BinaryPrimitives.WriteUInt16BigEndian(message[16..], 2);
        BinaryPrimitives.WriteUInt16BigEndian(message[18..], (ushort)(length - 16));
        message[length..].Clear();
        for (int i = 0; i < count; i++)
        {
            Span<byte> template = message.Slice(20 + (i * 16), 16);
            ReadOnlySpan<ushort> words = [(ushort)(id + i), 3, 8, 4, 12, 4, 210, (ushort)(1 + ((id + i + salt) % 1000))];
            for (int w = 0; w < words.Length; w++)
            {
                BinaryPrimitives.WriteUInt16BigEndian(template[(2 * w)..], words[w]);
            }
        }
    }
}
