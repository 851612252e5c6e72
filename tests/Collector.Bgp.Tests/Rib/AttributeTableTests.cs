using Collector.Bgp.Rib;
using Xunit;
using static Collector.Bgp.Tests.Rib.Routes;

namespace Collector.Bgp.Tests.Rib;

public sealed class AttributeTableTests : IDisposable
{
    private readonly RouteTable _table = new(new RouteTableOptions(), TimeProvider.System);

    public void Dispose() => _table.Dispose();

    [Fact]
    public void Intern_SameSetTwice_OneHandle()
    {
        uint first = _table.Attributes.Intern(Received([1, 2, 3], communities: [7, 8]));
        uint second = _table.Attributes.Intern(Received([1, 2, 3], communities: [7, 8]));

        Assert.Equal(first, second);
        Assert.Equal(1, _table.Attributes.Count);
        Assert.Equal(2, _table.Attributes.Values);
    }

    [Fact]
    public void Intern_OneFieldDiffers_ValuesAreShared()
    {
        uint first = _table.Attributes.Intern(Received([1, 2, 3], med: 1));
        uint second = _table.Attributes.Intern(Received([1, 2, 3], med: 2));

        Assert.NotEqual(first, second);
        Assert.Equal(_table.Attributes[first].AsPath, _table.Attributes[second].AsPath);
        Assert.Equal((1u, 3u, 2u), (_table.Attributes[second].PeerAs, _table.Attributes[second].OriginAs, _table.Attributes[second].Med));
        Assert.Equal(Received([1, 2, 3]).AsPath.ToArray(), _table.Attributes.Value(_table.Attributes[first].AsPath).ToArray());
    }

    [Fact]
    public void Release_LastReference_GoesOnlyAfterTheReaderPassed()
    {
        using RouteReader reader = _table.CreateReader();
        uint handle = _table.Attributes.Intern(Received([1, 2, 3]));
        uint path = _table.Attributes[handle].AsPath;
        ulong serial = _table.Attributes.Serial(path);
        lock (_table.WriterLock)
        {
            _table.Attributes.Release(handle);
            _table.Reclaim();
        }

        Assert.Equal(0, _table.Attributes.Count);
        Assert.Equal(Received([1, 2, 3]).AsPath.ToArray(), reader.Value(path).ToArray());

        reader.Quiesce();
        _table.Reclaim();
        Assert.Equal(0, _table.Attributes.Values);
        uint again = _table.Attributes.Intern(Received([4, 5, 6]));
        Assert.Equal(path, _table.Attributes[again].AsPath);
        Assert.NotEqual(serial, _table.Attributes.Serial(_table.Attributes[again].AsPath));
    }

    [Fact]
    public void Intern_NoMemoryLeft_IsRefusedAndCountedAndUsedAgainLater()
    {
        using var table = new RouteTable(new RouteTableOptions { MemoryLimit = 1 << 20 }, TimeProvider.System);
        var handles = new List<uint>();
        uint handle;
        for (uint i = 0; (handle = table.Attributes.Intern(Received([1, i], med: i))) != 0; i++)
        {
            handles.Add(handle);
        }

        Assert.Equal(1, table.Attributes.Refused);
        Assert.InRange(handles.Count, 1000, 20_000);
        Assert.Equal(handles.Count, table.Attributes.Count);
        Assert.Equal(handles.Count, table.Attributes.Values);
        foreach (uint each in handles)
        {
            table.Attributes.Release(each);
        }

        table.Reclaim();
        Assert.Equal(0, table.Attributes.Values);
        Assert.NotEqual(0u, table.Attributes.Intern(Received([7])));
    }
}
