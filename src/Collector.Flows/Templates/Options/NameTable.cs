using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Collector.Flows.Templates.Options;

/// <summary>Names by a number, up to a limit. Keeps the bytes, because a handle is only good for its epoch of the <see cref="ValueTable"/>.</summary>
internal sealed class NameTable<TKey>(int limit, OptionsBudget budget)
    where TKey : unmanaged, IEquatable<TKey>
{
    /// <summary>Longest name kept, in bytes; the rest is cut off.</summary>
    internal const int MaxLength = 255;

    private readonly Dictionary<TKey, Entry> _entries = [];

    internal int Count => _entries.Count;

    /// <summary>Grows with every change.</summary>
    internal uint Revision { get; private set; }

    /// <summary>All keys with the bytes of their names.</summary>
    internal IEnumerable<(TKey Key, byte[] Name)> All => _entries.Select(e => (e.Key, e.Value.Bytes));

    /// <summary>Keeps a name; allocates only when it is new or differs.</summary>
    /// <returns>False when the table is full.</returns>
    internal bool Set(TKey key, ReadOnlySpan<byte> name)
    {
        name = Trim(name);
        ref Entry entry = ref CollectionsMarshal.GetValueRefOrNullRef(_entries, key);
        if (Unsafe.IsNullRef(ref entry))
        {
            if (_entries.Count >= limit || !budget.TryTake())
            {
                return false;
            }

            Revision++;
            _entries.Add(key, new Entry { Bytes = name.ToArray(), Epoch = -1 });
            return true;
        }

        if (!name.SequenceEqual(entry.Bytes))
        {
            Revision++;
            entry = new Entry { Bytes = name.ToArray(), Epoch = -1 };
        }

        return true;
    }

    /// <summary>The handle of a name in the current epoch; 0 when there is none.</summary>
    internal uint Handle(TKey key, ValueTable values)
    {
        ref Entry entry = ref CollectionsMarshal.GetValueRefOrNullRef(_entries, key);
        if (Unsafe.IsNullRef(ref entry))
        {
            return 0;
        }

        if (entry.Epoch != values.Epoch)
        {
            entry.Handle = values.Intern(entry.Bytes);
            entry.Epoch = values.Epoch;
        }

        return entry.Handle;
    }

    // Fixed-length names are filled up with zero bytes, and some exporters fill variable ones too.
    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> name)
    {
        int end = name.IndexOf((byte)0);
        name = end < 0 ? name : name[..end];
        return name[..Math.Min(name.Length, MaxLength)];
    }

    private struct Entry
    {
        public byte[] Bytes;
        public uint Handle;
        public int Epoch;
    }
}
