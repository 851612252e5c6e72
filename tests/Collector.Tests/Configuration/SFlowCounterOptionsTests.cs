using Collector.Configuration;
using Collector.Configuration.Pmacct;
using Collector.Configuration.Yaml;
using Xunit;

namespace Collector.Tests.Configuration;

/// <summary>Where sFlow counters go, from either file.</summary>
public sealed class SFlowCounterOptionsTests
{
    [Fact]
    public void Yaml_TakesBrokersAndPropertiesOfTheRootWhereItNamesNone()
    {
        SFlowCounterOptions counters = Yaml("""
            timestamps_utc: true
            kafka: {brokers: "a:1,b:2", properties: {security.protocol: SSL}, multi_values: 1000}
            sflow_counters:
              file: /tmp/$peer_src_ip.json
              kafka: {topic: counters.$peer_src_ip, partition: 3, partition_key: $peer_src_ip}
            """, out _);
        Assert.Equal(("/tmp/$peer_src_ip.json", true, true), (counters.File, counters.IsOn, counters.Text.Utc));
        KafkaOutputOptions kafka = counters.Kafka!;
        Assert.Equal(("a:1,b:2", "counters.$peer_src_ip", 3, "$peer_src_ip", 0), (kafka.Brokers, kafka.Topic, kafka.Partition, kafka.PartitionKey, kafka.MultiValues));
        Assert.Equal("SSL", kafka.Properties["security.protocol"]);
        Assert.Equal("c:3", Yaml("sflow_counters: {kafka: {topic: t, brokers: [\"c:3\"]}}", out _).Kafka!.Brokers);
        Assert.False(Yaml("sflow_counters: {kafka: {brokers: \"c:3\"}}", out _).IsOn);
    }

    [Fact]
    public void Yaml_MistakesAreToldWithTheirLine()
    {
        _ = Yaml("""
            sflow_counters:
              file: /tmp/$tag.json
              kafka:
                topic: "a b"
                multi_values: 5
            """, out Findings findings);
        Assert.Equal([2, 4, 5], findings.All.Select(f => f.Line).Order());
        Assert.Contains(findings.All, f => f.ToString().Contains("$tag", StringComparison.Ordinal));
    }

    [Fact]
    public void Pmacct_KeysAreThoseOfSfacctd()
    {
        SFlowCounterOptions counters = Pmacct("""
            plugins: print
            print_output: json
            timestamps_utc: true
            sfacctd_counter_output: json
            sfacctd_counter_file: /tmp/c-$peer_src_ip.json
            sfacctd_counter_kafka_topic: counters
            sfacctd_counter_kafka_broker_host: kafka.example
            sfacctd_counter_kafka_broker_port: 9093
            sfacctd_counter_kafka_partition: 2
            sfacctd_counter_kafka_partition_key: $peer_src_ip
            """, out Findings findings);
        Assert.False(findings.HasErrors, string.Join('\n', findings.All));
        Assert.Equal(("/tmp/c-$peer_src_ip.json", true), (counters.File, counters.Text.Utc));
        Assert.Equal(("kafka.example:9093", "counters", 2, "$peer_src_ip"), (counters.Kafka!.Brokers, counters.Kafka.Topic, counters.Kafka.Partition, counters.Kafka.PartitionKey));
    }

    [Fact]
    public void Pmacct_WithoutKeys_PublishesNothing() => Assert.False(Pmacct("plugins: print\nprint_output: json\n", out _).IsOn);

    [Fact]
    public void Pmacct_OutputOtherThanJsonAndUnknownVariables_AreRefused()
    {
        _ = Pmacct("plugins: print\nprint_output: json\nsfacctd_counter_output: csv\nsfacctd_counter_file: /tmp/$tag.json\n", out Findings findings);
        Assert.Equal([3, 4], findings.All.Select(f => f.Line).Order());
    }

    private static SFlowCounterOptions Yaml(string text, out Findings findings)
    {
        findings = new Findings("collector.yaml");
        return YamlConfigurationLoader.Load(new StringReader(text), findings).SFlowCounters;
    }

    private static SFlowCounterOptions Pmacct(string text, out Findings findings)
    {
        findings = new Findings("sfacctd.conf");
        return PmacctConfigurationLoader.Load(new StringReader(text), false, findings).SFlowCounters;
    }
}
