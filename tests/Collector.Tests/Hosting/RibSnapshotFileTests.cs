using Collector.Bgp.Rib;
using Collector.Hosting;
using Collector.Net;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Collector.Tests.Hosting;

public sealed class RibSnapshotFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("collector-rib").FullName;
    private readonly Lines _log = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private sealed class Lines : ILogger
    {
        public List<(LogLevel Level, string Text)> All { get; } = [];

        public IEnumerable<string> Warnings => All.Where(l => l.Level == LogLevel.Warning).Select(l => l.Text);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Add((logLevel, formatter(state, exception)));
    }

    [Fact]
    public void SaveAtStop_ThenLoad_RoutesAreThereAndStale()
    {
        using (RouteTable before = TableWithARoute())
        {
            Open(before).SaveAtStop();
        }

        using RouteTable after = new(new RouteTableOptions(), TimeProvider.System);
        Open(after).Load();

        AdjRibIn peer = after.FindPeer(IpAddress.Parse("192.0.2.1"))!;
        Assert.Equal((1L, 1L, PeerState.Stale), (peer.Paths, peer.StalePaths, peer.Current.State));
        Assert.Empty(_log.Warnings);
        Assert.Equal([RibSnapshotFile.FileName], Directory.GetFiles(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Load_FileIsCut_OneWarningAndAnEmptyTable()
    {
        using RouteTable table = TableWithARoute();
        Open(table).SaveAtStop();
        string file = Path.Combine(_folder, RibSnapshotFile.FileName);
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^5]);

        using RouteTable after = new(new RouteTableOptions(), TimeProvider.System);
        Open(after).Load();

        Assert.Equal(0, after.Peers.Peers.Length);
        Assert.Contains("its checksum is wrong: it is cut off or damaged", Assert.Single(_log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoFile_Nothing()
    {
        using RouteTable table = new(new RouteTableOptions(), TimeProvider.System);
        Open(table).Load();

        Assert.Empty(_log.All);
    }

    [Fact]
    public void Save_AtEachInterval_AFailureIsSaidOnce()
    {
        using RouteTable table = TableWithARoute();
        using RibSnapshotFile file = Open(table);
        var time = new TimersByHand();
        file.Start(TimeSpan.FromMinutes(5), time);
        string unfinished = Path.Combine(_folder, RibSnapshotFile.FileName + ".new");
        Directory.CreateDirectory(unfinished);
        time.Fire(TimeSpan.FromMinutes(5));
        time.Fire(TimeSpan.FromMinutes(5));
        Assert.Single(_log.Warnings);

        Directory.Delete(unfinished);
        time.Fire(TimeSpan.FromMinutes(5));
        Assert.True(File.Exists(Path.Combine(_folder, RibSnapshotFile.FileName)));
    }

    private RibSnapshotFile Open(RouteTable table) => new(table, StateDirectory.OpenAt(_folder, out _)!, _log);

    private static RouteTable TableWithARoute()
    {
        var table = new RouteTable(new RouteTableOptions(), TimeProvider.System);
        AdjRibIn peer = table.AddPeer(new PeerDescription { Address = IpAddress.Parse("192.0.2.1"), AsNumber = 65001 })!;
        lock (table.WriterLock)
        {
            peer.Announce(new Nlri { Prefix = IpAddress.Parse("10.0.0.0"), Length = 8 }, table.Attributes.Intern(new ReceivedAttributes()));
        }

        return table;
    }
}
