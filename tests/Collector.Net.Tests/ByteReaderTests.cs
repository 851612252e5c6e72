using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Collector.Net.Tests;

public class ByteReaderTests
{
    [Fact]
    public void AnyReads_MatchTheBytesAndNeverPassTheEnd()
    {
        Gen<(int Kind, int Count)[]> steps = Gen.Choose(0, 5).Zip(Gen.Choose(-3, 20)).ArrayOf();
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), steps.ToArbitrary(), Check).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    private static void Check(byte[] bytes, (int Kind, int Count)[] steps)
    {
        var reader = new ByteReader(bytes);
        int at = 0;
        foreach ((int kind, int count) in steps)
        {
            int size = kind switch { 0 => 1, 1 => 2, 2 => 4, 3 => 8, _ => count };
            bool fits = size >= 0 && at + size <= bytes.Length;
            ReadOnlySpan<byte> expected = fits ? bytes.AsSpan(at, size) : default;
            bool read;
            switch (kind)
            {
                case 0:
                    read = reader.TryReadByte(out byte one);
                    Assert.Equal(fits ? expected[0] : 0, one);
                    break;
                case 1:
                    read = reader.TryReadUInt16(out ushort two);
                    Assert.Equal(fits ? BinaryPrimitives.ReadUInt16BigEndian(expected) : 0, two);
                    break;
                case 2:
                    read = reader.TryReadUInt32(out uint four);
                    Assert.Equal(fits ? BinaryPrimitives.ReadUInt32BigEndian(expected) : 0, four);
                    break;
                case 3:
                    read = reader.TryReadUInt64(out ulong eight);
                    Assert.Equal(fits ? BinaryPrimitives.ReadUInt64BigEndian(expected) : 0, eight);
                    break;
                case 4:
                    read = reader.TryReadBytes(count, out ReadOnlySpan<byte> span);
                    Assert.True(span.SequenceEqual(expected));
                    break;
                default:
                    read = reader.TrySkip(count);
                    break;
            }

            Assert.Equal(fits, read);
            at += fits ? size : 0;
            Assert.Equal((at, bytes.Length - at), (reader.Position, reader.Remaining));
            Assert.True(reader.Rest.SequenceEqual(bytes.AsSpan(at)));
        }
    }

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(4)]
    [InlineData(int.MaxValue)]
    public void CountThatCannotBe_IsRefusedAndNothingMoves(int count)
    {
        var reader = new ByteReader([1, 2, 3, 4]);
        Assert.True(reader.TryReadByte(out _));

        Assert.False(reader.TrySkip(count));
        Assert.False(reader.TryReadBytes(count, out ReadOnlySpan<byte> bytes));
        Assert.True(bytes.IsEmpty);
        Assert.Equal(1, reader.Position);
    }

    [Fact]
    public void ReadOfNothing_AtTheEnd_Succeeds()
    {
        var reader = new ByteReader([]);

        Assert.True(reader.TrySkip(0));
        Assert.True(reader.TryReadBytes(0, out _));
        Assert.False(reader.TryReadByte(out _));
    }
}
