using System.Runtime.InteropServices;

namespace Collector.Bgp.Rib.Memory;

/// <summary>
/// A range of addresses of which pages become memory when they are first written: it grows without ever moving, so readers hold plain pointers.
/// </summary>
/// <remarks>
/// Pages that were only read cost nothing. Written ones are counted, page by page, against the limit: a caller asks <see cref="TryTouch"/> before it
/// writes. The range beyond what was made usable is PROT_NONE, which counts nowhere, not even with vm.overcommit_memory=2.
/// </remarks>
internal sealed unsafe partial class ReservedMemory : IDisposable
{
    public const int PageBytes = 4096;

    // A lookup goes to a few places all over these ranges, so that most of its time would go into finding pages: large ones save that.
    private const long HugePageBytes = 2 << 20;

    private const int ProtectionNone = 0, ProtectionReadWrite = 1 | 2;
    private const int MapPrivate = 2, MapAnonymous = 0x20, MapNoReserve = 0x4000;
    private const int AdviseDontNeed = 4, AdviseHugePage = 14, AdviseCollapse = 25;

    private readonly RibMemory _memory;
    private readonly nuint _reserved;
    private ulong[] _touched = [];
    private readonly byte* _mapped;
    private nuint _usable;
    private long _counted;
    private bool _isHuge;
    private bool _disposed;

    /// <exception cref="OutOfMemoryException">The process may not have so many addresses (RLIMIT_AS).</exception>
    public ReservedMemory(RibMemory memory, long bytes)
        : this(memory, RoundUp(bytes), Reserve(RoundUp(bytes)))
    {
        if (Start == null)
        {
            throw new OutOfMemoryException($"Cannot reserve {bytes >> 20} MiB of addresses for the routing table.");
        }
    }

    private ReservedMemory(RibMemory memory, nuint reserved, byte* start)
    {
        (_memory, _reserved) = (memory, reserved);
        _mapped = start;
        Start = start == null ? null : (byte*)(((nuint)start + HugePageBytes - 1) & ~(nuint)(HugePageBytes - 1));
    }

    /// <summary>The same as the constructor; null when the process may not have so many addresses.</summary>
    public static ReservedMemory? TryReserve(RibMemory memory, long bytes) =>
        Reserve(RoundUp(bytes)) is var start && start == null ? null : new ReservedMemory(memory, RoundUp(bytes), start);

    ~ReservedMemory() => _ = _mapped == null ? 0 : Unmap(_mapped, _reserved + (nuint)HugePageBytes);

    public byte* Start { get; }

    /// <summary>Bytes of the pages that were written.</summary>
    public long TouchedBytes => _counted;

    /// <summary>Makes the first bytes readable (as zeros) and writable; what is usable already stays.</summary>
    /// <returns>False when the range is used up, or the kernel gives no more (vm.overcommit_memory=2).</returns>
    public bool TryMakeUsable(long bytes)
    {
        // A large page must be usable whole.
        nuint end = Math.Min(_reserved, (nuint)((bytes + HugePageBytes - 1) & ~(HugePageBytes - 1)));
        if (end <= _usable)
        {
            return true;
        }

        if (RoundUp(bytes) > _reserved || Protect(Start + _usable, end - _usable, ProtectionReadWrite) != 0)
        {
            return false;
        }

        _usable = end;
        return true;
    }

    /// <summary>Counts the page of an offset that is about to be written.</summary>
    /// <returns>False when the limit is met and the page was not counted before.</returns>
    public bool TryTouch(nuint offset)
    {
        nuint page = offset / PageBytes;
        if (page / 64 >= (nuint)_touched.Length)
        {
            Array.Resize(ref _touched, (int)Math.Max((page / 64) + 1, (nuint)_touched.Length * 2));
        }

        ref ulong word = ref _touched[page / 64];
        ulong bit = 1UL << (int)(page % 64);
        if ((word & bit) != 0)
        {
            return true;
        }

        if (!_memory.TryReserve(PageBytes))
        {
            return false;
        }

        _counted += PageBytes;
        word |= bit;
        return true;
    }

    /// <summary>Large pages from now on, also for what is there: the range has become, or will be, densely used.</summary>
    /// <remarks>Where the kernel has none to give, nothing changes.</remarks>
    public void UseHugePages()
    {
        if (!_isHuge)
        {
            _isHuge = true;
            _ = Advise(Start, _reserved, AdviseHugePage);
            if (_counted > HugePageBytes)
            {
                _ = Advise(Start, _usable, AdviseCollapse);
            }
        }
    }

    /// <summary>Gives all pages back; the range reads as zeros afterwards.</summary>
    public void Clear()
    {
        if (_usable > 0)
        {
            _ = Advise(Start, _usable, AdviseDontNeed);
        }

        _memory.Release(_counted);
        _counted = 0;
        Array.Clear(_touched);
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _memory.Release(_counted);
            _ = Unmap(_mapped, _reserved + (nuint)HugePageBytes);
            GC.SuppressFinalize(this);
        }
    }

    private static nuint RoundUp(long bytes) => ((nuint)bytes + PageBytes - 1) & ~(nuint)(PageBytes - 1);

    private static byte* Reserve(nuint bytes)
    {
        nint start = Map(0, bytes + (nuint)HugePageBytes, ProtectionNone, MapPrivate | MapAnonymous | MapNoReserve, -1, 0);
        return start == -1 ? null : (byte*)start;
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(byte* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(byte* address, nuint length, int advice);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(byte* address, nuint length);
}
