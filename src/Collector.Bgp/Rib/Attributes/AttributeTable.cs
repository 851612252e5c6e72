using System.Runtime.Intrinsics.X86;
using Collector.Bgp.PathAttributes;
using Collector.Bgp.Rib.Memory;

namespace Collector.Bgp.Rib;

/// <summary>The path attributes of all routes, each set once, and the AS paths and communities in them, each once.</summary>
/// <remarks>
/// Changed under the writer lock only. What a handle stands for can be read by whoever holds the writer lock or owns a <see cref="RouteReader"/> that
/// was not quiesced since it got the handle; it never changes in that time, even when the last route with it goes.
/// </remarks>
public sealed unsafe class AttributeTable
{
    private readonly BlockPool _pool;
    private readonly ValueStore _values;
    private readonly Reclamation _reclamation;
    private readonly Action<uint> _free;
    private readonly ulong _seed = (ulong)Random.Shared.NextInt64();
    private uint[] _chains = new uint[1024];
    private long _count;
    private long _refused;

    internal AttributeTable(BlockPool pool, Reclamation reclamation)
    {
        _pool = pool;
        _reclamation = reclamation;
        _values = new ValueStore(pool);
        _free = Free;
    }

    /// <summary>Sets of attributes in use.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>AS paths and lists of communities in use.</summary>
    public long Values => _values.Count;

    /// <summary>Sets that were not taken because the memory limit was met.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>The set behind a handle.</summary>
    public ref readonly RouteAttributes this[uint handle] => ref *At(handle);

    /// <summary>The canonical bytes behind a value handle: those of <see cref="ReceivedAttributes"/>; empty for 0.</summary>
    public ReadOnlySpan<byte> Value(uint value) => _values.Bytes(value);

    /// <summary>A number that only the value now behind this handle ever had; 0 for handle 0. Who caches by handle compares it.</summary>
    public ulong Serial(uint value) => _values.Serial(value);

    /// <summary>The handle of a set, with one reference for the caller, who gives it back by <see cref="Release"/>.</summary>
    /// <returns>0 when the memory limit is met: the routes of the UPDATE cannot be kept and those of before are no longer valid.</returns>
    public uint Intern(ReceivedAttributes received)
    {
        ArgumentNullException.ThrowIfNull(received);
        uint standard = 0, extended = 0, large = 0;
        uint handle = 0;
        if (_values.TryIntern(received.AsPath, out uint path) && _values.TryIntern(received.StandardCommunities, out standard)
            && _values.TryIntern(received.ExtendedCommunities, out extended) && _values.TryIntern(received.LargeCommunities, out large))
        {
            var set = new RouteAttributes
            {
                Present = received.Present,
                Origin = received.Origin,
                NextHop = received.NextHop,
                LocalPreference = received.LocalPreference,
                Med = received.Med,
                Aigp = received.Aigp,
                OnlyToCustomer = received.OnlyToCustomer,
                OriginAs = PathAttributes.AsPath.OriginAs(received.AsPath),
                PeerAs = PathAttributes.AsPath.PeerAs(received.AsPath),
                PeerAsOutsideConfederation = PathAttributes.AsPath.PeerAsOutsideConfederation(received.AsPath),
                AsPath = path,
                StandardCommunities = standard,
                ExtendedCommunities = extended,
                LargeCommunities = large,
            };
            handle = Intern(ref set, out bool isNew);
            if (isNew)
            {
                return handle;
            }
        }

        // The set that is there has its own references to the values.
        _values.Release(path);
        _values.Release(standard);
        _values.Release(extended);
        _values.Release(large);
        if (handle == 0)
        {
            Volatile.Write(ref _refused, _refused + 1);
        }

        return handle;
    }

    /// <summary>One more reference.</summary>
    public void AddReference(uint handle) => At(handle)->References++;

    /// <summary>Gives a reference back; with the last one the set is forgotten once no reader can hold it.</summary>
    public void Release(uint handle)
    {
        RouteAttributes* set = At(handle);
        if (--set->References > 0)
        {
            return;
        }

        ref uint chain = ref _chains[set->Hash & (uint)(_chains.Length - 1)];
        if (chain == handle)
        {
            chain = set->Next;
        }
        else
        {
            RouteAttributes* before = At(chain);
            while (before->Next != handle)
            {
                before = At(before->Next);
            }

            before->Next = set->Next;
        }

        Volatile.Write(ref _count, _count - 1);
        _reclamation.Retire(_free, handle);
    }

    private uint Intern(ref RouteAttributes set, out bool isNew)
    {
        fixed (RouteAttributes* wanted = &set)
        {
            isNew = false;
            var bytes = new ReadOnlySpan<byte>(wanted, RouteAttributes.ValueBytes);
            uint hash = ByteHash.Of(bytes, _seed);
            for (uint there = _chains[hash & (uint)(_chains.Length - 1)]; there != 0; there = At(there)->Next)
            {
                if (At(there)->Hash == hash && new ReadOnlySpan<byte>(At(there), RouteAttributes.ValueBytes).SequenceEqual(bytes))
                {
                    At(there)->References++;
                    return there;
                }
            }

            uint handle = _pool.Allocate(sizeof(RouteAttributes));
            if (handle == 0)
            {
                return 0;
            }

            if (_count >= _chains.Length)
            {
                Grow();
            }

            ref uint chain = ref _chains[hash & (uint)(_chains.Length - 1)];
            (set.References, set.Hash, set.Next) = (1, hash, chain);
            *At(handle) = set;
            chain = handle;
            isNew = true;
            Volatile.Write(ref _count, _count + 1);
            return handle;
        }
    }

    /// <summary>Brings a set into the caches.</summary>
    internal void Prefetch(uint handle) => Sse.Prefetch0(At(handle));

    private RouteAttributes* At(uint handle) => (RouteAttributes*)(_pool.Start + ((nuint)handle * BlockPool.UnitBytes));

    private void Free(uint handle)
    {
        RouteAttributes* set = At(handle);
        _values.Release(set->AsPath);
        _values.Release(set->StandardCommunities);
        _values.Release(set->ExtendedCommunities);
        _values.Release(set->LargeCommunities);
        _pool.Free(handle, sizeof(RouteAttributes));
    }

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
