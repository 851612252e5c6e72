using Collector.Configuration;
using Xunit;

namespace Collector.Tests.Configuration;

/// <summary>Several -f in one process: what two files cannot both have names both lines.</summary>
public sealed class ConfigurationSetTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("collector-test");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("nfacctd_port: 2055", "sfacctd_port: 2055", "{b}:3: b.conf receives on [::]:2055, and so does a.conf ({a}:3); give each a port of its own")]
    [InlineData("nfacctd_ip: 127.0.0.1\nnfacctd_port: 2055", "sfacctd_port: 2055", "{b}:3: b.conf receives on [::]:2055, and so does a.conf ({a}:4); give each a port of its own")]
    [InlineData("nfacctd_port: 2055\nlogfile: /x", "sfacctd_time_new: true\nlogfile: /y", "{b}:4: logfile is another than in {a}:4, and there is one log; write the same in both, or in one of them only")]
    [InlineData("nfacctd_port: 2055\nsyslog: daemon", "sfacctd_time_new: true\nsyslog: local0", "{b}:4: syslog is another than in {a}:4, and there is one log; write the same in both, or in one of them only")]
    [InlineData("nfacctd_port: 2055\nsyslog: daemon", "sfacctd_time_new: true\nlogfile: /y", "{b}:4: logfile sends the log elsewhere than syslog in {a}:4, and there is one log; write the same in both, or in one of them only")]
    [InlineData("nfacctd_port: 2055\ndebug: true", "debug: false\nsfacctd_time_new: true", "{b}:3: debug is another than in {a}:4, and there is one log; write the same in both, or in one of them only")]
    [InlineData("nfacctd_port: 2055\npidfile: /x", "pidfile: /y\nsfacctd_time_new: true", "{b}:3: pidfile is another than in {a}:4, and there is one process; write the same in both, or in one of them only")]
    [InlineData("nfacctd_port: 1\nbgp_daemon: true", "sfacctd_port: 2\nbgp_daemon: true", "{b}:4: the BGP daemon of b.conf listens on [::]:179, and so does that of a.conf ({a}:4); give it another bgp_daemon_ip or bgp_daemon_port")]
    [InlineData("nfacctd_port: 1\nprint_output_file: /f", "sfacctd_port: 2\nprint_output_file: /f", "{b}:4: file /f is written by b.conf, and by a.conf ({a}:4) too; give one of them another")]
    [InlineData("nfacctd_port: 1\nsfacctd_counter_file: /f", "sfacctd_port: 2\nsfacctd_counter_file: /f", "{b}:4: file /f is written by b.conf, and by a.conf ({a}:4) too; give one of them another")]
    public void Load_WhatBothCannotHave_NamesBothLines(string first, string second, string error)
    {
        string a = Write("a.conf", $"plugins: print[a]\nprint_output: json\n{first}\n"), b = Write("b.conf", $"plugins: print[b]\nprint_output: json\n{second}\n");
        ConfigurationSet set = Load(a, b);
        Assert.Equal([error.Replace("{a}", a, StringComparison.Ordinal).Replace("{b}", b, StringComparison.Ordinal)], set.Findings.Where(f => f.Severity == FindingSeverity.Error).Select(f => f.ToString()));
    }

    [Fact]
    public void Load_SameNamesAndTopics_AreErrors()
    {
        string a = Write("a.conf", "plugins: kafka\nnfacctd_port: 1\n"), b = Write("b.conf", "sfacctd_port: 2\nplugins: kafka\n");
        Assert.Equal(
            [
                $"{b}:2: a plugin of b.conf is called 'default_kafka', and so is one of a.conf ({a}:1); name it: plugins: type[name]",
                $"{b}:2: Kafka topic pmacct.acct at 127.0.0.1:9092 is written by b.conf, and by a.conf ({a}:1) too; give one of them another",
            ],
            Load(a, b).Findings.Select(f => f.ToString()));
    }

    [Fact]
    public void Load_WhatOneSays_HoldsForTheProcess()
    {
        string a = Write("nfacctd.conf", "plugins: print[a]\nprint_output: json\nnfacctd_port: 1\npidfile: /p\n");
        string b = Write("sfacctd.conf", "plugins: print[b]\nprint_output: json\nsfacctd_port: 2\nlogfile: /l\ndebug: true\n");
        ConfigurationSet set = Load(a, b);

        Assert.False(set.HasErrors);
        Assert.Equal(("/p", "/l", Microsoft.Extensions.Logging.LogLevel.Debug, true), (set.PidFile, set.Log.File, set.Log.Level, set.Log.Timestamps));
        Assert.Equal([FlowProtocols.NetFlow, FlowProtocols.SFlow], set.All.Select(c => c.Options.Protocols));
        Assert.Equal(["nfacctd.conf", "sfacctd.conf"], set.All.Select(c => c.Label));
        Assert.True(set.All.Sum(c => c.Options.MemoryLimitBytes) <= Collector.Pipeline.PipelineParts.MemoryLimitOf(new CollectorOptions()));
    }

    [Fact]
    public void Load_One_IsAsItWas()
    {
        ConfigurationSet set = Load(Write("a.conf", "plugins: print\nprint_output: json\n"));
        LoadedConfiguration single = Assert.Single(set.All);
        Assert.Equal(("", FlowProtocols.All, 0), (single.Label, single.Options.Protocols, single.Options.MemoryLimitBytes));
    }

    private static ConfigurationSet Load(params string[] files) => ConfigurationSet.Load([.. files.Select(f => new ConfigurationRequest { PmacctFile = f })]);

    private string Write(string name, string text)
    {
        string file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, text);
        return file;
    }
}
