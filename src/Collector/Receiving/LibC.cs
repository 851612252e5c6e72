using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Collector.Receiving;

/// <summary>The calls and structures of Linux's socket interface that the framework does not offer; values are those of x86-64 and arm64.</summary>
/// <remarks>
/// Blocking calls must leave the thread in preemptive mode, so none of these carries SuppressGCTransition: a worker that waits for datagrams
/// would otherwise hold up every garbage collection.
/// </remarks>
internal static unsafe partial class LibC
{
    internal const int AddressFamilyInet = 2;
    internal const int AddressFamilyInet6 = 10;
    internal const int SocketTypeDatagramCloseOnExec = 2 | 0x80000;

    internal const int LevelSocket = 1;
    internal const int LevelIPv4 = 0;
    internal const int LevelIPv6 = 41;
    internal const int OptionBindToDevice = 25;
    internal const int OptionIPv4AddMembership = 35;
    internal const int OptionIPv4MulticastAll = 49;
    internal const int OptionIPv6AddMembership = 20;
    internal const int OptionIPv6MulticastAll = 29;
    internal const int OptionReceiveBuffer = 8;
    internal const int OptionReusePort = 15;
    internal const int OptionReceiveTimeout = 20;
    internal const int OptionAttachFilter = 26;
    internal const int OptionReceiveBufferForce = 33;
    internal const int OptionAttachReusePortFilter = 51;
    internal const int OptionMemoryInfo = 55;
    internal const int OptionIPv6Only = 26;

    internal const int MemoryInfoDrops = 8;
    internal const int MemoryInfoCount = 9;

    internal const int MessageTruncated = 0x20;
    internal const int MessageDontWait = 0x40;
    internal const int MessageWaitForOne = 0x10000;

    internal const short PollIn = 1;

    internal const int ErrorPermission = 1;
    internal const int ErrorInterrupted = 4;
    internal const int ErrorBadDescriptor = 9;
    internal const int ErrorAgain = 11;
    internal const int ErrorAccess = 13;
    internal const int ErrorFault = 14;
    internal const int ErrorNoDevice = 19;
    internal const int ErrorInvalid = 22;
    internal const int ErrorNotSocket = 88;
    internal const int ErrorAddressFamilyNotSupported = 97;
    internal const int ErrorAddressInUse = 98;
    internal const int ErrorAddressNotAvailable = 99;

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct IoVector
    {
        internal byte* Base;
        internal nuint Length;
    }

    /// <summary>struct mmsghdr: struct msghdr and the length received.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct MultiMessageHeader
    {
        internal byte* Name;
        internal uint NameLength;
        internal IoVector* Vectors;
        internal nuint VectorCount;
        internal void* Control;
        internal nuint ControlLength;
        internal int Flags;
        private readonly int _endOfHeader;
        internal uint Length;
    }

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollDescriptor
    {
        internal int Descriptor;
        internal short Events;
        internal short Returned;
    }

    /// <summary>struct sock_filter: one classic BPF instruction.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal readonly record struct FilterInstruction(ushort Code, byte JumpTrue, byte JumpFalse, uint Operand);

    /// <summary>struct sock_fprog.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct FilterProgram
    {
        internal ushort Length;
        internal FilterInstruction* Instructions;
    }

    /// <summary>errno of the last call of this class on this thread.</summary>
    internal static int LastError => Marshal.GetLastPInvokeError();

    internal static string Describe(int error) => Marshal.GetPInvokeErrorMessage(error);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    internal static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    internal static partial int ReceiveMultiple(int descriptor, MultiMessageHeader* messages, uint count, int flags, void* timeout);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(PollDescriptor* descriptors, nuint count, int timeoutMilliseconds);

    /// <summary>Sets the permissions that new files of the process do not get, and returns those of before.</summary>
    [LibraryImport("libc", EntryPoint = "umask")]
    internal static partial uint SetUmask(uint mask);

    /// <summary>Gives a file, or a symbolic link itself, to a user and a group; uint.MaxValue leaves one as it is.</summary>
    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int ChangeOwner(string path, uint user, uint group);

    /// <summary>The number of a user. For the start: the call shares one answer between all threads.</summary>
    internal static bool TryFindUser(string name, out int number) => TryRead(FindUser(name), out number);

    /// <summary>The number of a group. For the start: the call shares one answer between all threads.</summary>
    internal static bool TryFindGroup(string name, out int number) => TryRead(FindGroup(name), out number);

    // struct passwd and struct group both begin with two pointers and the number.
    private static bool TryRead(byte* entry, out int number)
    {
        number = entry is null ? 0 : *(int*)(entry + (2 * sizeof(nint)));
        return entry is not null;
    }

    [LibraryImport("libc", EntryPoint = "getpwnam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial byte* FindUser(string name);

    [LibraryImport("libc", EntryPoint = "getgrnam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial byte* FindGroup(string name);

    [LibraryImport("libc", EntryPoint = "usleep")]
    internal static partial int SleepMicroseconds(uint microseconds);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(int descriptor, byte* address, uint length);

    [LibraryImport("libc", EntryPoint = "getsockname", SetLastError = true)]
    private static partial int GetSocketName(int descriptor, byte* address, uint* length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(int descriptor, int level, int option, void* value, uint length);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    private static partial int GetOption(int descriptor, int level, int option, void* value, uint* length);

    /// <summary>Binds; returns 0 or errno.</summary>
    internal static int Bind(int descriptor, IPEndPoint address)
    {
        SocketAddress native = address.Serialize();
        fixed (byte* bytes = native.Buffer.Span)
        {
            return Bind(descriptor, bytes, (uint)native.Size) == 0 ? 0 : LastError;
        }
    }

    /// <summary>The address that a socket is bound to.</summary>
    internal static IPEndPoint LocalAddress(int descriptor, AddressFamily family)
    {
        var native = new SocketAddress(family);
        fixed (byte* bytes = native.Buffer.Span)
        {
            uint length = (uint)native.Size;
            if (GetSocketName(descriptor, bytes, &length) != 0)
            {
                throw new ListenException($"getsockname: {Describe(LastError)}");
            }
        }

        return (IPEndPoint)new IPEndPoint(family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0).Create(native);
    }

    /// <summary>Sets an option; returns 0 or errno.</summary>
    internal static int SetOption<T>(int descriptor, int level, int option, T value)
        where T : unmanaged => SetOption(descriptor, level, option, &value, (uint)sizeof(T)) == 0 ? 0 : LastError;

    /// <summary>SO_BINDTODEVICE; returns 0 or errno.</summary>
    internal static int BindToDevice(int descriptor, string name)
    {
        byte[] bytes = [.. System.Text.Encoding.UTF8.GetBytes(name), 0];
        fixed (byte* first = bytes)
        {
            return SetOption(descriptor, LevelSocket, OptionBindToDevice, first, (uint)bytes.Length) == 0 ? 0 : LastError;
        }
    }

    /// <summary>Joins a multicast group on an interface (0: the kernel's choice); returns 0 or errno.</summary>
    internal static int Join(int descriptor, IPAddress group, int interfaceIndex)
    {
        byte[] address = group.GetAddressBytes();

        // struct ip_mreqn: group, local address, index. struct ipv6_mreq: group, index.
        byte[] request = address.Length == 4 ? [.. address, 0, 0, 0, 0, .. BitConverter.GetBytes(interfaceIndex)] : [.. address, .. BitConverter.GetBytes(interfaceIndex)];
        (int level, int option) = address.Length == 4 ? (LevelIPv4, OptionIPv4AddMembership) : (LevelIPv6, OptionIPv6AddMembership);
        fixed (byte* first = request)
        {
            return SetOption(descriptor, level, option, first, (uint)request.Length) == 0 ? 0 : LastError;
        }
    }

    /// <summary>The index of an interface; 0 where there is none of the name.</summary>
    [LibraryImport("libc", EntryPoint = "if_nametoindex", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int InterfaceIndex(string name);

    /// <summary>Reads an option; returns 0 or errno.</summary>
    internal static int GetOption<T>(int descriptor, int level, int option, Span<T> value)
        where T : unmanaged
    {
        uint length = (uint)(value.Length * sizeof(T));
        fixed (T* target = value)
        {
            return GetOption(descriptor, level, option, target, &length) == 0 ? 0 : LastError;
        }
    }

    /// <summary>Attaches a classic BPF program; returns 0 or errno.</summary>
    internal static int AttachFilter(int descriptor, int option, ReadOnlySpan<FilterInstruction> instructions)
    {
        fixed (FilterInstruction* first = instructions)
        {
            return SetOption(descriptor, LevelSocket, option, new FilterProgram { Length = (ushort)instructions.Length, Instructions = first });
        }
    }
}
