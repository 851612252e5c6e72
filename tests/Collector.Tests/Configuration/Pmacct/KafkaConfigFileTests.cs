using Collector.Configuration;
using Collector.Configuration.Pmacct;
using Xunit;

namespace Collector.Tests.Configuration.Pmacct;

public sealed class KafkaConfigFileTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Load_File_SettingsOfBothSectionsAreTaken()
    {
        File.WriteAllText(_file, "! comment\n\nGlobal, security.protocol, sasl_ssl\ntopic,compression.codec,lz4\nglobal, ssl.ca.pem, a,b\n");
        (CollectorOptions options, Findings findings) = Load();

        Assert.Empty(findings.All);
        Assert.Equal(
            new Dictionary<string, string> { ["security.protocol"] = "sasl_ssl", ["compression.codec"] = "lz4", ["ssl.ca.pem"] = "a,b" },
            options.Outputs[0].Kafka.Properties.ToDictionary());
    }

    [Fact]
    public void Load_BrokenLine_IsLeftOutWithAWarning()
    {
        File.WriteAllText(_file, "global, a\nproducer, b, c\n");
        Assert.Equal([$"f:2: warning: {_file}:1: line left out; write global, setting, value", $"f:2: warning: {_file}:2: line left out; write global, setting, value"],
            Load().Findings.All.Select(f => f.ToString()));
    }

    [Fact]
    public void Load_SettingOfTheMockCluster_IsRefusedAtItsKey()
    {
        File.WriteAllText(_file, "global, test.mock.num.brokers, 3\n");
        Assert.StartsWith("f:2: kafka_config_file: test.mock.num.brokers is refused", Assert.Single(Load().Findings.All).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FileThatIsAbsent_IsAnError()
    {
        File.Delete(_file);
        Assert.StartsWith($"f:2: kafka_config_file: {_file} cannot be read", Assert.Single(Load().Findings.All).ToString(), StringComparison.Ordinal);
    }

    private (CollectorOptions Options, Findings Findings) Load()
    {
        var findings = new Findings("f");
        return (PmacctConfigurationLoader.Load(new StringReader($"plugins: kafka\nkafka_config_file: {_file}"), false, findings), findings);
    }
}
