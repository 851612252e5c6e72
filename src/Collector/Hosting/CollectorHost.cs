using Collector.CommandLine;
using Collector.Configuration;
using Collector.Receiving;
using Collector.Sinks.Files;
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
    public static async Task<int> RunAsync(ConfigurationSet configurations)
    {
        // Before the log, which is a file too. Of several configurations each may take permissions away.
        int[] masks = [.. configurations.All.Select(c => c.Options.FilesUmask).OfType<int>()];
        if (masks.Length > 0)
        {
            _ = LibC.SetUmask((uint)masks.Aggregate((a, b) => a | b));
        }

        bool ownerIsSet = FileOwner.TrySet(configurations.All.Select(c => c.Options.FilesUser).FirstOrDefault(u => u is not null), configurations.All.Select(c => c.Options.FilesGroup).FirstOrDefault(g => g is not null));
        string? coreName = configurations.All.Select(c => c.Options.PmacctCoreName).FirstOrDefault(n => n is not null);
        if (LogSetup.TryOpen(configurations.Log, coreName) is not { } lines)
        {
            return ExitCode.Configuration;
        }

        using (lines)
        using (ILoggerFactory factory = LogSetup.CreateFactory(lines, configurations.Log.Level))
        {
            ILogger log = factory.CreateLogger("collector");
            LogSetup.WriteFindings(log, configurations.Findings);
            if (!ownerIsSet)
            {
                Log.ConfigurationWarning(log, "files_uid, files_gid: only root may give files away, so they belong to whom the collector runs as; set User= and Group= in the systemd unit instead");
            }


            // Read by the workers to the end of the corridor, so given back after the host.
            List<BgpDaemon> speakers = [];
            try
            {
                using IHost host = Build(configurations, lines, factory, log, speakers);
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
            finally
            {
                foreach (BgpDaemon speaker in speakers)
                {
                    await speaker.DisposeAsync();
                }
            }
        }
    }

    private static IHost Build(ConfigurationSet configurations, LineLoggerProvider lines, ILoggerFactory factory, ILogger log, List<BgpDaemon> speakers)
    {
        StateDirectory? state = StateDirectory.Open(configurations.All[0].Options.StateDirectory, out string? reason);
        if (reason is not null)
        {
            Log.NoState(log, reason);
        }

        // No configuration sources, no content root, no console lifetime: files, switches and signals are the collector's own.
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = "collector" });
        builder.Services.AddSingleton(factory);
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = StopTimeout);
        builder.Services.AddSingleton(_ => ServiceNotifier.FromEnvironment());
        builder.Services.AddSingleton(services => new CollectorService(
            configurations,
            [.. configurations.All.Select(c => BuildPart(c, state, factory, speakers))],
            services.GetRequiredService<ServiceNotifier>(),
            lines,
            services.GetRequiredService<IHostApplicationLifetime>(),
            TimeProvider.System,
            factory));
        builder.Services.AddHostedService(services => services.GetRequiredService<CollectorService>());
        return builder.Build();
    }

    private static CollectorPart BuildPart(LoadedConfiguration configuration, StateDirectory? state, ILoggerFactory factory, List<BgpDaemon> speakers)
    {
        ILoggerFactory labelled = LabelledLoggerFactory.Of(factory, configuration.Label);
        ILogger log = labelled.CreateLogger("collector");
        string? reason = null;
        StateDirectory? own = state?.Of(configuration.Label, out reason);
        if (reason is not null)
        {
            Log.NoState(log, reason);
        }

        BgpDaemon? bgp = BgpDaemon.Create(configuration.Options, TimeProvider.System, log);
        if (bgp is not null)
        {
            speakers.Add(bgp);
            bgp.UseState(own);
        }

        return new CollectorPart(configuration, Wiring.Build(configuration.Options, bgp, own, labelled), bgp);
    }

    /// <summary>The host's own lifetimes print to stdout and take signals.</summary>
    private sealed class SilentLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
