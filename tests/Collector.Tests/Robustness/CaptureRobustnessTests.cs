using Collector.Flows;
using Collector.Net;
using Collector.Testing;
using Collector.Tests.Dissection;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Collector.Tests.Robustness;

/// <summary>
/// Every capture, damaged in every way: nothing is thrown, nothing outside the payload is read (the process would end), the same bytes give the same
/// records, memory stays bounded. The long form is Collector.Flows.Fuzz.
/// </summary>
public sealed class CaptureRobustnessTests
{
    private static readonly CapturedPayload[] Datagrams =
        [.. (Directory.Exists(RepositoryPaths.SharedCaptures) ? CaptureSet.Read(RepositoryPaths.Pcaps, RepositoryPaths.SharedCaptures) : CaptureSet.Read(RepositoryPaths.Pcaps)).Datagrams];

    private static readonly ILookup<string, CapturedPayload> ByCapture = Datagrams.ToLookup(d => d.Capture);

    // A datagram of any capture, with the bits to flip and the length to cut it to.
    private static readonly Gen<Damage> AnyDamage =
        from captured in Gen.Elements(Datagrams.Where(d => d.Payload.Length != 0))
        from flips in Gen.Choose(0, (captured.Payload.Length * 8) - 1).ArrayOf()
        from cut in Gen.Frequency((3, Gen.Constant(captured.Payload.Length)), (1, Gen.Choose(0, captured.Payload.Length)))
        select new Damage(captured, flips, cut);

    // The first bytes of a datagram, so that its decoder is asked, and any bytes behind.
    private static readonly Gen<Damage> AnyTail =
        from captured in Gen.Elements(Datagrams)
        from kept in Gen.Choose(0, Math.Min(captured.Payload.Length, 64))
        from tail in ArbMap.Default.ArbFor<byte[]>().Generator
        select new Damage(captured with { Payload = [.. captured.Payload.AsSpan(0, kept), .. tail] }, [], kept + tail.Length);

    [Fact]
    public void F9_AnyBitFlips_OfEveryCapture_AreSurvivedAndDeterministic() =>
        Prop.ForAll(AnyDamage.ToArbitrary(), IsDeterministic).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000).WithEndSize(12));

    [Fact]
    public void F9_AnyBytes_BehindTheStartOfEveryCapture_AreSurvivedAndDeterministic() =>
        Prop.ForAll(AnyTail.ToArbitrary(), IsDeterministic).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000).WithEndSize(300));

    [Fact]
    public void F9_EveryTruncation_OfEveryCapture_IsSurvivedAndDeterministic()
    {
        long cuts = 0;
        foreach (IGrouping<string, CapturedPayload> capture in ByCapture)
        {
            using DecoderPair pair = new DecoderPair().Feed(capture);
            foreach (CapturedPayload captured in capture)
            {
                for (int length = captured.Payload.Length - 1; length >= 0; length--)
                {
                    Assert.True(pair.Agrees(captured, captured.Payload.AsSpan(0, length)), $"{captured.Capture} {captured.Index} cut to {length}");
                    cuts++;
                }
            }

            Assert.True(pair.CountedAlike(), capture.Key);
        }

        Assert.True(cuts > 300_000, $"only {cuts}");
    }

    [Fact]
    public void F9_ManyBitFlips_OfEveryDatagram_AreSurvivedAndDeterministic()
    {
        var random = new Random(9);
        long records = 0;
        foreach (IGrouping<string, CapturedPayload> capture in ByCapture)
        {
            using DecoderPair pair = new DecoderPair().Feed(capture);
            foreach (CapturedPayload captured in capture.Where(c => c.Payload.Length != 0))
            {
                byte[] damaged = new byte[captured.Payload.Length];
                for (int i = 0; i < 100; i++)
                {
                    captured.Payload.CopyTo(damaged, 0);
                    for (int flips = random.Next(1, 4); flips > 0; flips--)
                    {
                        damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
                    }

                    Assert.True(pair.Agrees(captured, damaged), $"{captured.Capture} {captured.Index}: {Convert.ToHexString(damaged)}");
                }
            }

            Assert.True(pair.CountedAlike(), capture.Key);
            records += pair.Records;
        }

        Assert.True(records > 100_000, $"only {records} records");
    }

    private static bool IsDeterministic(Damage damage)
    {
        using DecoderPair pair = new DecoderPair().Feed(ByCapture[damage.Captured.Capture].Take(8));
        return pair.Agrees(damage.Captured, damage.Apply()) && pair.CountedAlike();
    }

    private sealed record Damage(CapturedPayload Captured, int[] Flips, int Length)
    {
        public byte[] Apply()
        {
            byte[] payload = [.. Captured.Payload];
            foreach (int bit in Flips)
            {
                payload[bit / 8] ^= (byte)(1 << (bit % 8));
            }

            return payload[..Length];
        }

        public override string ToString() => $"{Captured.Capture} {Captured.Index}: {Convert.ToHexString(Apply())}";
    }
}
