using Collector.Bgp.Rib;
using Collector.Bgp.Sessions;
using Collector.Configuration;
using Collector.Hosting;
using Collector.Maps;
using Collector.Sinks.Kafka;
using Collector.Sinks.Objects;
using Collector.Telemetry;
using Microsoft.Extensions.Logging;

namespace Collector.BgpOutputs;

/// <summary>The message log and the table dumps of the BGP speaker, as far as they are configured.</summary>
/// <remarks>Made, started and stopped by one thread.</remarks>
public sealed class BgpPublishing : IDisposable
{
    private readonly ILogger _log;
    private readonly BgpMessageLog? _messages;
    private readonly BgpTableDump? _dump;
    private readonly List<(ObjectPublisher Publisher, string Destination)> _publishers = [];
    private bool _ended;

    /// <summary>Makes what is configured; nothing is opened yet.</summary>
    /// <param name="options">What is published and where to.</param>
    /// <param name="table">The routes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where the operator reads.</param>
    public BgpPublishing(BgpOutputOptions options, RouteTable table, TimeProvider time, ILogger log)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(table);
        _log = log;
        var sequence = new BgpSequence();
        BgpTagger Tagger() => new(() => Tags?.Current, table.Attributes, options.Objects.NumericCommunities);
        if (options.MessageLog.IsEnabled)
        {
            _messages = new BgpMessageLog(options, Add("bgp message log", options.MessageLog, time), table.Attributes, sequence, Tagger(), time);
        }

        if (options.TableDump.IsEnabled)
        {
            _dump = new BgpTableDump(options, Add("bgp table dump", options.TableDump, time), table, sequence, Tagger(), time);
        }
    }

    /// <summary>bgp_daemon_tag_map; null: none. Set before <see cref="Start"/>.</summary>
    public MapFile<BgpTagMap>? Tags { get; set; }

    /// <summary>Is to be told of sessions and routes; null without a message log.</summary>
    public BgpObserver? Observer => _messages;

    /// <summary>What takes the objects, for their counters.</summary>
    public IEnumerable<ObjectPublisher> Publishers => _publishers.Select(p => p.Publisher);

    /// <summary>Opens the destinations.</summary>
    /// <exception cref="CannotStartException">A destination cannot be had.</exception>
    public void Start()
    {
        foreach ((ObjectPublisher publisher, string destination) in _publishers)
        {
            try
            {
                publisher.Start();
            }
            catch (KafkaConfigurationException e)
            {
                throw new CannotStartException(e.Message);
            }

            Log.Output(_log, publisher.Name, destination);
        }

        _dump?.Start();
    }

    /// <summary>SIGHUP: files are closed and opened anew.</summary>
    public void Reopen() => _publishers.ForEach(p => p.Publisher.Reopen());

    /// <summary>Publishes what is left; the sessions must have ended before.</summary>
    /// <param name="giveUp">What is not written when it is signalled is given up and counted.</param>
    public void Stop(CancellationToken giveUp)
    {
        EndSources();
        _publishers.ForEach(p => p.Publisher.Stop(giveUp));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        EndSources();
        _publishers.ForEach(p => p.Publisher.Dispose());
    }

    // Once: at the stop, or where there was none because the start failed.
    private void EndSources()
    {
        if (!_ended)
        {
            _ended = true;
            _dump?.Dispose();
            _messages?.Dispose();
        }
    }

    private ObjectPublisher Add(string name, ObjectOutputOptions output, TimeProvider time)
    {
        var publisher = ObjectPublisher.Create(name, output, _log, time);
        _publishers.Add((publisher, output.Destination));
        return publisher;
    }
}
