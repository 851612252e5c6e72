using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Collector.Net;

/// <summary>Networks of one family as adjoining ranges of addresses, each owned by the longest network around it.</summary>
/// <typeparam name="T">uint for IPv4, UInt128 for IPv6.</typeparam>
internal sealed class AddressRanges<T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>, IUnsignedNumber<T>
{
    private const int BucketBits = 16;

    private readonly T[] _starts;
    private readonly int[] _owners;

    // First range of each bucket that begins at or behind the bucket's own beginning.
    private readonly int[] _buckets;
    private readonly int _shift;

    private AddressRanges(T[] starts, int[] owners, int bits)
    {
        (_starts, _owners, _shift) = (starts, owners, bits - BucketBits);
        _buckets = new int[(1 << BucketBits) + 1];
        int range = 0;
        for (int bucket = 0; bucket < 1 << BucketBits; bucket++)
        {
            T first = T.CreateTruncating(bucket) << _shift;
            while (range < starts.Length && starts[range] < first)
            {
                range++;
            }

            _buckets[bucket] = range;
        }

        _buckets[1 << BucketBits] = starts.Length;
    }

    /// <summary>The owner of the range that holds the address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(T address)
    {
        int bucket = int.CreateTruncating(address >> _shift);

        // The range before the bucket's first reaches into the bucket; the very first range begins at 0.
        int low = _buckets[bucket] - 1, high = _buckets[bucket + 1];
        while (high - low > 1)
        {
            int middle = (low + high) >>> 1;
            if (_starts[middle] <= address)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return _owners[Math.Max(low, 0)];
    }

    /// <summary>Gathers networks and lays them out.</summary>
    public sealed class Builder(int bits)
    {
        private readonly List<(T Start, int Length, int Index)> _networks = [];
        private readonly List<T> _starts = [T.Zero];
        private readonly List<int> _owners = [PrefixTable.None];

        /// <summary>Adds a network whose host bits are zero.</summary>
        public void Add(T start, int length, int index) => _networks.Add((start, length, index));

        /// <summary>Lays the networks out and writes the next shorter network of each into <paramref name="parents"/>.</summary>
        public AddressRanges<T> Build(int[] parents)
        {
            _networks.Sort();
            Span<(T Start, int Length, int Index)> sorted = CollectionsMarshal.AsSpan(_networks);
            var open = new Stack<(T Last, int Index)>();
            for (int i = 0; i < sorted.Length; i++)
            {
                (T start, int length, int index) = sorted[i];
                while (open.TryPeek(out (T Last, int Index) inner) && inner.Last < start)
                {
                    Close(open);
                }

                int parent = open.TryPeek(out (T Last, int Index) outer) ? outer.Index : PrefixTable.None;
                parents[index] = parent;
                if (i + 1 < sorted.Length && sorted[i + 1].Start == start && sorted[i + 1].Length == length)
                {
                    continue;
                }

                Begin(start, index);

                // A shift by all bits would shift by none.
                open.Push((start | (length == bits ? T.Zero : T.MaxValue >> length), index));
            }

            while (open.Count > 0)
            {
                Close(open);
            }

            return new AddressRanges<T>([.. _starts], [.. _owners], bits);
        }

        private void Close(Stack<(T Last, int Index)> open)
        {
            (T last, int _) = open.Pop();
            if (last != T.MaxValue)
            {
                Begin(last + T.One, open.TryPeek(out (T Last, int Index) outer) ? outer.Index : PrefixTable.None);
            }
        }

        private void Begin(T start, int owner)
        {
            if (_starts[^1] == start)
            {
                _owners[^1] = owner;
            }
            else if (_owners[^1] != owner)
            {
                _starts.Add(start);
                _owners.Add(owner);
            }
        }
    }
}
