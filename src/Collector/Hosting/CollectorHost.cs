using Collector.CommandLine;
using Collector.Configuration;
using Collector.Receiving;
using Collector.Sinks.Kafka;
using Collector.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Collector.Hosting;

/// <summary>The daemon on the generic host.</summary>
public static class CollectorHost
{
    /// <summary>How long a stop may take until what is not published is given up. The systemd unit waits longer.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Runs until a signal, or until a thread fails.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(LoadedConfiguration configuration)
    {
        if (LogSetup.TryOpen(configuration.Options.Log, configuration.Options.PmacctCoreName) is not { } lines)
        {
            return ExitCode.Configuration;
        }

        using (lines)
        using (ILoggerFactory factory = LogSetup.CreateFactory(lines, configuration.Options.Log.Level))
        {
            ILogger log = factory.CreateLogger("collector");
            LogSetup.WriteFindings(log, configuration);
            try
            {
                // Read by the workers to the end of the corridor, so given back after the host.
                await using BgpDaemon? bgp = BgpDaemon.Create(configuration.Options, TimeProvider.System, log);
                using IHost host = Build(configuration, lines, factory, log, bgp);
                await host.StartAsync();
                await host.WaitForShutdownAsync();
                return host.Services.GetRequiredService<CollectorService>().Fault is null ? ExitCode.Ok : ExitCode.Runtime;
            }
            catch (Exception e) when (e is CannotStartException or ListenException or KafkaConfigurationException)
            {
                Log.CannotStart(log, e.Message);
                return ExitCode.Configuration;
            }
            catch (Exception e)
            {
                Log.Faulted(log, e);
                return ExitCode.Runtime;
            }
        }
    }

    private static IHost Build(LoadedConfiguration configuration, LineLoggerProvider lines, ILoggerFactory factory, ILogger log, BgpDaemon? bgp)
    {
        StateDirectory? state = StateDirectory.Open(configuration.Options.StateDirectory, out string? reason);
        if (reason is not null)
        {
            Log.NoState(log, reason);
        }

        bgp?.UseState(state);

        // No configuration sources, no content root, no console lifetime: files, switches and signals are the collector's own.
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = "collector" });
        builder.Services.AddSingleton(factory);
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = StopTimeout);
        builder.Services.AddSingleton(_ => ServiceNotifier.FromEnvironment());
        builder.Services.AddSingleton(services => new CollectorService(
            configuration,
            Wiring.Build(configuration.Options, bgp, state, factory),
            services.GetRequiredService<ServiceNotifier>(),
            lines,
            services.GetRequiredService<IHostApplicationLifetime>(),
            TimeProvider.System,
            factory,
            bgp));
        builder.Services.AddHostedService(services => services.GetRequiredService<CollectorService>());
        return builder.Build();
    }

    /// <summary>The host's own lifetimes print to stdout and take signals.</summary>
    private sealed class SilentLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
