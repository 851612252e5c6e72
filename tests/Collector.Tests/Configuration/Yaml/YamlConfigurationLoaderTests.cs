using Collector.Configuration;
using Collector.Configuration.Yaml;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Collector.Tests.Configuration.Yaml;

public class YamlConfigurationLoaderTests
{
    [Fact]
    public void Load_EmptyFile_IsTheDefaults() => Assert.Equal(OptionsText.Of(new CollectorOptions()), OptionsText.Of(Load("# nothing\n")));

    [Fact]
    public void Load_EveryKindOfValue_IsRead()
    {
        CollectorOptions options = Load("""
            listen: "127.0.0.1:9995, [2001:db8::1]:9996"
            workers: 3
            receive_buffer: 1MiB
            ext_sampling_rate: 1000
            pmacct_version: 1.8
            template_lifetime: 2h
            memory_limit: 1GiB
            state_directory: /var/lib/flows
            log: {level: debug, file: /var/log/collector.log, timestamps: false}
            outputs:
              - name: a
                type: stdout
                format: csv
                aggregate: SRC_HOST, dst_host
                history: 1M
                refresh: 5m
                max_backlog: 2GiB
            """);

        Assert.Equal(["127.0.0.1:9995", "[2001:db8::1]:9996"], options.Listen.Select(e => e.ToString()));
        Assert.Equal((3, 1 << 20, 1000u, 7_200, 1L << 30), (options.Workers, options.ReceiveBufferBytes, options.ExternalSamplingRate, options.TemplateLifetimeSeconds, options.MemoryLimitBytes));
        Assert.Equal("/var/lib/flows", options.StateDirectory);
        Assert.Equal(new LogOptions { Level = LogLevel.Debug, File = "/var/log/collector.log", Timestamps = false }, options.Log);
        OutputOptions output = Assert.Single(options.Outputs);
        Assert.Equal(OutputFormat.Csv, output.Format);
        Assert.Equal(["src_host", "dst_host"], output.Aggregate);
        Assert.Equal(new WindowOptions { HistoryMonths = 1, RefreshSeconds = 300, RefreshIsSet = true }, output.Window);
        Assert.Equal(2L << 30, output.MaxBacklogBytes);
        Assert.False(output.Text.Pmacct17);
    }

    [Fact]
    public void Load_SettingsOfTheRoot_AreDefaultsOfOutputs()
    {
        CollectorOptions options = Load("""
            outputs:
              - {name: a, type: kafka, aggregate: [src_host], timestamps_utc: false, kafka: {topic: t, properties: {linger.ms: 5}}}
              - {name: b, type: file, aggregate: [src_host], file: {path: /tmp/x}}
            timestamps_utc: true
            kafka:
              brokers: [b1:9092, b2:9092]
              properties: {compression.type: lz4, linger.ms: 50}
            file: {append: true}
            """);

        Assert.Equal([false, true], options.Outputs.Select(o => o.Text.Utc));
        Assert.Equal(("b1:9092,b2:9092", "t"), (options.Outputs[0].Kafka.Brokers, options.Outputs[0].Kafka.Topic));
        Assert.Equal(
            new Dictionary<string, string> { ["compression.type"] = "lz4", ["linger.ms"] = "5" },
            options.Outputs[0].Kafka.Properties.ToDictionary());
        Assert.Equal(new FileOutputOptions { Path = "/tmp/x", Append = true }, options.Outputs[1].File);
    }

    [Fact]
    public void Load_OutputWithoutAggregate_IsPmacctsDefault() =>
        Assert.Equal(["src_host"], Load("outputs: [{name: a}]").Outputs[0].Aggregate);

    [Theory]
    [InlineData("renormalise: true", "c.yaml:1: unknown key renormalise; did you mean 'renormalize'?")]
    [InlineData("zzzzzzzzzz: true", "c.yaml:1: unknown key zzzzzzzzzz")]
    [InlineData("history: 1m", "c.yaml:1: unknown key history; it belongs in an output, below outputs:")]
    [InlineData("outputs:\n  - name: a\n    listen: x", "c.yaml:3: unknown key outputs[0].listen; it belongs at the root of the file")]
    [InlineData("kafka:\n  topc: x", "c.yaml:2: unknown key kafka.topc; did you mean 'topic'?")]
    [InlineData("workers: 2\n\nworkers: 3", "c.yaml:3: workers stands here again (first in line 1); remove one of the two")]
    [InlineData("renormalize: yes", "c.yaml:1: renormalize: 'yes' does not fit; write true or false")]
    [InlineData("renormalize:", "c.yaml:1: renormalize has no value; write true or false, or remove the key")]
    [InlineData("renormalize: [true]", "c.yaml:1: renormalize: a list does not fit; write true or false")]
    [InlineData("workers: 0", "c.yaml:1: workers: '0' does not fit; write a whole number from 1 to 1024")]
    [InlineData("workers: {a: 1}", "c.yaml:1: workers: a section does not fit; write a whole number from 1 to 1024")]
    [InlineData("receive_buffer: 8MB", "c.yaml:1: receive_buffer: '8MB' does not fit; write a size from 1 to 1GiB, such as 8MiB")]
    [InlineData("template_lifetime: soon", "c.yaml:1: template_lifetime: 'soon' does not fit; write a time from 1s to 31d, such as 60, 300s or 5m")]
    [InlineData("pmacct_version: 2.0", "c.yaml:1: pmacct_version: '2.0' does not fit; write one of 1.7, 1.8")]
    [InlineData("listen: [2055]", "c.yaml:1: listen: '2055' is no address with a port; write 192.0.2.1:2055 or \"[2001:db8::1]:2055\"")]
    [InlineData("listen:\n  - 127.0.0.1:1\n  - 127.0.0.1:1", "c.yaml:3: listen: 127.0.0.1:1 stands here twice; remove one")]
    [InlineData("log: info", "c.yaml:1: log: 'info' does not fit; write a section of keys, indented below it")]
    [InlineData("outputs: []", "c.yaml:1: outputs: a list does not fit; write a list of outputs, each beginning with - name:")]
    [InlineData("outputs: [a]", "c.yaml:1: outputs[0]: 'a' does not fit; write the keys of an output, beginning with name:")]
    [InlineData("outputs:\n  - type: stdout", "c.yaml:2: outputs[0] has no name; write name: and a word of your own")]
    [InlineData("outputs:\n  - name: a\n  - name: a", "c.yaml:3: outputs[1]: another output is called 'a' too; give it a name of its own")]
    [InlineData("outputs:\n  - name: a\n    type: amqp", "c.yaml:3: outputs[0].type: 'amqp' does not fit; write one of stdout, file, kafka")]
    [InlineData("outputs:\n  - name: a\n    history: 5 minutes", "c.yaml:3: outputs[0].history: '5 minutes' does not fit; write a time such as 60, 300s, 5m, 1h, 1d, 1w or 1M (months), or none")]
    [InlineData("outputs:\n  - name: a\n    history_roundoff: x", "c.yaml:3: outputs[0].history_roundoff: 'x' does not fit; write letters of m, h, d, w and M")]
    [InlineData("outputs:\n  - name: a\n    history: 1m\n    history_offset: 1m", "c.yaml:4: outputs[0]: history_offset 1m is not shorter than history; write a shorter one, or none")]
    [InlineData("outputs:\n  - name: a\n    aggregate: []", "c.yaml:3: outputs[0]: aggregate is empty; name primitives, or write none for one grand total")]
    [InlineData("outputs:\n  - name: a\n    kafka: {topic: x}", "c.yaml:3: outputs[0].kafka has no effect on an output of type stdout; write type: kafka, or remove it")]
    [InlineData("outputs:\n  - name: a\n    type: file", "c.yaml:2: outputs[0]: an output of type file needs the name of the file; write file: {path: /var/lib/collector/flows.json}")]
    [InlineData("- a\n- b", "c.yaml:1: the file must hold keys with values, such as renormalize: true")]
    [InlineData("workers: 2\n---\nworkers: 3", "c.yaml:2: a second document begins here; the configuration is one document, remove the line ---")]
    [InlineData("workers: &w 2\npeer_as: *w", "c.yaml:2: this is not YAML: anchors and aliases are not used in this file; write the value out")]
    public void Load_OneMistake_IsNamedWithItsLineAndCure(string text, string error) => Assert.Equal([error], Errors(text));

    [Theory]
    [InlineData("outputs:\n  - name: a\n    aggregate: [src_hots]", "c.yaml:3: outputs[0]: aggregate: ")]
    [InlineData("outputs:\n  - name: a\n    type: kafka\n    kafka:\n      topic: $nothing", "c.yaml:5: outputs[0]: ")]
    [InlineData("kafka:\n  properties:\n    test.mock.num.brokers: 3\noutputs:\n  - name: a\n    type: kafka", "c.yaml:3: outputs[0]: test.mock.num.brokers is refused")]
    [InlineData("outputs:\n  - name: a\n    type: kafka\n    format: csv", "c.yaml:4: outputs[0]: ")]
    [InlineData("workers: [1\n", "c.yaml:2: this is not YAML: ")]
    public void Load_MistakeFoundElsewhere_HasTheLineOfItsKey(string text, string start) =>
        Assert.StartsWith(start, Assert.Single(Errors(text)), StringComparison.Ordinal);

    [Fact]
    public void Load_ManyMistakes_AreAllNamed() => Assert.Equal(3, Errors("workers: x\nnonsense_key: 1\noutputs:\n  - name: a\n    refresh: 0\n").Count);

    [Fact]
    public void Load_DeepNesting_IsRefused() => Assert.Contains("nested deeper", Assert.Single(Errors("listen: " + new string('[', 100))), StringComparison.Ordinal);

    private static CollectorOptions Load(string text)
    {
        var findings = new Findings("c.yaml");
        CollectorOptions options = YamlConfigurationLoader.Load(new StringReader(text), findings);
        Assert.Empty(findings.All);
        return options;
    }

    private static List<string> Errors(string text)
    {
        var findings = new Findings("c.yaml");
        _ = YamlConfigurationLoader.Load(new StringReader(text), findings);
        return [.. findings.All.Where(f => f.Severity == FindingSeverity.Error).Select(f => f.ToString())];
    }
}
