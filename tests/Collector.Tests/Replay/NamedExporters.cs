using Collector.Net;
using Collector.Testing.Builders;

namespace Collector.Tests.Replay;

/// <summary>
/// Exporters that name applications: the same id has another name at every other exporter, and one name has several ids, so that handles of two
/// workers never mean the same and only the text can be compared.
/// </summary>
internal static class NamedExporters
{
    public const int Exporters = 16;
    public const int Rounds = 40;
    public const int RecordsPerDatagram = 12;
    public const uint FirstSecond = 1_767_225_600;

    private const int Applications = 6;

    /// <summary>A capture of ten minutes: every exporter sends a datagram every 15 seconds, a quarter of its flows began up to 8 minutes earlier.</summary>
    public static byte[] Capture()
    {
        var capture = new PcapBytes();
        uint order = 0;
        for (int round = 0; round < Rounds; round++)
        {
            uint second = FirstSecond + ((uint)round * 15);
            for (int exporter = 0; exporter < Exporters; exporter++)
            {
                byte[] packet = PacketBytes.IPv4(PacketBytes.Udp(Message(exporter, round, second)), source: IpAddress.FromIPv4(0xC612_0001u + (uint)exporter));
                capture.Add(PacketBytes.Ethernet(packet), second, order++ % 1_000_000);
            }
        }

        return capture.ToArray();
    }

    private static byte[] Message(int exporter, int round, uint second)
    {
        ExportMessageBuilder message = new(9) { Domain = 1, ExportSeconds = second, Sequence = (uint)round };
        if (round % 10 == 0)
        {
            message.OptionsTemplate(257, [(1, 4)], (95, 4), (96, 16))
                .Data(257, [.. Enumerable.Range(0, Applications).Select(id => Application(exporter, id))])
                .Template(256, (8, 4), (12, 4), (95, 4), (1, 4), (2, 4), (22, 4), (21, 4));
        }

        return message.Data(256, [.. Enumerable.Range(0, RecordsPerDatagram).Select(i => Flow(round, i))]).Build();
    }

    private static byte[] Application(int exporter, int id)
    {
        byte[] name = new byte[16];
        System.Text.Encoding.ASCII.GetBytes($"app-{(id + exporter) % Applications}", name);
        return new WireWriter().U32(0, (uint)id + 1).Bytes(name).ToArray();
    }

    // The uptime of the header is 1,000,000 ms.
    private static byte[] Flow(int round, int i)
    {
        uint ago = i % 4 == 0 ? (uint)(i * 40_000) : 500;
        return new WireWriter()
            .U32(0x0A00_0000u + (uint)((round + i) % 50), 0x0A01_0000u + (uint)i, (uint)(i % Applications) + 1, (uint)(i + 1) * 100, (uint)(i + 1), 1_000_000 - ago, 1_000_000)
            .ToArray();
    }
}
