using System.Globalization;
using System.Net;
using Collector.Aggregation;
using Collector.Configuration;
using Collector.Enrichment;
using Collector.Hosting;
using Collector.Output;
using Collector.Pipeline;
using Collector.Telemetry;
using Collector.Tests.Output;
using Collector.Tests.Pipeline;
using Collector.Tests.Receiving;
using Collector.Tests.Sinks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Collector.Tests.Hosting;

public sealed class CollectorServiceTests : IDisposable
{
    private readonly TimersByHand _time = new();
    private readonly RecordingLogger _log = new();
    private readonly NotifySocket _manager = new();
    private readonly ServiceNotifier _notifier;
    private readonly LineLoggerProvider _lines = new(new LogOptions(), TimeProvider.System, journal: false, TextWriter.Null);
    private readonly ILoggerFactory _factory;

    public CollectorServiceTests()
    {
        _notifier = new ServiceNotifier(_manager.Variable);
        _factory = LoggerFactory.Create(builder => builder.AddProvider(new OneLogger(_log)));
    }

    [Fact]
    public async Task EveryMinute_OneLineOfWhatHappenedSinceTheLast_AlsoAsStatusOfTheService()
    {
        var options = new CollectorOptions
        {
            Listen = [new IPEndPoint(IPAddress.Loopback, 0)],
            Workers = 2,
            Outputs = [new OutputOptions { Name = "hosts", Window = new WindowOptions { RefreshSeconds = 3_600 } }],
        };
        PrimitiveSelection selection = TestPurge.Select("src_host");
        var corridor = new Corridor(
            options,
            [new OutputBlueprint { Options = options.Outputs[0], Plan = new AggregatePlan(selection.KeyFields), Needed = selection.NeededFields, Sink = new RecordingSink() }],
            new EnrichmentSources(options.Enrichment),
            _time,
            _factory);
        var configuration = new LoadedConfiguration(options, "a test", []);
        using var service = new CollectorService(
            ConfigurationSet.Of(configuration), [new CollectorPart(configuration, corridor, null)], _notifier, _lines, new NoLifetime(), _time, _factory);
        await service.StartAsync(CancellationToken.None);
        string address = _log.Messages.Single(m => m.StartsWith("receiving on ", StringComparison.Ordinal)).Split(' ')[2];
        Assert.Equal($"receiving on {address} with 2 workers", _log.Messages[0]);
        using (var sender = new UdpSender("127.0.0.1", int.Parse(address.Split(':')[1], CultureInfo.InvariantCulture)))
        {
            sender.Send(WorkerRig.ThirtyFlows(0));
            sender.Send(WorkerRig.ThirtyFlows(20));
            sender.Send(0, 5);
        }

        Assert.True(SpinWait.SpinUntil(() => corridor.Summary() is { Datagrams: 3, Records: 60 }, TimeSpan.FromSeconds(10)));
        _time.Fire(TimeSpan.FromMinutes(1));
        _time.Fire(TimeSpan.FromMinutes(1));
        _time.Fire(TimeSpan.FromSeconds(5));
        _time.Fire(TimeSpan.FromSeconds(5));
        const string Busy = "datagrams 3, records 60, kernel drops 0, lost 1 short datagram, keys 50, published 0";
        const string Idle = "datagrams 0, records 0, kernel drops 0, lost 0, keys 50, published 0";
        Assert.Equal([Busy, Idle, "127.0.0.1: 1 times short datagram"], _log.Messages[^3..]);

        await service.StopAsync(CancellationToken.None);
        Assert.Equal(["datagrams 0, records 0, kernel drops 0, lost 0, keys 0, published 50", "stopped"], _log.Messages[^2..]);
        Assert.Equal(["READY=1", $"STATUS={Busy}", $"STATUS={Idle}", "STOPPING=1"], _manager.Receive(5).Take(4));

        // As the host does, once for each type that the service is registered under.
        service.Dispose();
        service.Dispose();
    }

    public void Dispose()
    {
        _factory.Dispose();
        _lines.Dispose();
        _notifier.Dispose();
        _manager.Dispose();
    }

    private sealed class OneLogger(ILogger log) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => log;

        public void Dispose()
        {
        }
    }

    private sealed class NoLifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => throw new InvalidOperationException("nothing here stops the application");
    }
}
