using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Collector.Flows;
using Collector.Flows.Extras;

namespace Collector.Aggregation;

/// <summary>Copies the key fields of a record into the packed key of one output. Compiled once from the <see cref="KeyLayout"/>.</summary>
/// <remarks>
/// Fields that are neighbours in the record become one block, so a key of the classic five-tuple with interfaces and ASes is a single copy.
/// Immutable, safe to share.
/// </remarks>
public sealed unsafe class KeyBuilder
{
    private readonly Block[] _blocks;
    private readonly Block[] _extraBlocks;
    private readonly int[] _truncatedTimes;

    /// <summary>Compiles the copy steps.</summary>
    /// <param name="layout">The fields and their places.</param>
    /// <param name="timesInSeconds">timestamps_secs: flow times are cut to whole seconds in the key (pmacct-compat §2.1).</param>
    public KeyBuilder(KeyLayout layout, bool timesInSeconds)
    {
        Layout = layout;
        PaddedWidth = layout.PaddedWidth;
        List<Block> blocks = [];
        foreach (FlowField field in layout.Fields)
        {
            int source = FlowRecordLayout.OffsetOf(field), target = layout.OffsetOf(field), length = FlowRecordLayout.SizeOf(field);
            if (blocks.Count > 0 && blocks[^1] is var last && last.Source + last.Length == source && last.Target + last.Length == target)
            {
                blocks[^1] = last with { Length = last.Length + length };
            }
            else
            {
                blocks.Add(new Block(source, target, length));
            }
        }

        _blocks = [.. blocks];
        _extraBlocks = Join(layout);
        FlowField[] times = [FlowField.StartTime, FlowField.EndTime, FlowField.ArrivalTime];
        _truncatedTimes = timesInSeconds ? [.. times.Where(layout.Contains).Select(layout.OffsetOf)] : [];
    }

    /// <summary>Where the fields lie.</summary>
    public KeyLayout Layout { get; }

    /// <summary>Bytes of a key, rounded up to a multiple of eight with zeros.</summary>
    public int PaddedWidth { get; }

    /// <summary>Writes the key of a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="key">At least <see cref="PaddedWidth"/> bytes.</param>
    public void Build(ref readonly FlowRecord record, byte* key)
    {
        ref byte source = ref Unsafe.As<FlowRecord, byte>(ref Unsafe.AsRef(in record));

        // The padding behind the last field must compare equal.
        if (PaddedWidth != 0)
        {
            *(ulong*)(key + PaddedWidth - 8) = 0;
        }

        foreach (ref readonly Block block in _blocks.AsSpan())
        {
            Copy(ref Unsafe.Add(ref source, block.Source), key + block.Target, block.Length);
        }

        if (_extraBlocks.Length != 0)
        {
            CopyExtras(record.ExtraValues, key);
        }

        foreach (int offset in _truncatedTimes)
        {
            long* time = (long*)(key + offset);
            *time -= *time % 1_000_000;
        }
    }

    // Values that lie side by side in the row become one block too.
    private static Block[] Join(KeyLayout layout)
    {
        List<Block> blocks = [];
        foreach (ExtraPlace extra in layout.Extras)
        {
            int target = layout.OffsetOf(extra);
            if (blocks.Count > 0 && blocks[^1] is var last && last.Source + last.Length == extra.Offset)
            {
                blocks[^1] = last with { Length = last.Length + extra.Width };
            }
            else
            {
                blocks.Add(new Block(extra.Offset, target, extra.Width));
            }
        }

        return [.. blocks];
    }

    private void CopyExtras(nint row, byte* key)
    {
        foreach (ref readonly Block block in _extraBlocks.AsSpan())
        {
            if (row == 0)
            {
                new Span<byte>(key + block.Target, block.Length).Clear();
            }
            else
            {
                Copy(ref *((byte*)row + block.Source), key + block.Target, block.Length);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(ref byte source, byte* target, int length)
    {
        int i = 0;
        for (; i + 16 <= length; i += 16)
        {
            Vector128.LoadUnsafe(ref source, (nuint)i).Store(target + i);
        }

        if ((length & 8) != 0)
        {
            Unsafe.WriteUnaligned(target + i, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref source, i)));
            i += 8;
        }

        if ((length & 4) != 0)
        {
            Unsafe.WriteUnaligned(target + i, Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref source, i)));
            i += 4;
        }

        if ((length & 2) != 0)
        {
            Unsafe.WriteUnaligned(target + i, Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref source, i)));
            i += 2;
        }

        if ((length & 1) != 0)
        {
            target[i] = Unsafe.Add(ref source, i);
        }
    }

    private readonly record struct Block(int Source, int Target, int Length);
}
