using Collector.Bgp.Messages;
using Collector.Testing.Builders;
using Xunit;

namespace Collector.Bgp.Tests.Messages;

/// <summary>Every class of RFC 7606 by name: what is found, and what must follow.</summary>
public class ErrorHandlingTests
{
    private static readonly SessionParameters External = ReadUpdate.Internal with { IsExternal = true };

    private static UpdateBuilder Good => new UpdateBuilder().Mandatory("192.0.2.1", 65001);

    private static void Expect(ErrorHandling handling, UpdateFault fault, UpdateBuilder update, SessionParameters? session = null)
    {
        ReadUpdate read = ReadUpdate.Of(update.Announce("10.0.0.0/8"), session);
        Assert.True(read.Faults.Contains(fault), $"faults {read.Faults.Bits:x}");
        Assert.Equal(handling, read.Handling);
        Assert.Equal(handling, UpdateFaults.HandlingOf(fault));
        Assert.Equal(handling == ErrorHandling.SessionReset ? [] : ["10.0.0.0/8"], read.Announced);
    }

    private static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));

    [Fact]
    public void AtomicAggregate_NotEmpty() => Expect(ErrorHandling.AttributeDiscard, UpdateFault.AtomicAggregateLength, Good.Attribute(0x40, 6, 1));

    [Theory]
    [InlineData("FDE9C0000201")]
    [InlineData("00000000C0000201")]
    [InlineData("")]
    public void Aggregator_OfAnotherLengthOrAsZero(string value) => Expect(ErrorHandling.AttributeDiscard, UpdateFault.AggregatorMalformed, Good.Attribute(0xC0, 7, Hex(value)));

    [Fact]
    public void Aggregator_OfEightBytes_OnATwoOctetSession() => Expect(
        ErrorHandling.AttributeDiscard,
        UpdateFault.AggregatorMalformed,
        new UpdateBuilder().Origin(0).Attribute(0x40, 2, 2, 1, 0, 1).NextHop("192.0.2.1").Attribute(0xC0, 7, new byte[8]),
        ReadUpdate.Internal with { FourOctetAs = false });

    [Fact]
    public void As4Aggregator_OfAnotherLength() => Expect(
        ErrorHandling.AttributeDiscard,
        UpdateFault.As4AggregatorMalformed,
        new UpdateBuilder().Origin(0).Attribute(0x40, 2, 2, 1, 0, 1).NextHop("192.0.2.1").Attribute(0xC0, 18, new byte[6]),
        ReadUpdate.Internal with { FourOctetAs = false });

    [Fact]
    public void LocalPreference_FromOutside_IsLeftOut()
    {
        Expect(ErrorHandling.AttributeDiscard, UpdateFault.LocalPreferenceFromExternal, Good.Attribute(0x40, 5, 0, 0, 0, 200), External);
        Assert.Equal(0u, ReadUpdate.Of(Good.Attribute(0x40, 5, 0, 0, 0, 200).Announce("10.0.0.0/8"), External).Attributes.LocalPreference);
    }

    [Fact]
    public void OriginatorId_FromOutside() => Expect(ErrorHandling.AttributeDiscard, UpdateFault.OriginatorIdFromExternal, Good.Attribute(0x80, 9, 1), External);

    [Fact]
    public void ClusterList_FromOutside() => Expect(ErrorHandling.AttributeDiscard, UpdateFault.ClusterListFromExternal, Good.Attribute(0x80, 10, 1), External);

    [Theory]
    [InlineData(0x80, "01000A00000000000003")]
    [InlineData(0x80, "0200030100")]
    [InlineData(0x80, "")]
    [InlineData(0xC0, "01000B00000000000003E8")]
    public void Aigp_WithoutItsValueOrWithFlagsOfOthers(int flags, string value) => Expect(ErrorHandling.AttributeDiscard, UpdateFault.AigpMalformed, Good.Attribute(flags, 26, Hex(value)));

    [Fact]
    public void DuplicateAttribute_TheFirstHolds()
    {
        Expect(ErrorHandling.AttributeDiscard, UpdateFault.DuplicateAttribute, Good.Attribute(0x80, 4, 0, 0, 0, 1).Attribute(0x80, 4, 0, 0, 0, 2));
        Assert.Equal(1u, ReadUpdate.Of(Good.Attribute(0x80, 4, 0, 0, 0, 1).Attribute(0x80, 4, 0, 0, 0, 2).Announce("10.0.0.0/8")).Attributes.Med);
    }

    [Theory]
    [InlineData(0xC0, 1)]
    [InlineData(0x80, 5)]
    [InlineData(0xC0, 4)]
    [InlineData(0x80, 8)]
    [InlineData(0x40, 16)]
    [InlineData(0x00, 32)]
    public void Flags_OfAnotherAttribute(int flags, int code) => Expect(ErrorHandling.TreatAsWithdraw, UpdateFault.AttributeFlags, code == 1
        ? new UpdateBuilder().Attribute(flags, 1, 0).AsPath(1).NextHop("192.0.2.1")
        : Good.Attribute(flags, code, new byte[24]));

    [Theory]
    [InlineData("80 04 05 00000001")]
    [InlineData("80 04")]
    [InlineData("80")]
    [InlineData("90 04 00")]
    [InlineData("D0 08 FFFF 00")]
    public void AttributeList_EndsWithinAnAttribute(string tail) => Expect(ErrorHandling.TreatAsWithdraw, UpdateFault.AttributeListOverrun, Good.RawAttributes(Hex(tail)));

    [Theory]
    [InlineData("")]
    [InlineData("03")]
    [InlineData("0000")]
    public void Origin_OfAnotherLengthOrValue(string value) => Expect(
        ErrorHandling.TreatAsWithdraw, UpdateFault.OriginMalformed, new UpdateBuilder().Attribute(0x40, 1, Hex(value)).AsPath(1).NextHop("192.0.2.1"));

    [Theory]
    [InlineData("0501 00000001")]
    [InlineData("0001 00000001")]
    [InlineData("0200")]
    [InlineData("0202 00000001")]
    [InlineData("0201 00000001 02")]
    [InlineData("0201 00000000")]
    public void AsPath_Malformed(string value) => Expect(
        ErrorHandling.TreatAsWithdraw, UpdateFault.AsPathMalformed, new UpdateBuilder().Origin(0).Attribute(0x40, 2, Hex(value)).NextHop("192.0.2.1"));

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(16)]
    public void NextHop_OfAnotherLength(int length) => Expect(
        ErrorHandling.TreatAsWithdraw, UpdateFault.NextHopLength, new UpdateBuilder().Origin(0).AsPath(1).Attribute(0x40, 3, new byte[length]));

    [Theory]
    [InlineData(0x80, 4, 3, UpdateFault.MedLength)]
    [InlineData(0x40, 5, 5, UpdateFault.LocalPreferenceLength)]
    [InlineData(0xC0, 8, 0, UpdateFault.CommunitiesLength)]
    [InlineData(0xC0, 8, 6, UpdateFault.CommunitiesLength)]
    [InlineData(0x80, 9, 0, UpdateFault.OriginatorIdLength)]
    [InlineData(0x80, 10, 0, UpdateFault.ClusterListLength)]
    [InlineData(0x80, 10, 7, UpdateFault.ClusterListLength)]
    [InlineData(0xC0, 16, 0, UpdateFault.ExtendedCommunitiesLength)]
    [InlineData(0xC0, 16, 12, UpdateFault.ExtendedCommunitiesLength)]
    [InlineData(0xC0, 32, 0, UpdateFault.LargeCommunitiesLength)]
    [InlineData(0xC0, 32, 16, UpdateFault.LargeCommunitiesLength)]
    [InlineData(0xC0, 35, 2, UpdateFault.OnlyToCustomerLength)]
    public void Value_OfAnotherLength(int flags, int code, int length, UpdateFault fault) => Expect(ErrorHandling.TreatAsWithdraw, fault, Good.Attribute(flags, code, new byte[length]));

    [Fact]
    public void MissingOrigin() => Expect(ErrorHandling.TreatAsWithdraw, UpdateFault.MissingOrigin, new UpdateBuilder().AsPath(1).NextHop("192.0.2.1"));

    [Fact]
    public void MissingAsPath() => Expect(ErrorHandling.TreatAsWithdraw, UpdateFault.MissingAsPath, new UpdateBuilder().Origin(0).NextHop("192.0.2.1"));

    [Fact]
    public void MissingNextHop() => Expect(ErrorHandling.TreatAsWithdraw, UpdateFault.MissingNextHop, new UpdateBuilder().Origin(0).AsPath(1));

    [Fact]
    public void MissingOrigin_OfMpRoutes()
    {
        ReadUpdate read = ReadUpdate.Of(new UpdateBuilder().AsPath(1).MpReach(2, 1, new byte[16], UpdateBuilder.Prefixes("2001:db8::/32")));
        Assert.Equal((ErrorHandling.TreatAsWithdraw, "2001:db8::/32"), (read.Handling, Assert.Single(read.Announced)));
    }

    [Theory]
    [InlineData("0001 0000")]
    [InlineData("0000 0001")]
    [InlineData("0000")]
    [InlineData("FFFF 0000 00")]
    public void FieldLengths_BeyondTheMessage(string body)
    {
        ReadUpdate read = ReadUpdate.Of(Hex(body));
        Assert.True(read.Faults.Contains(UpdateFault.FieldLengths));
        Assert.Equal(ErrorHandling.SessionReset, read.Handling);
    }

    [Fact]
    public void TwoMpReach() => Expect(
        ErrorHandling.SessionReset, UpdateFault.DuplicateMpAttribute, Good.MpReach(2, 1, new byte[16], [0]).MpReach(2, 1, new byte[16], [0]));

    [Fact]
    public void TwoMpUnreach() => Expect(ErrorHandling.SessionReset, UpdateFault.DuplicateMpAttribute, Good.MpUnreach(2, 1, [0]).MpUnreach(2, 1, [0]));

    [Fact]
    public void UnknownAttribute_ThatIsNotOptional() => Expect(ErrorHandling.SessionReset, UpdateFault.UnknownWellKnown, Good.Attribute(0x40, 200, 1));

    [Fact]
    public void UnknownAttribute_ThatIsOptional_IsNoFault() => Assert.True(ReadUpdate.Of(Good.Attribute(0xC0, 200, 1).Announce("10.0.0.0/8")).Faults.IsEmpty);

    [Theory]
    [InlineData("21 0A000000 00")]
    [InlineData("18 0A00")]
    public void Withdrawn_ThatAreNoPrefixes(string field) => Expect(ErrorHandling.SessionReset, UpdateFault.WithdrawnMalformed, Good.RawWithdrawn(Hex(field)));

    [Theory]
    [InlineData("21 0A000000 00")]
    [InlineData("18 0A00")]
    [InlineData("FF")]
    public void Nlri_ThatAreNoPrefixes(string field)
    {
        ReadUpdate read = ReadUpdate.Of(Good.Announce("10.0.0.0/8").RawAnnounced(Hex(field)));
        Assert.True(read.Faults.Contains(UpdateFault.NlriMalformed));
        Assert.Equal(ErrorHandling.SessionReset, read.Handling);
    }

    [Theory]
    [InlineData("0002 01 10 00")]
    [InlineData("0002 01 04 C0000201 00")]
    [InlineData("0002 01 10 20010DB8000000000000000000000001 00 81 00")]
    [InlineData("0002 01 10 20010DB8000000000000000000000001 00 20 2001")]
    [InlineData("0001 04 04 C0000201 00 17 000011")]
    [InlineData("0001 04 04 C0000201 00 20 00001000")]
    [InlineData("0001 80 0C 0000000000000000C0000201 00 50 000011 00000000000001")]
    [InlineData("0001 80 04 C0000201 00")]
    [InlineData("0002")]
    [InlineData("")]
    public void MpReach_Malformed(string value) => Expect(ErrorHandling.SessionReset, UpdateFault.MpReachMalformed, Good.Attribute(0x80, 14, Hex(value)));

    [Theory]
    [InlineData("0002 01 81 00")]
    [InlineData("0002 01 20 2001")]
    [InlineData("0002")]
    public void MpUnreach_Malformed(string value) => Expect(ErrorHandling.SessionReset, UpdateFault.MpUnreachMalformed, Good.Attribute(0x80, 15, Hex(value)));

    [Fact]
    public void MpReach_CutByTheListOfAttributes() => Expect(ErrorHandling.SessionReset, UpdateFault.MpReachMalformed, Good.RawAttributes(0x80, 14, 200, 0, 2, 1));

    [Fact]
    public void MpReach_WithFlagsOfAnother_IsStillWithdrawn()
    {
        ReadUpdate read = ReadUpdate.Of(new UpdateBuilder().Origin(0).AsPath(1).Attribute(0xC0, 14, Hex("0002 01 10 20010DB8000000000000000000000001 00 20 20010DB8")));
        Assert.Equal((ErrorHandling.TreatAsWithdraw, "2001:db8::/32"), (read.Handling, Assert.Single(read.Announced)));
    }

    [Fact]
    public void FaultWithoutRoutes_ResetsTheSession()
    {
        ReadUpdate read = ReadUpdate.Of(new UpdateBuilder().Attribute(0x40, 1, 7));
        Assert.Equal((true, ErrorHandling.SessionReset), (read.Faults.Contains(UpdateFault.FaultWithoutRoutes), read.Handling));
        Assert.Equal(ErrorHandling.AttributeDiscard, ReadUpdate.Of(new UpdateBuilder().Attribute(0x40, 6, 7)).Handling);
    }

    [Fact]
    public void TheStrongestOfSeveralFaults_Decides() => Expect(
        ErrorHandling.SessionReset, UpdateFault.UnknownWellKnown, Good.Attribute(0x40, 6, 1).Attribute(0x80, 4, 1).Attribute(0x40, 200, 1));
}
