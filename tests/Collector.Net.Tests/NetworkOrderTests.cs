using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Collector.Net.Tests;

public class NetworkOrderTests
{
    [Fact]
    public void Read_AnyBytes_IsTheNumberOfTheLastEight() => Prop.ForAll<byte[]>(bytes =>
    {
        byte[] padded = [.. new byte[8], .. bytes];
        Assert.Equal(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(padded.AsSpan(padded.Length - 8)), NetworkOrder.Read(bytes));
    }).QuickCheckThrowOnFailure();
}
