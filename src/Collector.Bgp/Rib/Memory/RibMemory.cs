namespace Collector.Bgp.Rib.Memory;

/// <summary>Counts the bytes outside the garbage collector's heap against their one limit.</summary>
/// <remarks>Changed by the writer only; anybody may read.</remarks>
internal sealed class RibMemory(long limit)
{
    private readonly long _limit = limit == 0 ? long.MaxValue : limit;
    private long _used;
    private long _refused;

    public long Used => Volatile.Read(ref _used);

    public long Refused => Volatile.Read(ref _refused);

    public bool TryReserve(long bytes)
    {
        if (_used + bytes > _limit)
        {
            Volatile.Write(ref _refused, _refused + 1);
            return false;
        }

        Volatile.Write(ref _used, _used + bytes);
        return true;
    }

    public void Release(long bytes) => Volatile.Write(ref _used, _used - bytes);
}
