using System.Runtime.InteropServices;
using Collector.Bgp.Rib.Memory;

namespace Collector.Bgp.Rib;

/// <summary>AS paths and lists of communities, each kept once, with a count of the attribute sets that refer to it.</summary>
/// <remarks>A value is referred to by sets only and goes with the last of them, when no reader can reach that set any more.</remarks>
internal sealed unsafe class ValueStore(BlockPool pool)
{
    // Values come from peers: without a number that they cannot know they could choose values that all meet in one chain.
    private readonly ulong _seed = (ulong)Random.Shared.NextInt64();
    private uint[] _chains = new uint[1024];
    private long _count;
    private ulong _lastSerial;

    [StructLayout(LayoutKind.Sequential)]
    private struct Header
    {
        public ulong Serial;
        public int Length;
        public uint References;
        public uint Hash;
        public uint Next;
    }

    public long Count => Volatile.Read(ref _count);

    public ReadOnlySpan<byte> Bytes(uint handle) => handle == 0 ? default : new ReadOnlySpan<byte>(At(handle) + 1, At(handle)->Length);

    public ulong Serial(uint handle) => handle == 0 ? 0 : At(handle)->Serial;

    /// <summary>The handle of a value with one more reference; 0 for the empty value.</summary>
    /// <returns>False when the limit is met.</returns>
    public bool TryIntern(ReadOnlySpan<byte> value, out uint handle)
    {
        handle = 0;
        if (value.IsEmpty)
        {
            return true;
        }

        uint hash = ByteHash.Of(value, _seed);
        for (handle = _chains[hash & (uint)(_chains.Length - 1)]; handle != 0; handle = At(handle)->Next)
        {
            if (At(handle)->Hash == hash && Bytes(handle).SequenceEqual(value))
            {
                At(handle)->References++;
                return true;
            }
        }

        handle = pool.Allocate(sizeof(Header) + value.Length);
        if (handle == 0)
        {
            return false;
        }

        if (_count >= _chains.Length)
        {
            Grow();
        }

        ref uint chain = ref _chains[hash & (uint)(_chains.Length - 1)];
        *At(handle) = new Header { Serial = ++_lastSerial, Length = value.Length, References = 1, Hash = hash, Next = chain };
        value.CopyTo(new Span<byte>(At(handle) + 1, value.Length));
        chain = handle;
        Volatile.Write(ref _count, _count + 1);
        return true;
    }

    /// <summary>Gives a reference back; with the last one the value's memory is free at once.</summary>
    public void Release(uint handle)
    {
        if (handle == 0 || --At(handle)->References > 0)
        {
            return;
        }

        Header* value = At(handle);
        ref uint chain = ref _chains[value->Hash & (uint)(_chains.Length - 1)];
        if (chain == handle)
        {
            chain = value->Next;
        }
        else
        {
            Header* before = At(chain);
            while (before->Next != handle)
            {
                before = At(before->Next);
            }

            before->Next = value->Next;
        }

        pool.Free(handle, sizeof(Header) + value->Length);
        Volatile.Write(ref _count, _count - 1);
    }

    private Header* At(uint handle) => (Header*)(pool.Start + ((nuint)handle * BlockPool.UnitBytes));

    private void Grow()
    {
        uint[] old = _chains;
        _chains = new uint[old.Length * 2];
        foreach (uint first in old)
        {
            for (uint handle = first, next; handle != 0; handle = next)
            {
                next = At(handle)->Next;
                ref uint chain = ref _chains[At(handle)->Hash & (uint)(_chains.Length - 1)];
                At(handle)->Next = chain;
                chain = handle;
            }
        }
    }
}
