using System.Runtime.InteropServices;

namespace Collector.LoadGenerator.Sending;

/// <summary>sendmmsg and its structures; values are those of Linux on x86-64 and arm64.</summary>
internal static unsafe partial class LibC
{
    internal const int ErrorInterrupted = 4;
    internal const int ErrorConnectionRefused = 111;

    /// <summary>SOL_UDP and UDP_SEGMENT.</summary>
    internal const int LevelUdp = 17;
    internal const int UdpSegment = 103;

    [StructLayout(LayoutKind.Sequential)]
    internal struct IoVector
    {
        internal byte* Base;
        internal nuint Length;
    }

    /// <summary>struct mmsghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct MultiMessageHeader
    {
        internal byte* Name;
        internal uint NameLength;
        internal IoVector* Vectors;
        internal nuint VectorCount;
        internal ControlMessage* Control;
        internal nuint ControlLength;
        internal int Flags;
        private readonly int _endOfHeader;
        internal uint Length;
    }

    /// <summary>struct cmsghdr with a 16-bit value, padded to CMSG_SPACE.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ControlMessage
    {
        internal nuint Length;
        internal int Level;
        internal int Type;
        internal ushort Value;
        private readonly ushort _padding2;
        private readonly uint _padding4;
    }

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    internal static partial int SendMultiple(int descriptor, MultiMessageHeader* messages, uint count, int flags);

    [LibraryImport("libc", EntryPoint = "usleep")]
    internal static partial int SleepMicroseconds(uint microseconds);
}
