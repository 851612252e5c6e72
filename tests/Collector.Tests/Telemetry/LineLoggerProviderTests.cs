using Collector.Configuration;
using Collector.Telemetry;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Collector.Tests.Telemetry;

public sealed class LineLoggerProviderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("collector-test");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Log_Entry_IsOneLineWithTimeAndLevel()
    {
        string text = Write(new LogOptions(), journal: false, log => log.LogWarning("two\nlines"));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d WARN: two \| lines\n$", text);
    }

    [Fact]
    public void Log_Exception_IsOnTheSameLine()
    {
        string text = Write(new LogOptions { Timestamps = false }, journal: false, log => log.LogError(new InvalidOperationException("a\nb"), "failed"));
        Assert.Equal("ERROR: failed: System.InvalidOperationException: a | b\n", text);
    }

    [Fact]
    public void Log_BehindTheJournal_LinesBeginWithTheirPriority() => Assert.Equal(
        "<7>d\n<6>i\n<4>w\n<3>e\n<2>c\n",
        Write(new LogOptions { Level = LogLevel.Debug }, journal: true, log =>
        {
            log.LogDebug("d");
            log.LogInformation("i");
            log.LogWarning("w");
            log.LogError("e");
            log.LogCritical("c");
        }));

    [Fact]
    public void Log_OfPmacct_BeginsAsPmacctsWithWholeSeconds()
    {
        string text = Write(new LogOptions(), journal: false, log => log.LogWarning("w"), "edge");
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d WARN \( edge/core \): w\n$", text);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ WARN \( edge/core \): w\n$", Write(new LogOptions { Utc = true }, journal: false, log => log.LogWarning("w"), "edge"));
    }

    [Fact]
    public void Log_OfPmacct_NamesThePluginAndTheLevelNotice()
    {
        static void WriteTwo(ILogger log)
        {
            log.LogInformation("i");
            log.Log(LogLevel.Information, new EventId(1, LineLoggerProvider.Notice), "n", null, (state, _) => state);
        }

        Assert.Equal("INFO ( k/kafka ): i\nNOTICE ( k/kafka ): n\n", Write(new LogOptions { Timestamps = false }, journal: false, WriteTwo, "edge", "k/kafka"));
        Assert.Equal("<6>INFO ( edge/core ): i\n<5>NOTICE ( edge/core ): n\n", Write(new LogOptions(), journal: true, WriteTwo, "edge"));
    }

    [Fact]
    public void Log_BelowTheLevel_IsLeftOut() => Assert.Equal(
        "WARN: w\n",
        Write(new LogOptions { Level = LogLevel.Warning, Timestamps = false }, journal: false, log =>
        {
            log.LogInformation("i");
            log.LogWarning("w");
        }));

    [Fact]
    public void Log_FileThatWasMovedAway_IsOpenedAnewAtReopen()
    {
        string file = Path.Combine(_folder.FullName, "log"), moved = file + ".1";
        using (var provider = new LineLoggerProvider(new LogOptions { File = file, Timestamps = false }, TimeProvider.System, journal: true, TextWriter.Null))
        {
            ILogger log = provider.CreateLogger("x");
            log.LogInformation("before");
            Assert.True(SpinWait.SpinUntil(() => new FileInfo(file).Length > 0, TimeSpan.FromSeconds(30)));
            File.Move(file, moved);
            provider.Reopen();
            log.LogInformation("after");
        }

        Assert.Equal("INFO: before\n", File.ReadAllText(moved));
        Assert.Equal("INFO: after\n", File.ReadAllText(file));
    }

    [Fact]
    public void Log_WriterThatBlocks_NeverBlocksWhoLogsAndCountsWhatIsLeftOut()
    {
        using var slow = new BlockedWriter();
        using (var provider = new LineLoggerProvider(new LogOptions { Timestamps = false }, TimeProvider.System, journal: false, slow))
        {
            ILogger log = provider.CreateLogger("x");
            log.LogInformation("first");
            slow.Entered.Wait(TimeSpan.FromSeconds(30));
            for (int i = 0; i < 10_000; i++)
            {
                log.LogInformation("more");
            }

            slow.Release.Set();
        }

        Assert.Contains("WARN: 1808 log lines left out, the log could not be written fast enough\n", slow.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FileThatCannotBe_Throws() => Assert.Throws<UnauthorizedAccessException>(
        () => new LineLoggerProvider(new LogOptions { File = _folder.FullName }, TimeProvider.System, journal: false, TextWriter.Null));

    private static string Write(LogOptions options, bool journal, Action<ILogger> write, string? coreName = null, string category = "x")
    {
        var text = new StringWriter();
        using (var provider = new LineLoggerProvider(options, TimeProvider.System, journal, text, coreName))
        {
            write(provider.CreateLogger(category));
        }

        return text.ToString();
    }

    private sealed class BlockedWriter : StringWriter
    {
        public ManualResetEventSlim Entered { get; } = new();

        public ManualResetEventSlim Release { get; } = new();

        public string Text => GetStringBuilder().ToString();

        public override Task WriteLineAsync(string? value)
        {
            Entered.Set();
            Release.Wait();
            return base.WriteLineAsync(value);
        }

        protected override void Dispose(bool disposing)
        {
            Entered.Dispose();
            Release.Dispose();
            base.Dispose(disposing);
        }
    }
}
