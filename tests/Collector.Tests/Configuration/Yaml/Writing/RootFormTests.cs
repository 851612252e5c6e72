using System.Net;
using System.Reflection;
using Collector.Bgp.Sessions;
using Collector.Configuration;
using Collector.Configuration.CustomPrimitives;
using Collector.Configuration.Pmacct.Conversion;
using Collector.Configuration.Yaml;
using Collector.Configuration.Yaml.Writing;
using Collector.Flows.Extras;
using Collector.Net;
using Xunit;

namespace Collector.Tests.Configuration.Yaml.Writing;

/// <summary>What `collector convert` writes is read back as the same options, each of them.</summary>
public class RootFormTests
{
    /// <summary>Options that no key sets, or that follow from others, with the reason. A new option does not belong here: give it a key.</summary>
    private static readonly Dictionary<string, string> WithoutKey = new(StringComparer.Ordinal)
    {
        ["Bgp.Outputs.MessageLog.LatestFile"] = "a log is one file, nothing is later",
        ["Bgp.Outputs.ProcessName"] = "core_proc_name",
        ["Bgp.Outputs.Objects.Text"] = "the keys of times at the root",
        ["Bgp.Outputs.Objects.NumericCommunities"] = "bgp_comms_num",
        ["Bgp.Outputs.MessageLog.Kafka.MultiValues"] = "objects are sent one by one",
        ["Bgp.Outputs.TableDump.Kafka.MultiValues"] = "objects are sent one by one",
        ["SFlowCounters.Kafka.MultiValues"] = "objects are sent one by one",
        ["SFlowCounters.Kafka.RotatingTopics"] = "counters have one topic, as in pmacct",
        ["SFlowCounters.Kafka.WriterId"] = "counters carry no writer",
        ["Bgp.Outputs.MessageLog.Kafka.WriterId"] = "kafka.writer_id at the root",
        ["Bgp.Outputs.TableDump.Kafka.WriterId"] = "kafka.writer_id at the root",
        ["Bgp.Outputs.MessageLog.Kafka.Library"] = "kafka.library at the root",
        ["Bgp.Outputs.TableDump.Kafka.Library"] = "kafka.library at the root",
        ["SFlowCounters.Kafka.Library"] = "kafka.library at the root",
        ["Outputs[0].CustomPrimitives"] = "custom_primitives at the root",
        ["Outputs[0].Text.Pmacct17"] = "pmacct_version",
        ["SFlowCounters.Text.Pmacct17"] = "pmacct_version",
        ["Log.Utc"] = "timestamps_utc at the root",
    };

    /// <summary>Values for options that not every value of their type fits.</summary>
    private static readonly Dictionary<string, object> Values = new(StringComparer.Ordinal)
    {
        ["Window.Roundoff"] = "mh",
        ["Window.HistoryMonths"] = 2,
        ["Selection.TagFilter"] = "10-20, -6",
        ["Selection.Tag2Filter"] = "0",
        ["Selection.LabelFilter"] = "gold, null",
        ["Selection.Filter"] = "tcp and not port 53",
        ["Protocols"] = FlowProtocols.SFlow,
        ["Sockets.MulticastGroups"] = new[] { IPAddress.Parse("239.1.1.1"), IPAddress.Parse("ff05::7") },
        ["Enrichment.NetworksMask"] = (byte)24,
        ["Enrichment.FollowNextHop"] = new[] { Prefix("192.0.2.0/24"), Prefix("2001:db8::/32") },
        ["Bgp.Speaker.Peers"] = new[] { new PeerOptions { Address = Address("192.0.2.1"), RemoteAs = 65_001, TtlSecurityHops = 1, Password = "a\"b\\c: #d" }, new PeerOptions { Address = Address("2001:db8::"), PrefixLength = 32, LocalAs = 5 } },
        ["Bgp.Speaker.RouterId"] = Address("192.0.2.9"),
        ["Speaker.HoldSeconds"] = 90,
        ["Speaker.IpPrecedence"] = 6,
        ["Kafka.WriterId"] = "$proc_name",
        ["Kafka.Properties"] = new Dictionary<string, string> { ["linger.ms"] = "5", ["sasl.password"] = " a: {b} # \"c\" \\\t" },
        ["Kafka.Brokers"] = "k1:9092,[2001:db8::1]:9093",
        ["Outputs[0].Aggregate"] = new[] { "src_host", "tag" },
        ["Outputs[0].Kind"] = OutputKind.Kafka,
        ["Outputs[0].Format"] = OutputFormat.Csv,
        ["CustomPrimitives"] = new[]
        {
            new CustomPrimitive { Name = "a", Element = 91, Length = 1 },
            new CustomPrimitive { Name = "b", Enterprise = 637, Element = 7, Semantics = CustomSemantics.Text },
            new CustomPrimitive { Name = "c", Pointers = [new PacketPointer(PacketLayer.L3, 0x86DD, 7), new PacketPointer(PacketLayer.Payload, null, 0)], Length = 8, Semantics = CustomSemantics.Raw },
        },
        ["Bgp.Outputs.TableDumpSeconds"] = 120,
        ["Log.Syslog"] = "local3",
        ["Log.Level"] = Microsoft.Extensions.Logging.LogLevel.Warning,
        ["MemoryLimitBytes"] = 1L << 30,
        ["MaxBacklogBytes"] = 5L << 20,
        ["SnapshotSeconds"] = 77,
    };

    /// <summary>Each option by its path, the lists of outputs through their first.</summary>
    public static TheoryData<string> Options => [.. Leaves(typeof(CollectorOptions), "").Where(p => !WithoutKey.Keys.Any(k => p == k || p.StartsWith(k + ".", StringComparison.Ordinal)))];

    [Fact]
    public void Paths_AreThoseThatAreRead()
    {
        // Whoever adds a key to collector.yaml adds it to the form of the same name in Yaml/Writing, so that `collector convert` writes it.
        Assert.Equal(RootKeys.Paths.Order(), RootForm.Paths.Order());
        Assert.Equal(OutputKeys.Output.Order(), OutputForm.Output.Order());
        Assert.Equal(EnrichmentKeys.Networks.Order(), EnrichmentForm.Networks.Order());
        Assert.Equal(CustomPrimitiveKeys.Definition.Order(), CustomPrimitiveForm.Definition.Order());
        Assert.Equal(BgpKeys.Peer.Order(), BgpForm.Peer.Order());
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void Write_EachOption_IsReadBack(string path)
    {
        CollectorOptions options = With(path);
        string yaml = Text(options);

        Assert.Equal((yaml, OptionsText.Of(options)), (yaml, OptionsText.Of(Read(yaml))));
    }

    [Fact]
    public void Write_Defaults_IsNothingButTheOutput()
    {
        Assert.Equal(
            ["outputs[0].name", "outputs[0].type", "outputs[0].aggregate", "outputs[0].history", "outputs[0].history_roundoff", "outputs[0].refresh"],
            RootForm.Write(new CollectorOptions()).Select(e => e.Path));
    }

    [Theory]
    [InlineData("plain.txt", "plain.txt")]
    [InlineData("", "\"\"")]
    [InlineData("true", "\"true\"")]
    [InlineData("a, b", "\"a, b\"")]
    [InlineData("# x", "\"# x\"")]
    [InlineData("-1", "\"-1\"")]
    [InlineData("\t", "\"\\t\"")]
    [InlineData("\u0001\u2028", "\"\\u0001\\u2028\"")]
    [InlineData("%Y/$tag", "\"%Y/$tag\"")]
    public void Text_IsQuotedWhereItMustBe(string text, string expected) => Assert.Equal(expected, YamlText.Of(text));

    private static IEnumerable<string> Leaves(Type type, string prefix) => type.GetProperties().Where(p => p.SetMethod is not null).SelectMany(p => p.Name == "Outputs" && prefix.Length == 0
        ? Leaves(typeof(OutputOptions), "Outputs[0].").Where(l => l != "Outputs[0].Name")
        : IsSection(p.PropertyType) ? Leaves(p.PropertyType, $"{prefix}{p.Name}.") : [prefix + p.Name]);

    private static bool IsSection(Type type) => type is { IsClass: true } && type.Namespace is "Collector.Configuration" or "Collector.Bgp.Sessions" && !type.IsArray;

    /// <summary>Options in which everything can be on, and the one of the path has another value than its default.</summary>
    private static CollectorOptions With(string path)
    {
        var kafka = new KafkaOutputOptions { Topic = "t" };
        var options = new CollectorOptions
        {
            Bgp = new BgpOptions
            {
                AllowFile = path.EndsWith("TakesAll", StringComparison.Ordinal) ? "peers.lst" : null,
                Speaker = new SpeakerOptions { Listen = [new IPEndPoint(IPAddress.Loopback, 1790)], TakesAll = true },
                Outputs = new BgpOutputOptions
                {
                    MessageLog = path.EndsWith("MessageLog.Path", StringComparison.Ordinal) ? new() : new() { Kafka = kafka },
                    TableDump = path.EndsWith("TableDump.Path", StringComparison.Ordinal) ? new() : new() { Kafka = kafka },
                },
            },
            SFlowCounters = new SFlowCounterOptions { Kafka = kafka },
            Enrichment = new EnrichmentOptions { NetworksFile = path == "Enrichment.NetworksFile" ? null : "n.lst", NetworksMask = path.EndsWith("NetworksMask", StringComparison.Ordinal) ? (byte)0 : (byte)8 },
            Outputs =
            [
                new OutputOptions
                {
                    Name = "a",
                    Networks = path.Contains("].Networks.", StringComparison.Ordinal) ? new() { File = "n.lst", Mask = 8 } : null,
                    Kind = path.Contains(".File.", StringComparison.Ordinal) ? OutputKind.File : path.Contains("].Kafka.", StringComparison.Ordinal) ? OutputKind.Kafka : OutputKind.Stdout,
                    File = path.Contains(".File.", StringComparison.Ordinal) ? new() { Path = "f" } : new(),
                    Window = path.EndsWith("HistoryMonths", StringComparison.Ordinal) || path.EndsWith("HistorySeconds", StringComparison.Ordinal) ? new() : new() { HistorySeconds = 86_400, RefreshIsSet = !path.EndsWith("RefreshIsSet", StringComparison.Ordinal) },
                },
            ],
        };
        options = path.Contains("].Networks.", StringComparison.Ordinal) ? options with { Bgp = new() } : options;
        options = (CollectorOptions)Changed(options, path.Split('.'), path);

        // What follows from other options.
        TextOptions text = options.SFlowCounters.Text with { Pmacct17 = options.Pmacct17 };
        BgpOutputOptions outputs = options.Bgp.Outputs;
        return options with
        {
            SFlowCounters = options.SFlowCounters with { Text = text },
            Log = options.Log with { Utc = text.Utc },
            Bgp = options.Bgp with
            {
                Outputs = outputs with
                {
                    ProcessName = options.PmacctCoreName ?? "default",
                    Objects = outputs.Objects with { Text = text, NumericCommunities = options.Enrichment.NumericCommunities },
                },
            },
            Outputs = [.. options.Outputs.Select(o => o with { Text = o.Text with { Pmacct17 = options.Pmacct17 }, CustomPrimitives = options.CustomPrimitives })],
        };
    }

    private static object Changed(object section, ReadOnlySpan<string> path, string whole)
    {
        object copy = section.GetType().GetMethod("<Clone>$")!.Invoke(section, null)!;
        PropertyInfo property = section.GetType().GetProperty(path[0].Replace("[0]", "", StringComparison.Ordinal))!;
        object? old = property.GetValue(section);
        object changed = path[0].EndsWith("[0]", StringComparison.Ordinal) ? new[] { (OutputOptions)Changed(((IReadOnlyList<OutputOptions>)old!)[0], path[1..], whole) }
            : path.Length > 1 ? Changed(old!, path[1..], whole)
            : Values.Where(v => whole == v.Key || whole.EndsWith("." + v.Key, StringComparison.Ordinal)).Select(v => v.Value).FirstOrDefault() ?? Other(old, property.PropertyType, whole);
        property.SetValue(copy, changed);
        return copy;
    }

    private static object Other(object? old, Type type, string path) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(bool) => !(bool)old!,
        var t when t == typeof(string) => "changed",
        var t when t.IsEnum => Enum.GetValues(t).Cast<object>().First(v => !v.Equals(old)),
        var t when t.IsPrimitive => Convert.ChangeType(Convert.ToInt64(old ?? 0, null) + 1, t, null),
        var t when t == typeof(IPEndPoint) => new IPEndPoint(IPAddress.Parse("2001:db8::1"), 7),
        var t when t == typeof(IReadOnlyList<IPEndPoint>) => new[] { new IPEndPoint(IPAddress.Loopback, 5), new IPEndPoint(IPAddress.IPv6Loopback, 6) },
        _ => throw new InvalidOperationException($"a value for {path}, please: add one to Values"),
    };

    private static string Text(CollectorOptions options) => PmacctConversionText.Write("test", RootForm.Write(options), _ => null, []);

    private static CollectorOptions Read(string yaml)
    {
        var findings = new Findings("test.yaml");
        CollectorOptions options = YamlConfigurationLoader.Load(new StringReader(yaml), findings);
        Assert.True(!findings.HasErrors, $"{string.Join('\n', findings.All)}\n{yaml}");
        return options;
    }

    private static IpAddress Address(string text) => IpAddress.TryParse(text, out IpAddress address) ? address : throw new ArgumentException(text);

    private static IpPrefix Prefix(string text) => IpPrefix.TryParse(text, out IpPrefix prefix) ? prefix : throw new ArgumentException(text);
}
