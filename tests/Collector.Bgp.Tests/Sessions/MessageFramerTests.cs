using System.Buffers;
using Collector.Bgp.Messages;
using Collector.Bgp.Sessions;
using Collector.Testing.Builders;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Collector.Bgp.Tests.Sessions;

public class MessageFramerTests
{
    private static readonly byte[] Stream =
    [
        .. UpdateBuilder.Open(65001, 90, "10.0.0.1"),
        .. UpdateBuilder.Message(4),
        .. new UpdateBuilder().Mandatory("192.0.2.1", 1, 2).Announce("10.0.0.0/8").Message(),
        .. UpdateBuilder.Message(2, new byte[4077]),
        .. UpdateBuilder.Message(4),
        .. UpdateBuilder.Message(3, 6, 2),
    ];

    // The stream as it comes in chunks: each is one segment, as a pipe has them, until what is complete is taken off.
    private static List<string> Messages(byte[] stream, IEnumerable<int> chunks, bool extended = false)
    {
        var framer = new MessageFramer { ExtendedMessages = extended };
        var messages = new List<string>();
        var waiting = new List<byte[]>();
        int position = 0;
        foreach (int size in chunks)
        {
            waiting.Add(stream[position..Math.Min(stream.Length, position + size)]);
            position = Math.Min(stream.Length, position + size);
            ReadOnlySequence<byte> sequence = Sequence(waiting);
            HeaderStatus status;
            while ((status = framer.TryRead(ref sequence, out MessageType type, out _, out ReadOnlySpan<byte> body)) == HeaderStatus.Ok)
            {
                messages.Add($"{type} {Convert.ToHexString(body)}");
            }

            if (status != HeaderStatus.Incomplete)
            {
                messages.Add(status.ToString());
                break;
            }

            waiting = [sequence.ToArray()];
        }

        return messages;
    }

    private static ReadOnlySequence<byte> Sequence(List<byte[]> parts)
    {
        var first = new Segment(parts[0], 0);
        Segment last = first;
        foreach (byte[] part in parts.Skip(1))
        {
            last = last.Append(part);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    [Fact]
    public void AStream_IsTheSameHoweverItComes()
    {
        List<string> whole = Messages(Stream, [Stream.Length]);
        Assert.Equal(6, whole.Count);
        Assert.Equal(whole, Messages(Stream, Enumerable.Repeat(1, Stream.Length)));
        for (int split = 1; split < 300; split++)
        {
            Assert.Equal(whole, Messages(Stream, [split, Stream.Length]));
        }

        Prop.ForAll<PositiveInt[]>(sizes => Assert.Equal(whole, Messages(Stream, [.. sizes.Select(s => s.Get), Stream.Length])))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(2000));
    }

    [Theory]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFE 0013 04", HeaderStatus.NotSynchronized)]
    [InlineData("FF00", HeaderStatus.NotSynchronized)]
    [InlineData("474554202F20", HeaderStatus.NotSynchronized)]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF 0012 04", HeaderStatus.BadLength)]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF 0014 04", HeaderStatus.BadLength)]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF 1001 02", HeaderStatus.BadLength)]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF 001C 01", HeaderStatus.BadLength)]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF 0016 02", HeaderStatus.BadLength)]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF 0013 00", HeaderStatus.BadType)]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF 0013 06", HeaderStatus.BadType)]
    public void BadHeaders_AreTold(string hex, HeaderStatus expected)
    {
        byte[] bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal([expected.ToString()], Messages(bytes, [bytes.Length]));
    }

    [Fact]
    public void LongMessages_AreTakenWhereAgreed()
    {
        byte[] update = UpdateBuilder.Message(2, new byte[60_000]);
        Assert.Equal([HeaderStatus.BadLength.ToString()], Messages(update, [update.Length]));
        Assert.Single(Messages(update, Enumerable.Repeat(1000, 61), extended: true));
        Assert.Equal([HeaderStatus.BadLength.ToString()], Messages(UpdateBuilder.Message(1, new byte[5000]), [5019], extended: true));
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes, long index) => (Memory, RunningIndex) = (bytes, index);

        public Segment Append(byte[] bytes)
        {
            var next = new Segment(bytes, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
