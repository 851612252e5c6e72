using System.Text;
using Collector.Sinks.Kafka;
using Xunit;

namespace Collector.Tests.Sinks.Kafka;

public sealed class KafkaPackerTests
{
    [Fact]
    public void Takes_AtPmacctsLimit_LeavesOneByteFree()
    {
        KafkaPacker packer = new(20);
        Assert.True(packer.Takes(Row(9), null));
        packer.Add(Row(9), null, default);

        // 10 of 20 bytes are used: pmacct sends when length + 1 >= 10.
        Assert.True(packer.Takes(Row(8), null));
        Assert.False(packer.Takes(Row(9), null));
    }

    [Fact]
    public void Takes_OtherKey_IsFalse()
    {
        KafkaPacker packer = new(100);
        byte[] scratch = [1, 2];
        packer.Add(Row(5), scratch, default);
        scratch[0] = 9;

        Assert.Equal([1, 2], packer.Key);
        Assert.True(packer.Takes(Row(5), [1, 2]));
        Assert.False(packer.Takes(Row(5), [9, 2]));
        Assert.False(packer.Takes(Row(5), null));
    }

    [Fact]
    public void Add_RowLargerThanTheSize_GoesAlone()
    {
        KafkaPacker packer = new(10);
        Assert.True(packer.Takes(Row(50), null));
        packer.Add(Row(50), null, new RowSums { Rows = 1, Packets = 3 });

        Assert.Equal(new string('r', 50) + "\n", Encoding.UTF8.GetString(packer.Bytes));
        Assert.False(packer.Takes(Row(1), null));
        packer.Clear();
        Assert.True(packer.IsEmpty);
        Assert.Equal(0, packer.Sums.Packets);
    }

    private static byte[] Row(int length) => Encoding.UTF8.GetBytes(new string('r', length));
}
