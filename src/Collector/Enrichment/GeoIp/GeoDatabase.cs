using System.Runtime.CompilerServices;
using Collector.Net;

namespace Collector.Enrichment.GeoIp;

/// <summary>The places of a GeoIP database by address. Immutable, shared by all workers; a reload makes a new one and swaps the reference.</summary>
/// <remarks>
/// The binary tree of the file with its leaves decoded: a lookup is a walk over at most 16 (IPv4) or 112 (IPv6) nodes behind a table of the first
/// sixteen bits, and what it finds is there already. It never allocates.
/// </remarks>
public sealed class GeoDatabase
{
    private const int JumpBits = 16;

    private readonly uint[] _nodes;
    private readonly uint _nodeCount;
    private readonly GeoPlace[] _places;
    private readonly uint[] _ipv4;
    private readonly uint[]? _ipv6;

    /// <summary>Takes a tree that has been checked.</summary>
    /// <param name="description">Kind and date of the database, for the log.</param>
    /// <param name="nodes">Two records a node, left and right: a node below their number, else that number plus the index of a place.</param>
    /// <param name="places">The places; the first is the one that says nothing.</param>
    /// <param name="isIPv4Only">True when the tree starts at the first bit of IPv4 addresses, and knows no IPv6 ones.</param>
    internal GeoDatabase(string description, uint[] nodes, GeoPlace[] places, bool isIPv4Only)
    {
        (Description, _nodes, _places, _nodeCount) = (description, nodes, places, (uint)(nodes.Length / 2));
        uint root = 0;

        // In a tree of IPv6 addresses those of IPv4 lie behind 96 bits of zero.
        for (int i = 0; i < 96 && !isIPv4Only && root < _nodeCount; i++)
        {
            root = _nodes[2 * root];
        }

        _ipv4 = BuildJumps(root);
        _ipv6 = isIPv4Only ? null : BuildJumps(0);
    }

    /// <summary>Kind and date of the database.</summary>
    public string Description { get; }

    /// <summary>Different places, the one that says nothing left out.</summary>
    public int Count => _places.Length - 1;

    /// <summary>What the database says about an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="isIPv4">Its family; for a mapped address the form does not tell.</param>
    public ref readonly GeoPlace Find(IpAddress address, bool isIPv4)
    {
        uint record;
        if (isIPv4)
        {
            uint bits = address.ToIPv4();
            record = Walk(_ipv4[bits >> (32 - JumpBits)], (ulong)bits << (32 + JumpBits), 32 - JumpBits);
        }
        else
        {
            ulong first = address.FirstHostOrder;
            record = _ipv6 is null ? _nodeCount : Walk(_ipv6[first >> (64 - JumpBits)], first << JumpBits, 64 - JumpBits);
            record = Walk(record, address.LastHostOrder, 64);
        }

        // A walk that ends at a node has used all bits: a tree that is deeper than addresses are long says nothing.
        return ref _places[record < _nodeCount ? 0 : record - _nodeCount];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Walk(uint record, ulong bits, int count)
    {
        for (; record < _nodeCount && count > 0; count--)
        {
            record = _nodes[(2 * record) + (uint)(bits >> 63)];
            bits <<= 1;
        }

        return record;
    }

    private uint[] BuildJumps(uint root)
    {
        uint[] jumps = new uint[1 << JumpBits];
        for (int i = 0; i < jumps.Length; i++)
        {
            jumps[i] = Walk(root, (ulong)i << (64 - JumpBits), JumpBits);
        }

        return jumps;
    }
}
