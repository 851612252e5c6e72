using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Collector.Testing;

/// <summary>Memory between two pages that nobody may touch: a payload placed at its end makes every read beyond it end the process (SIGSEGV).</summary>
/// <remarks>A managed array would let code that works with raw references read its neighbours unseen. Not thread-safe: one per thread.</remarks>
public sealed unsafe class GuardedMemory : IDisposable
{
    private const int PageSize = 4096;
    private const int NoAccess = 0, Private = 2, Anonymous = 0x20, ReadWrite = 3;

    private readonly nuint _mapped;
    private readonly int _capacity;
    private byte* _start;

    /// <summary>Maps the pages.</summary>
    /// <param name="capacity">Most bytes placed at once; default: the largest UDP payload.</param>
    /// <exception cref="Win32Exception">The kernel refuses.</exception>
    public GuardedMemory(int capacity = 65_536)
    {
        _capacity = (capacity + PageSize - 1) / PageSize * PageSize;
        _mapped = (nuint)_capacity + (2 * PageSize);
        nint address = MapMemory(0, _mapped, NoAccess, Private | Anonymous, -1, 0);
        if (address == -1 || ProtectMemory(address + PageSize, (nuint)_capacity, ReadWrite) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "guard pages");
        }

        _start = (byte*)address;
    }

    /// <summary>The last <paramref name="length"/> bytes before the guard page; what they hold is left from before.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than the capacity.</exception>
    public Span<byte> AtEnd(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)_capacity, nameof(length));
        return new Span<byte>(_start + PageSize + _capacity - length, length);
    }

    /// <summary>The first <paramref name="length"/> bytes behind the guard page before them: a read of what lies before ends the process.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than the capacity.</exception>
    public Span<byte> AtStart(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)_capacity, nameof(length));
        return new Span<byte>(_start + PageSize, length);
    }

    /// <summary>A copy of the payload that ends at the guard page; valid until the next call.</summary>
    public ReadOnlySpan<byte> Place(ReadOnlySpan<byte> payload)
    {
        Span<byte> copy = AtEnd(payload.Length);
        payload.CopyTo(copy);
        return copy;
    }

    /// <summary>Gives the pages back.</summary>
    public void Dispose()
    {
        if (_start is not null)
        {
            _ = UnmapMemory((nint)_start, _mapped);
            _start = null;
        }
    }

    [DllImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static extern nint MapMemory(nint address, nuint length, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static extern int ProtectMemory(nint address, nuint length, int protection);

    [DllImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static extern int UnmapMemory(nint address, nuint length);
}
