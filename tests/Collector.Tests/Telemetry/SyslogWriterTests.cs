using System.Net.Sockets;
using System.Text;
using Collector.Configuration;
using Collector.Telemetry;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Collector.Tests.Telemetry;

public sealed class SyslogWriterTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("collector-test");

    private string Path => System.IO.Path.Combine(_folder.FullName, "log");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Write_Line_IsAsLibcWritesIt()
    {
        using Socket syslog = Listen();
        using var writer = new SyslogWriter(18, "nfacctd", new FixedTime(new DateTime(2026, 11, 7, 2, 3, 4, DateTimeKind.Utc)), Path);
        Assert.Null(writer.Connect());
        Assert.True(writer.Write(6, "INFO ( edge/core ): x"));
        Assert.Equal($"<150>Nov  7 02:03:04 nfacctd[{Environment.ProcessId}]: INFO ( edge/core ): x\n", Receive(syslog));
        Assert.True(writer.Write(3, new string('y', 20_000)));
        Assert.Equal(8_192, Receive(syslog).Length);
    }

    [Fact]
    public void Write_SyslogThatWasRestarted_IsFoundAgain()
    {
        using var writer = new SyslogWriter(3, "c", TimeProvider.System, Path);
        using (Listen())
        {
            Assert.Null(writer.Connect());
        }

        Assert.False(writer.Write(6, "nobody"));
        File.Delete(Path);
        using Socket second = Listen();
        Assert.True(writer.Write(6, "again"));
        Assert.EndsWith("]: again\n", Receive(second), StringComparison.Ordinal);
        Assert.Equal(0, writer.Lost);
    }

    [Fact]
    public void Write_SyslogThatIsFull_LosesLinesAndSaysSoLaterWithoutBlocking()
    {
        using Socket syslog = Listen();
        using var writer = new SyslogWriter(3, "c", TimeProvider.System, Path);
        Assert.Null(writer.Connect());
        int sent = 0;
        while (writer.Lost < 5)
        {
            Assert.True(writer.Write(6, "more"));
            Assert.True(++sent < 100_000);
        }

        for (int i = 0; i < sent - 5; i++)
        {
            Assert.EndsWith("]: more\n", Receive(syslog), StringComparison.Ordinal);
        }

        Assert.True(writer.Write(6, "last"));
        Assert.StartsWith("<28>", Receive(syslog, out string text), StringComparison.Ordinal);
        Assert.EndsWith("]: 5 log lines left out, syslog could not take them\n", text, StringComparison.Ordinal);
        Assert.EndsWith("]: last\n", Receive(syslog), StringComparison.Ordinal);
    }

    [Fact]
    public void Log_ToSyslog_HasSeveritiesAndThePrefixOfPmacct()
    {
        using Socket syslog = Listen();
        var options = new LogOptions { Syslog = "LOCAL7", SyslogIdent = "sfacctd" };
        using (var provider = new LineLoggerProvider(options, TimeProvider.System, journal: true, TextWriter.Null, "edge", Path))
        {
            provider.CreateLogger("x").LogWarning("w");
            provider.CreateLogger("p/print").Log(LogLevel.Information, new EventId(1, LineLoggerProvider.Notice), "n", null, (s, _) => s);
        }

        Assert.Matches(@"^<188>\w{3} [ \d]\d \d\d:\d\d:\d\d sfacctd\[\d+\]: WARN \( edge/core \): w\n$", Receive(syslog));
        Assert.Matches(@"^<189>.*\]: NOTICE \( p/print \): n\n$", Receive(syslog));
    }

    [Fact]
    public void Log_WithoutSyslog_WarnsAndGoesToStderr()
    {
        var error = new StringWriter();
        using (var provider = new LineLoggerProvider(new LogOptions { Syslog = "daemon", Timestamps = false }, TimeProvider.System, journal: false, error, null, Path))
        {
            provider.CreateLogger("x").LogInformation("i");
        }

        Assert.Matches($@"^WARN: there is no syslog \({Path}: .+\); the log goes to stderr, and to syslog once there is one\nINFO: i\n$", error.ToString());
    }

    [Fact]
    public void Facility_Names_HaveTheirNumbers()
    {
        Assert.Equal([0, 1, 2, 3, 4, 16, 23, null, null], new[] { "kern", "user", "mail", "Daemon", "auth", "local0", "local7", "local8", "" }.Select(SyslogFacility.Find));
    }

    private Socket Listen()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 30_000 };
        socket.Bind(new UnixDomainSocketEndPoint(Path));
        return socket;
    }

    private static string Receive(Socket socket) => Receive(socket, out _);

    private static string Receive(Socket socket, out string text)
    {
        byte[] buffer = new byte[65_536];
        return text = Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }

    private sealed class FixedTime(DateTime now) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => now;
    }
}
