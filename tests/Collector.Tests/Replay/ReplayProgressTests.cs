using Collector.Replay;
using Xunit;

namespace Collector.Tests.Replay;

public class ReplayProgressTests
{
    private readonly ManualClock _clock = new();
    private readonly StringWriter _terminal = new();

    [Fact]
    public void ShortReplay_DrawsNothing()
    {
        var progress = new ReplayProgress(_terminal, _clock);
        for (int i = 0; i < 999; i++)
        {
            progress.Update(1, 1, 2);
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        progress.Clear();

        Assert.Equal("", _terminal.ToString());
    }

    [Fact]
    public void LongReplay_DrawsFiveTimesASecondAtMost()
    {
        var progress = new ReplayProgress(_terminal, _clock);
        for (int i = 0; i <= 3000; i++)
        {
            progress.Update(1, 1, 2);
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(11, _terminal.ToString().Count(c => c == '\r'));
    }

    [Fact]
    public void Line_TellsPacketsRateShareAndTimeLeft()
    {
        var progress = new ReplayProgress(_terminal, _clock);
        _clock.Advance(TimeSpan.FromSeconds(4));

        progress.Update(2_000_000, 250_000_000, 1_000_000_000);

        Assert.Equal("\rreplay: 2,000,000 packets, 500,000 a second, 250 of 1,000 MB (25 %), 12 s left\u001b[K", _terminal.ToString());
    }

    [Fact]
    public void UnknownTotal_TellsNoShare()
    {
        var progress = new ReplayProgress(_terminal, _clock);
        _clock.Advance(TimeSpan.FromSeconds(4));

        progress.Update(2_000_000, 250_000_000, 0);

        Assert.Equal("\rreplay: 2,000,000 packets, 500,000 a second, 250 MB\u001b[K", _terminal.ToString());
    }

    [Fact]
    public void Clear_WipesTheLineOnce()
    {
        var progress = new ReplayProgress(_terminal, _clock);
        _clock.Advance(TimeSpan.FromSeconds(2));
        progress.Update(1, 1, 1);
        _terminal.GetStringBuilder().Clear();

        progress.Clear();
        progress.Clear();

        Assert.Equal("\r\u001b[K", _terminal.ToString());
    }

    [Fact]
    public void Reader_IsLookedAtEvery1024Packets()
    {
        using var folder = new CaptureFolder();
        var file = new PcapBytes();
        for (int i = 0; i < 3000; i++)
        {
            file.Add(PacketBytes.Frame([1]));
        }

        using var reader = new CaptureReader([folder.Write("a.pcap", file.ToArray())], _ => { });
        var progress = new ReplayProgress(_terminal, _clock);
        while (reader.TryRead(out _))
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            progress.Update(reader);
        }

        Assert.Equal(["replay: 1 packets", "replay: 1,025 packets", "replay: 2,049 packets"], _terminal.ToString().Split('\r', StringSplitOptions.RemoveEmptyEntries).Select(l => l[..l.IndexOf(", ", StringComparison.Ordinal)]));
    }

    [Fact]
    public void NoTerminal_DrawsNothing()
    {
        var progress = new ReplayProgress(null, _clock);
        _clock.Advance(TimeSpan.FromSeconds(5));

        progress.Update(1, 1, 1);

        Assert.Null(Record.Exception(progress.Clear));
    }

    private sealed class ManualClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }
}
