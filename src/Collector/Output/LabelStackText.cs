using System.Buffers.Binary;
using System.Buffers.Text;

namespace Collector.Output;

/// <summary>MPLS label stacks as they are interned: four bytes big-endian a label, top first.</summary>
internal static class LabelStackText
{
    /// <summary>Labels in the stack.</summary>
    public static int Count(ReadOnlySpan<byte> stack) => stack.Length / sizeof(uint);

    /// <summary>One label, from the top.</summary>
    public static uint Label(ReadOnlySpan<byte> stack, int index) => BinaryPrimitives.ReadUInt32BigEndian(stack[(index * sizeof(uint))..]);

    /// <summary>Writes the labels with an underscore between them and returns the length.</summary>
    public static int WriteJoined(ReadOnlySpan<byte> stack, Span<byte> to)
    {
        int at = 0;
        for (int i = 0; i < Count(stack); i++)
        {
            if (i > 0)
            {
                to[at++] = (byte)'_';
            }

            Utf8Formatter.TryFormat(Label(stack, i), to[at..], out int written);
            at += written;
        }

        return at;
    }
}
