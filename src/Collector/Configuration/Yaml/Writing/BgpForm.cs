using Collector.Bgp.Sessions;
using static Collector.Configuration.Yaml.Writing.YamlText;

namespace Collector.Configuration.Yaml.Writing;

/// <summary>The section bgp of collector.yaml.</summary>
internal static class BgpForm
{
    // Brokers left out are those of the section kafka at the root, where convert writes none.
    internal static readonly KafkaOutputOptions NoTopic = new() { Topic = "" };

    private static readonly PeerOptions NoPeer = new() { Address = default };

    /// <summary>The keys of one peer.</summary>
    public static YamlForm<PeerOptions> Peer { get; } = new()
    {
        { "address", p => Of(p.PrefixLength is { } length ? $"{p.Address}/{length}" : p.Address.ToString()) },
        { "as", p => Of(p.RemoteAs) },
        { "local_as", p => Of(p.LocalAs) },
        { "connect", p => Of(p.Connect) },
        { "port", p => Of(p.Port) },
        { "password", p => Of(p.Password) },
        { "ttl_security", p => Of(p.TtlSecurityHops) },
    };

    /// <summary>Section kafka of sflow_counters.</summary>
    public static YamlForm<KafkaOutputOptions> CounterKafka { get; } = new()
    {
        { "brokers", o => Of(o.Brokers) },
        { "topic", o => Of(o.Topic) },
        { "partition", o => Of(o.Partition) },
        { "partition_key", o => Of(o.PartitionKey) },
        { "properties", o => Map(o.Properties) },
    };

    /// <summary>Section kafka of message_log and table_dump.</summary>
    public static YamlForm<KafkaOutputOptions> Kafka { get; } = new YamlForm<KafkaOutputOptions>()
    {
        { "topic_rr", o => Of(o.RotatingTopics) },
    }.With(CounterKafka, o => o);

    /// <summary>Section message_log.</summary>
    public static YamlForm<BgpOutputOptions> MessageLog { get; } = new()
    {
        { "file", o => Of(o.MessageLog.Path) },
        { "label_filter", o => Of(o.LabelFilter) },
        { "max_backlog", o => Bytes(o.MessageLog.MaxBacklogBytes) },
        { "kafka", Kafka, o => o.MessageLog.Kafka ?? NoTopic },
    };

    /// <summary>Section table_dump.</summary>
    public static YamlForm<BgpOutputOptions> TableDump { get; } = new()
    {
        { "file", o => Of(o.TableDump.Path) },
        { "latest_file", o => Of(o.TableDump.LatestFile) },
        { "refresh", o => Seconds(o.TableDumpSeconds) },
        { "time_slots", o => Of(o.TableDumpSlots) },
        { "max_backlog", o => Bytes(o.TableDump.MaxBacklogBytes) },
        { "kafka", Kafka, o => o.TableDump.Kafka ?? NoTopic },
    };

    /// <summary>The keys of the section.</summary>
    public static YamlForm<BgpOptions> All { get; } = new()
    {
        { "listen", o => List(o.Speaker.Listen.Select(e => e.ToString())) },
        { "interface", o => Of(o.Speaker.Interface) },
        { "ipv6_only", o => Of(o.Speaker.IPv6Only) },
        { "local_as", o => o.Speaker.LocalAs == 0 ? "auto" : Of(o.Speaker.LocalAs) },
        { "router_id", o => o.Speaker.RouterId?.ToString() ?? "auto" },
        { "hold_time", o => Seconds(o.Speaker.HoldSeconds) },
        { "max_peers", o => Of(o.Speaker.MaxPeers) },
        { "max_paths_per_peer", o => Of(o.MaxPathsPerPeer) },
        { "stale_time", o => Seconds(o.Speaker.StaleSeconds) },
        { "quiet_time", o => Seconds(o.Speaker.QuietSeconds) },
        { "snapshot", o => Of(o.Snapshot) },
        { "snapshot_interval", o => Seconds(o.SnapshotSeconds) },
        { "connect_retry", o => Seconds(o.Speaker.ConnectRetrySeconds) },
        { "add_path", o => Of(o.Speaker.AddPath) },
        { "echo_capabilities", o => Of(o.Speaker.EchoesFamilies) },
        { "ip_precedence", o => Of(o.Speaker.IpPrecedence) },
        { "receive_buffer", o => o.Speaker.ReceiveBufferBytes == 0 ? "auto" : Bytes(o.Speaker.ReceiveBufferBytes) },
        { "numeric_origin", o => Of(o.Outputs.Objects.NumericOrigin) },
        { "with_peer_id", o => Of(o.Outputs.Objects.WithPeerId) },
        { "message_log", MessageLog, o => o.Outputs },
        { "table_dump", TableDump, o => o.Outputs },
        { "take_all", o => Of(o.Speaker.TakesAll) },
        { "allow_file", o => Of(o.AllowFile) },
        { "md5_file", o => Of(o.Md5File) },
        { "neighbors_file", o => Of(o.NeighborsFile) },
        { "peers", Peer, o => o.Speaker.Peers, _ => NoPeer },
    };
}
