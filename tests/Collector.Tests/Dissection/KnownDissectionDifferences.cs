namespace Collector.Tests.Dissection;

/// <summary>A field of a capture in which tshark and the collector differ, and who is right.</summary>
/// <param name="Capture">Name of the capture.</param>
/// <param name="Field">Name of the check, or <see cref="Records"/>.</param>
/// <param name="Reason">Why.</param>
internal sealed record KnownDissectionDifference(string Capture, string Field, string Reason)
{
    /// <summary>tshark sees more or fewer records in a datagram; those are not compared.</summary>
    public const string Records = "records";
}

/// <summary>Every row must be a difference still, and every difference must have a row.</summary>
internal static class KnownDissectionDifferences
{
    private const string Microseconds = "pmacct's own form of 16 bytes, seconds and microseconds, which tshark reads as NTP time: pmacct-compat.md 8.1";
    private const string Reverse = "tshark names the reverse elements of a biflow like the forward ones, and the last counts: RFC 5103 6.1";

    private const string OldSample = "tshark reads samples of type IPv4 of the old versions as malformed and stops there: RFC 3176 4";

    public static IReadOnlyList<KnownDissectionDifference> All { get; } =
    [
        new("made/sflow2", KnownDissectionDifference.Records, OldSample),
        new("made/sflow4", KnownDissectionDifference.Records, OldSample),
        new("ipfix-nfprobe-microseconds", "StartTime", Microseconds),
        new("ipfix-nfprobe-microseconds", "EndTime", Microseconds),
        new("ipfix-softflowd-bidirectional", "TcpFlags", Reverse),
        new("ipfix-softflowd-bidirectional", "Octets", Reverse),
        new("ipfix-softflowd-bidirectional", "Packets", Reverse),
        new("ipfix-softflowd-bidirectional", "Tos", Reverse),
        new("ipfix-softflowd-psamp", "StartTime", "observationTimeMicroseconds (324) is no start of a flow to pmacct, which prints the export time: pmacct-compat.md 8.5"),
        new("sflow5-sfprobe-ipv6-transport", KnownDissectionDifference.Records, "sfprobe's first datagram lacks words of its first sample: tshark takes a sample of length 1 for a flow sample, the collector refuses it"),
    ];
}
