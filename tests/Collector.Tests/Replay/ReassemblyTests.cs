using Collector.Replay;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Collector.Tests.Replay;

public class ReassemblyTests
{
    [Fact]
    public void AnyOrderWithDuplicates_GivesTheWholeAtTheLastMissingByte()
    {
        Gen<(int Length, int Size, int Seed)> cases =
            from size in Gen.Choose(1, 40)
            from parts in Gen.Choose(1, 60)
            from last in Gen.Choose(1, size * 8)
            from seed in Gen.Choose(0, int.MaxValue)
            select (((parts - 1) * size * 8) + last, size * 8, seed);
        Prop.ForAll(cases.ToArbitrary(), c => Check(c.Length, c.Size, c.Seed)).QuickCheckThrowOnFailure();
    }

    private static void Check(int length, int size, int seed)
    {
        byte[] whole = PacketBytes.Sequence(length, seed);
        var random = new Random(seed);
        int[] parts = [.. Enumerable.Range(0, (length + size - 1) / size)];
        int[] order = [.. parts, .. parts.Where(_ => random.Next(3) == 0)];
        random.Shuffle(order);
        var reassembly = new Reassembly();
        reassembly.Begin(default, 0);
        var seen = new HashSet<int>();

        foreach (int part in order)
        {
            int offset = part * size;
            ReadOnlySpan<byte> bytes = whole.AsSpan(offset, Math.Min(size, length - offset));
            Reassembly.Outcome outcome = reassembly.Add(offset, bytes, offset + bytes.Length == length, (byte)(offset == 0 ? 17 : 60));
            Reassembly.Outcome expected = !seen.Add(part) ? Reassembly.Outcome.Duplicate
                : seen.Count == parts.Length ? Reassembly.Outcome.Complete : Reassembly.Outcome.Taken;

            Assert.Equal(expected, outcome);
            if (outcome == Reassembly.Outcome.Complete)
            {
                Assert.True(reassembly.Bytes.SequenceEqual(whole));
                Assert.Equal(17, reassembly.Protocol);
                return;
            }
        }
    }

    [Theory]
    [InlineData(0, 24)]
    [InlineData(8, 16)]
    [InlineData(16, 16)]
    [InlineData(0, 40)]
    public void PartialOverlap_IsTold(int offset, int length)
    {
        var reassembly = new Reassembly();
        reassembly.Begin(default, 0);
        Assert.Equal(Reassembly.Outcome.Taken, reassembly.Add(16, new byte[8], false, 17));

        Assert.Equal(Reassembly.Outcome.Overlap, reassembly.Add(offset, new byte[length], false, 17));
    }

    [Fact]
    public void TwoEnds_AreAnOverlap()
    {
        var reassembly = new Reassembly();
        reassembly.Begin(default, 0);
        Assert.Equal(Reassembly.Outcome.Taken, reassembly.Add(16, new byte[8], true, 17));

        Assert.Equal(Reassembly.Outcome.Overlap, reassembly.Add(8, new byte[8], true, 17));
        Assert.Equal(Reassembly.Outcome.Overlap, reassembly.Add(24, new byte[8], false, 17));
        Assert.Equal(Reassembly.Outcome.Overlap, reassembly.Add(32, new byte[8], true, 17));
    }

    [Fact]
    public void EndBeforeKnownBytes_IsAnOverlap()
    {
        var reassembly = new Reassembly();
        reassembly.Begin(default, 0);
        Assert.Equal(Reassembly.Outcome.Taken, reassembly.Add(32, new byte[8], false, 17));

        Assert.Equal(Reassembly.Outcome.Overlap, reassembly.Add(8, new byte[8], true, 17));
    }

    [Fact]
    public void LastFragmentRepeatedAsLast_CompletesWhatWasNotKnownToEnd()
    {
        var reassembly = new Reassembly();
        reassembly.Begin(default, 0);
        Assert.Equal(Reassembly.Outcome.Taken, reassembly.Add(0, new byte[16], false, 17));

        Assert.Equal(Reassembly.Outcome.Complete, reassembly.Add(8, new byte[8], true, 17));
    }

    [Fact]
    public void TooManySeparateRuns_AreRefusedAndExistingOnesStillGrow()
    {
        var reassembly = new Reassembly();
        reassembly.Begin(default, 0);
        for (int i = 0; i < 64; i++)
        {
            Assert.Equal(Reassembly.Outcome.Taken, reassembly.Add(i * 16, new byte[8], false, 17));
        }

        Assert.Equal(Reassembly.Outcome.TooManyRuns, reassembly.Add(64 * 16, new byte[8], false, 17));
        for (int i = 0; i < 63; i++)
        {
            Assert.Equal(Reassembly.Outcome.Taken, reassembly.Add((i * 16) + 8, new byte[8], false, 17));
        }

        Assert.Equal(Reassembly.Outcome.Complete, reassembly.Add((63 * 16) + 8, new byte[3], true, 17));
        Assert.Equal((63 * 16) + 11, reassembly.Bytes.Length);
    }
}
