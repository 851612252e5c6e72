using Collector.Net;
using static Collector.Receiving.LibC;

namespace Collector.Receiving;

/// <summary>
/// Which worker a source belongs to, once as C# and once as the classic BPF program that makes the kernel choose the same worker's socket.
/// </summary>
/// <remarks>
/// Only the source address counts: all ports of an exporter land on one worker, so its templates, samplers and sequence numbers need no lock.
/// The two forms must never differ; tests compare them packet by packet.
/// </remarks>
public static class ReuseportSteering
{
    /// <summary>2^32 divided by the golden ratio, made odd: spreads neighbouring addresses (Knuth, TAOCP 3, §6.4).</summary>
    private const uint Multiplier = 0x9E37_79B1;

    /// <summary>SKF_NET_OFF: loads from here on count from the network header.</summary>
    private const uint NetworkHeader = unchecked((uint)-0x10_0000);

    private const ushort LoadByte = 0x30;
    private const ushort LoadWord = 0x20;
    private const ushort ShiftRight = 0x74;
    private const ushort Multiply = 0x24;
    private const ushort Modulo = 0x94;
    private const ushort XorX = 0xAC;
    private const ushort CopyToX = 0x07;
    private const ushort JumpIfEqual = 0x15;
    private const ushort Jump = 0x05;
    private const ushort Return = 0x16;

    /// <summary>The worker of a source, 0 to <paramref name="workers"/> − 1.</summary>
    /// <param name="source">The address of the sender as the socket reports it, mapped or not.</param>
    /// <param name="workers">At least 1.</param>
    public static int WorkerOf(IpAddress source, int workers)
    {
        uint word;
        if (source.IsIPv4)
        {
            word = source.ToIPv4();
        }
        else
        {
            ulong halves = source.FirstHostOrder ^ source.LastHostOrder;
            word = (uint)(halves >> 32) ^ (uint)halves;
        }

        // Without the fold, addresses that differ only in their first octets would differ only in the last bits of the hash, or not at all.
        word ^= word >> 16;
        word *= Multiplier;
        return (int)((word >> 16) % (uint)workers);
    }

    /// <summary>The same as a program for SO_ATTACH_REUSEPORT_CBPF; it returns the index of a socket in the order of binding.</summary>
    internal static FilterInstruction[] Program(int workers) =>
    [
        new(LoadByte, 0, 0, NetworkHeader),
        new(ShiftRight, 0, 0, 4),
        new(JumpIfEqual, 0, 11, 6),
        new(LoadWord, 0, 0, NetworkHeader + 8),
        new(CopyToX, 0, 0, 0),
        new(LoadWord, 0, 0, NetworkHeader + 12),
        new(XorX, 0, 0, 0),
        new(CopyToX, 0, 0, 0),
        new(LoadWord, 0, 0, NetworkHeader + 16),
        new(XorX, 0, 0, 0),
        new(CopyToX, 0, 0, 0),
        new(LoadWord, 0, 0, NetworkHeader + 20),
        new(XorX, 0, 0, 0),
        new(Jump, 0, 0, 1),
        new(LoadWord, 0, 0, NetworkHeader + 12),
        new(CopyToX, 0, 0, 0),
        new(ShiftRight, 0, 0, 16),
        new(XorX, 0, 0, 0),
        new(Multiply, 0, 0, Multiplier),
        new(ShiftRight, 0, 0, 16),
        new(Modulo, 0, 0, (uint)workers),
        new(Return, 0, 0, 0),
    ];
}
