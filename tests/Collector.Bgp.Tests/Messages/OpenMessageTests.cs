using Collector.Bgp.Messages;
using Collector.Testing.Builders;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Collector.Bgp.Tests.Messages;

public class OpenMessageTests
{
    private static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));

    private static OpenMessage? Read(ReadOnlySpan<byte> message, out NotificationMessage refusal) => OpenMessage.Read(message[MessageHeader.Size..], out refusal);

    [Fact]
    public void EveryCapability_IsRead()
    {
        OpenMessage open = Read(
            UpdateBuilder.Open(4_200_000_000, 90, "10.0.0.1", Hex("0104 00010001 0104 00020080 0200 4600 0600 4104 FA56EA00 4504 00010102 4504 00020103 0506 000100010002 4006 8078 00010180")),
            out _)!;
        Assert.Equal((4_200_000_000u, (ushort)90, 0x0A000001u), (open.As, open.HoldSeconds, open.RouterId));
        Capabilities c = open.Capabilities;
        Assert.Equal([new AddressFamily(1, 1), new AddressFamily(2, 128)], c.Multiprotocol);
        Assert.True(c.RouteRefresh && c.EnhancedRouteRefresh && c.ExtendedMessage);
        Assert.Equal([new AddPathFamily(new(1, 1), 2), new AddPathFamily(new(2, 1), 3)], c.AddPath);
        Assert.Equal([new AddressFamily(1, 1)], c.ExtendedNextHop);
        Assert.Equal((true, 120), (c.GracefulRestart!.IsRestarting, c.GracefulRestart.RestartSeconds));
        Assert.True(Assert.Single(c.GracefulRestart.Families).ForwardingPreserved);
    }

    [Theory]
    [InlineData("03 FDE9 005A 0A000001 00", 2, 1)]
    [InlineData("04 0000 005A 0A000001 00", 2, 2)]
    [InlineData("04 FDE9 005A 00000000 00", 2, 3)]
    [InlineData("04 FDE9 005A 0A000001 03 010100", 2, 4)]
    [InlineData("04 FDE9 0002 0A000001 00", 2, 6)]
    [InlineData("04 FDE9 005A 0A000001 05", 2, 0)]
    [InlineData("04 FDE9 005A 0A000001 03 020201", 2, 0)]
    [InlineData("04 FDE9 005A 0A000001 04 0202 0104", 2, 0)]
    [InlineData("04 FDE9 005A 0A000001 06 0204 4104 0000", 2, 0)]
    [InlineData("04 FDE9 005A 0A000001 08 0206 4104 00000000", 2, 2)]
    public void BadOpens_AreRefused(string body, int code, int subcode)
    {
        Assert.Null(OpenMessage.Read(Hex(body), out NotificationMessage refusal));
        Assert.Equal((code, subcode), (refusal.Code, refusal.Subcode));
    }

    [Fact]
    public void ExtendedParameters_AreRead()
    {
        // RFC 9072: 255, 255, length of two bytes, parameters with lengths of two bytes.
        OpenMessage? open = OpenMessage.Read(Hex("04 FDE9 005A 0A000001 FF FF 0009 02 0006 4104 FA56EA00"), out _);
        Assert.Equal(4_200_000_000u, open!.As);
    }

    [Fact]
    public void WrittenOpens_AreReadBack() => Prop.ForAll<uint, ushort, byte[][]>((number, hold, values) =>
    {
        // Codes that nobody knows, so that any value will do.
        RawCapability[] raw = [.. values.Select((v, i) => new RawCapability((byte)(200 + (i % 50)), v.Take(255).ToArray())), new RawCapability(65, new WireWriter().U32((number % 1_000_000) + 1).ToArray())];
        OpenMessage open = new() { As = (number % 1_000_000) + 1, HoldSeconds = (ushort)Math.Max((int)hold, 3), RouterId = 7, Capabilities = new Capabilities { Raw = raw } };
        OpenMessage? read = Read(OpenWriter.Write(open), out _);
        Assert.NotNull(read);
        Assert.Equal((open.As, open.HoldSeconds, open.RouterId), (read.As, read.HoldSeconds, read.RouterId));
        Assert.Equal(raw.Select(c => $"{c.Code} {Convert.ToHexString(c.Value.Span)}"), read.Capabilities.Raw.Select(c => $"{c.Code} {Convert.ToHexString(c.Value.Span)}"));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(60));
}
