using Collector.Net;
using Collector.Testing;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Collector.Flows.Tests;

public class SourceTableTests
{
    [Fact]
    public void AnyLookups_BehaveLikeADictionary()
    {
        Gen<(int Source, int Version, int Domain, bool IsSFlow)> key =
            from source in Gen.Choose(1, 6)
            from version in Gen.Elements(0, 5, 9, 10)
            from domain in Gen.Choose(0, 2)
            from isSFlow in Gen.Elements(true, false)
            select (source, version, domain, isSFlow);
        Prop.ForAll(key.ListOf().ToArbitrary(), Gen.Choose(1, 40).ToArbitrary(), (keys, limit) => Check(keys, limit))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(300));
    }

    private static void Check(IEnumerable<(int Source, int Version, int Domain, bool IsSFlow)> keys, int limit)
    {
        var table = new SourceTable(limit);
        var model = new Dictionary<(int, int, int, bool), SourceCounters>();
        int refused = 0;
        foreach ((int Source, int Version, int Domain, bool IsSFlow) key in keys)
        {
            SourceCounters counters = table[Address(key.Source), (ushort)key.Version, (uint)key.Domain, key.IsSFlow];
            counters.Datagrams++;
            if (model.TryGetValue(key, out SourceCounters? known))
            {
                Assert.Same(known, counters);
            }
            else if (model.Count >= limit)
            {
                Assert.Same(table.Other, counters);
                refused++;
            }
            else
            {
                Assert.Equal(
                    (Address(key.Source), key.Version, (uint)key.Domain, key.IsSFlow), (counters.Source, counters.Version, counters.Domain, counters.IsSFlow));
                Assert.DoesNotContain(counters, model.Values);
                model.Add(key, counters);
            }

            // What the limit keeps out is counted once for each datagram, whatever came before it.
            Assert.Equal((refused, refused), (table.Other.Datagrams, table.Other[DecodeFault.SourceLimit]));
        }

        Assert.Equal([table.Other, table.Evicted, .. model.Values], table.Snapshot.ToArray());
        Assert.Equal(keys.Count(), table.Snapshot.ToArray().Sum(c => c.Datagrams));
    }

    [Fact]
    public void Faults_AreCountedEachByItself()
    {
        var counters = new SourceCounters(Address(1), 9, 0);
        DecodeFault[] faults = Enum.GetValues<DecodeFault>();
        foreach (DecodeFault fault in faults)
        {
            counters.Count(fault);
            counters.Count(fault, (long)fault);
        }

        Assert.All(faults, fault => Assert.Equal(1 + (long)fault, counters[fault]));
    }

    [Fact]
    public void IdleEntry_GivesWay_AndItsNumbersStayInTheTotals()
    {
        const long Second = 1_000_000;
        var table = new SourceTable(limit: 2, idleSeconds: 60);
        SourceCounters Get(int i, long now)
        {
            SourceCounters counters = table.Get(Address(i), 9, 0, false, default, now);
            counters.LastSeen = now;
            counters.Datagrams++;
            return counters;
        }

        SourceCounters first = Get(1, 0);
        first.Count(DecodeFault.BadRecord, 5);
        Get(2, 50 * Second);
        Assert.Same(table.Other, Get(3, 59 * Second));
        SourceCounters third = Get(3, 61 * Second);
        Assert.NotSame(table.Other, third);
        Assert.Equal((2, 1L, 5L), (table.Count, table.Evicted.Datagrams, table.Evicted[DecodeFault.BadRecord]));
        Assert.Equal([table.Other, table.Evicted, third, table.Get(Address(2), 9, 0, false, default, 61 * Second)], table.Snapshot.ToArray());

        // Who comes back has an entry of its own again, at 0.
        Assert.Equal(1, Get(1, 200 * Second).Datagrams);
        Assert.Equal(5, table.Snapshot.ToArray().Sum(c => c.Datagrams));
    }

    [Fact]
    public void Evicted_TakesEveryNumberOver()
    {
        string[] notSums = [nameof(SourceCounters.TemplatesChanged), nameof(SourceCounters.LastSeen), nameof(SourceCounters.ClockOffset)];
        var table = new SourceTable(limit: 1, idleSeconds: 1);
        for (int round = 0; round < 2; round++)
        {
            SourceCounters counters = table.Get(Address(round), 5, 0, true, default, round * 10_000_000L);
            counters.LastSeen = round * 10_000_000L;
            object[] holders = [counters, counters.Sequence, counters.Samples];
            foreach (object holder in holders)
            {
                foreach (System.Reflection.FieldInfo field in holder.GetType().GetFields().Where(f => f.FieldType == typeof(long) && !notSums.Contains(f.Name)))
                {
                    field.SetValue(holder, 7L);
                }
            }

            foreach (DecodeFault fault in Enum.GetValues<DecodeFault>())
            {
                counters.Count(fault, 7);
            }
        }

        table.Get(Address(3), 5, 0, true, default, 20_000_000);
        foreach (object holder in (object[])[table.Evicted, table.Evicted.Sequence, table.Evicted.Samples])
        {
            Assert.All(holder.GetType().GetFields().Where(f => f.FieldType == typeof(long) && !notSums.Contains(f.Name)), field =>
            {
                // What was awaited is lost with its source.
                long expected = (holder, field.Name) switch { (Collector.Flows.Sequences.SequenceCounters, "Lost") when holder == table.Evicted.Samples => 28, (_, "Awaited") when holder == table.Evicted.Samples => 0, _ => 14 };
                Assert.Equal((field.Name, expected), (field.Name, (long)field.GetValue(holder)!));
            });
        }

        Assert.All(Enum.GetValues<DecodeFault>(), fault => Assert.Equal(14, table.Evicted[fault]));
        Assert.Equal(10_000_000, table.Evicted.LastSeen);
    }

    [Fact]
    public void SameSourceAgain_AllocatesNothing()
    {
        var table = new SourceTable();
        for (int i = 0; i < 1000; i++)
        {
            table[Address(i % 10), 9, 0, false].Datagrams++;
        }

        long allocated = Allocation.OfSteadyState(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                table[Address(i % 10), 9, 0, false].Datagrams++;
            }
        });
        Assert.Equal(0, allocated);
        Assert.Equal((10, 12), (table.Count, table.Snapshot.Length));
    }

    [Fact]
    public void ObserverOnAnotherThread_SeesWholeEntriesOnly()
    {
        const int Sources = 60_000;
        var table = new SourceTable();
        int seen = 0;
        bool isWhole = true;
        var observer = new Thread(() =>
        {
            while (seen < Sources + 1)
            {
                ReadOnlySpan<SourceCounters> all = table.Snapshot;
                isWhole &= all.Length >= seen && all.IndexOf((SourceCounters?)null) < 0 && ReferenceEquals(all[0], table.Other);
                seen = all.Length;
            }
        });
        observer.Start();
        for (int i = 0; i < Sources; i++)
        {
            table[Address(i), 9, 0, false].Datagrams++;
        }

        Assert.True(observer.Join(TimeSpan.FromSeconds(60)));
        Assert.True(isWhole);
    }

    private static IpAddress Address(int i) => IpAddress.FromIPv4(0x0A00_0000u + (uint)i);
}
