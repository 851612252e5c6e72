using System.Text;
using Collector.Testing;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Collector.Flows.Tests;

public class ValueTableTests
{
    [Fact]
    public void AnyValues_BehaveLikeADictionary()
    {
        // Few different values, so that most come again; a rotation now and then; limits small enough to be met.
        Gen<byte[]> value = Gen.Choose(0, 40).SelectMany(length => Gen.Choose(0, 2).Select(b => Enumerable.Range(0, length).Select(i => (byte)(b * i)).ToArray()));
        Gen<byte[]?> step = Gen.Frequency<byte[]?>((20, value.Select(v => (byte[]?)v)), (1, Gen.Constant<byte[]?>(null)));
        Prop.ForAll(
            step.ListOf().ToArbitrary(),
            Gen.Choose(1, 30).ToArbitrary(),
            Gen.Choose(0, 600).ToArbitrary(),
            (steps, entries, bytes) => Check(steps, entries, bytes)).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithEndSize(300));
    }

    private static void Check(IEnumerable<byte[]?> steps, int maxEntries, int maxBytes)
    {
        var table = new ValueTable(maxEntries, maxBytes);
        var model = new Dictionary<string, uint>();
        var rotated = new List<(ValueSnapshot Snapshot, Dictionary<string, uint> Model)>();
        int used = 0, refused = 0;
        foreach (byte[]? value in steps)
        {
            if (value is null)
            {
                rotated.Add((table.Snapshot, model));
                table.Rotate();
                model = [];
                used = 0;
                continue;
            }

            string key = Convert.ToHexString(value);
            uint handle = table.Intern(value);
            if (value.Length == 0)
            {
                Assert.Equal(0u, handle);
            }
            else if (model.TryGetValue(key, out uint known))
            {
                Assert.Equal(known, handle);
            }
            else if (model.Count == maxEntries || used + value.Length > maxBytes)
            {
                Assert.Equal(0u, handle);
                refused++;
            }
            else
            {
                Assert.Equal((uint)model.Count + 1, handle);
                model.Add(key, handle);
                used += value.Length;
            }

            Assert.Equal((model.Count, used, refused), (table.Snapshot.Count, table.Snapshot.Bytes, table.Refused));
            Assert.Equal(model.Count > maxEntries / 2 || used > maxBytes / 2, table.WantsRotation);
        }

        rotated.Add((table.Snapshot, model));
        Assert.Equal(rotated.Count - 1, table.Epoch);
        Assert.All(rotated, r => Assert.All(r.Model, pair => Assert.Equal(pair.Key, Convert.ToHexString(r.Snapshot[pair.Value]))));
    }

    [Fact]
    public void ManyValues_KeepTheirHandlesWhileTheTableGrows()
    {
        var table = new ValueTable();
        for (uint i = 1; i <= 50_000; i++)
        {
            Assert.Equal(i, table.Intern(Name(i)));
        }

        for (uint i = 1; i <= 50_000; i++)
        {
            Assert.Equal(i, table.Intern(Name(i)));
            Assert.True(table.Snapshot[i].SequenceEqual(Name(i)));
        }
    }

    [Fact]
    public void LongestValue_IsKeptAndALongerOneRefused()
    {
        var table = new ValueTable();
        byte[] longest = new byte[ValueTable.MaxValueLength];
        longest[^1] = 7;

        Assert.Equal(1u, table.Intern(longest));
        Assert.Equal(0u, table.Intern(new byte[ValueTable.MaxValueLength + 1]));
        Assert.Equal(1u, table.Intern(longest));
        Assert.True(table.Snapshot[1].SequenceEqual(longest));
        Assert.Equal(1, table.Refused);
    }

    [Fact]
    public void ValuesThatDifferInTheirLastByteOrLength_AreTwo()
    {
        var table = new ValueTable();
        var handles = new HashSet<uint>();
        for (int length = 1; length <= 40; length++)
        {
            handles.Add(table.Intern(new byte[length]));
            byte[] other = new byte[length];
            other[^1] = 1;
            handles.Add(table.Intern(other));
        }

        Assert.Equal(80, handles.Count);
    }

    [Fact]
    public void SimilarValues_SpreadOverTheSlots()
    {
        // Names that count up, and numbers that differ in one byte only, wherever it is.
        var sets = new List<byte[][]> { Enumerable.Range(0, 256).Select(i => Name((uint)i)).ToArray() };
        for (int at = 0; at < 24; at++)
        {
            int place = at;
            sets.Add([.. Enumerable.Range(0, 256).Select(i => Enumerable.Range(0, 24).Select(n => (byte)(n == place ? i : 1)).ToArray())]);
        }

        // Of 256 values in 1,024 slots about 226 are distinct by chance.
        Assert.All(sets, set => Assert.InRange(set.Select(v => ValueTable.Hash(v) & 1023).Distinct().Count(), 190, 256));
    }

    [Fact]
    public void UnknownHandle_IsAnError()
    {
        var table = new ValueTable();
        table.Intern("a"u8);

        Assert.Throws<ArgumentOutOfRangeException>(() => table.Snapshot[2].Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => table.Snapshot[1_000_000].Length);
        Assert.True(table.Snapshot[0].IsEmpty);
    }

    [Fact]
    public void KnownValues_AllocateNothing()
    {
        var table = new ValueTable();
        byte[] a = Name(1), b = Name(2);
        uint sum = 0;
        for (int i = 0; i < 100; i++)
        {
            sum += table.Intern(a) + table.Intern(b);
        }

        long allocated = Allocation.OfSteadyState(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                sum += table.Intern(a) + table.Intern(b);
            }
        });
        Assert.Equal(0, allocated);
        Assert.Equal(3300u, sum);
    }

    [Fact]
    public void ReaderOnAnotherThread_ResolvesEveryHandleItWasGiven()
    {
        const uint Values = 300_000;
        var table = new ValueTable();
        ValueSnapshot snapshot = table.Snapshot;
        uint published = 0;
        uint wrong = 0, resolved = 0;
        var reader = new Thread(() =>
        {
            // Always the newest handle, and an old one: pages and chunks grow below the reader all the time.
            while (resolved < Values)
            {
                uint newest = Volatile.Read(ref published);
                if (newest > resolved)
                {
                    wrong += snapshot[newest].SequenceEqual(Name(newest)) ? 0u : 1;
                    wrong += snapshot[(newest / 2) + 1].SequenceEqual(Name((newest / 2) + 1)) ? 0u : 1;
                    resolved = newest;
                }
            }
        });
        reader.Start();
        for (uint i = 1; i <= Values; i++)
        {
            uint handle = table.Intern(Name(i));
            Volatile.Write(ref published, handle);
        }

        Assert.True(reader.Join(TimeSpan.FromSeconds(60)));
        Assert.Equal(0u, wrong);
    }

    private static byte[] Name(uint i) => Encoding.ASCII.GetBytes($"interface {i} of a router with long names");
}
