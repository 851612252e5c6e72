using Collector.Configuration;
using Collector.Configuration.CustomPrimitives;
using Collector.Configuration.Pmacct;
using Collector.Configuration.Yaml;
using Collector.Flows.Extras;
using Collector.Output;
using Xunit;

namespace Collector.Tests.Configuration.CustomPrimitives;

public sealed class PrimitivesFileTests
{
    [Fact]
    public void Read_TakesWhatPmacctTakes()
    {
        (IReadOnlyList<CustomPrimitive> read, Findings findings) = Read("""
            ! a comment
            name=MTLA field_type=47 len=4 semantics=ip
            len=vlen semantics=str name=app	field_type=9:12235
            name=ttl packet_ptr=l3:0x800+8 packet_ptr=l3:34525+7 len=1 semantics=u_int
            name=mac packet_ptr=mac: len=6 semantics=mac
            """);
        Assert.Empty(findings.All);
        Assert.Equal(
            [("mtla", 0u, 47, 4, CustomSemantics.Address), ("app", 9u, 12_235, 0, CustomSemantics.Text), ("ttl", 0u, 0, 1, CustomSemantics.Number), ("mac", 0u, 0, 6, CustomSemantics.Mac)],
            read.Select(p => (p.Name, p.Enterprise, (int)p.Element, p.Length, p.Semantics)));
        Assert.Equal([new PacketPointer(PacketLayer.L3, 0x800, 8), new PacketPointer(PacketLayer.L3, 0x86DD, 7)], read[2].Pointers);
        Assert.Equal([new PacketPointer(PacketLayer.Mac, null, 0)], read[3].Pointers);
    }

    [Theory]
    [InlineData("name=a field_type=x len=4 semantics=u_int", "field_type=x does not fit; write the number of an element")]
    [InlineData("name=a field_type=70000 len=4 semantics=u_int", "field_type=70000 does not fit")]
    [InlineData("name=a field_type=0 len=4 semantics=u_int", "field_type=0 does not fit")]
    [InlineData("name=a field_type=5:6:7 len=4 semantics=u_int", "field_type=5:6:7 does not fit")]
    [InlineData("name=a len=4 semantics=u_int", "comes from nowhere; write field_type=")]
    [InlineData("field_type=3 len=4 semantics=u_int", "required key missing: write name=")]
    [InlineData("name=a field_type=3", "required key missing: write len= and semantics=")]
    [InlineData("name=a field_type=3 len=3 semantics=u_int", "a number has 1, 2, 4 or 8 bytes")]
    [InlineData("name=a field_type=3 len=vlen semantics=hex", "a number has 1, 2, 4 or 8 bytes")]
    [InlineData("name=a field_type=3 len=5 semantics=ip", "an address has 4 or 16 bytes")]
    [InlineData("name=a field_type=3 len=7 semantics=mac", "a MAC address has 6 bytes")]
    [InlineData("name=a field_type=3 len=0 semantics=str", "len=0 does not fit")]
    [InlineData("name=a field_type=3 len=4 semantics=string", "semantics=string does not fit; write one of u_int, hex, ip, mac, str, raw")]
    [InlineData("name=a packet_ptr=l5:+3 len=4 semantics=raw", "packet_ptr=l5:+3 does not fit; write layer:[protocol]+[offset]")]
    [InlineData("name=a packet_ptr=l3 len=4 semantics=raw", "packet_ptr=l3 does not fit")]
    [InlineData("name=a packet_ptr=l3:+-3 len=4 semantics=raw", "packet_ptr=l3:+-3 does not fit")]
    [InlineData("name=a packet_ptr=mac:0x800+3 len=4 semantics=raw", "only l3 and l4 take a protocol")]
    [InlineData("name=a packet_ptr=l3:+3 len=vlen semantics=str", "write a number of bytes instead of vlen")]
    [InlineData("name=src_port field_type=7 len=2 semantics=u_int", "'src_port' is a primitive already")]
    [InlineData("name=a|b field_type=7 len=2 semantics=u_int", "'|' must not stand in a map")]
    [InlineData("name=a,b field_type=7 len=2 semantics=u_int", "name 'a,b' does not fit")]
    [InlineData("name=a fieldtype=7 len=2 semantics=u_int", "unknown key 'fieldtype'; did you mean 'field_type'?")]
    [InlineData("name=a name=b field_type=7 len=2 semantics=u_int", "key 'name' stands here twice")]
    public void Fault_IsToldWithItsLine(string line, string expected)
    {
        (IReadOnlyList<CustomPrimitive> read, Findings findings) = Read($"# first\n{line}\nname=good field_type=8 len=4 semantics=ip");
        Finding found = Assert.Single(findings.All);
        Assert.Equal(2, found.Line);
        Assert.Contains(expected, found.Text, StringComparison.Ordinal);
        Assert.Equal(["good"], read.Select(p => p.Name));
    }

    [Fact]
    public void SecondDefinitionOfAName_IsRefused()
    {
        (IReadOnlyList<CustomPrimitive> read, Findings findings) = Read("name=a field_type=8 len=4 semantics=ip\nname=A field_type=7 len=2 semantics=u_int");
        Assert.Equal((8, 2), (Assert.Single(read).Element, Assert.Single(findings.All).Line));
    }

    [Fact]
    public void MoreThanTheLimit_IsRefused()
    {
        (IReadOnlyList<CustomPrimitive> read, Findings findings) = Read(string.Join('\n', Enumerable.Range(1, 300).Select(i => $"name=p{i} field_type={i} len=4 semantics=ip")));
        Assert.Equal((256, 257), (read.Count, Assert.Single(findings.All).Line));
    }

    [Fact]
    public void PmacctFile_DefinesNamesOfAggregate_AndItsFaultsNameFileAndLine()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "name=mtla field_type=47 len=4 semantics=ip\nname=bad field_type=1\n");
            var findings = new Findings("nfacctd.conf");
            CollectorOptions options = PmacctConfigurationLoader.Load(
                new StringReader($"plugins: print\nprint_output: json\naggregate: mtla, mtlaa\naggregate_primitives: {file}\n"), lenient: false, findings);
            Assert.Equal("mtla", Assert.Single(options.CustomPrimitives).Name);
            Assert.Equal(
                [
                    "nfacctd.conf:3: aggregate: unknown primitive 'mtlaa'; did you mean 'mtla'? A name of your own has to be defined first: custom_primitives, or aggregate_primitives behind -f",
                    $"nfacctd.conf:4: {file}:2: required key missing: write len= and semantics=",
                ],
                findings.All.Select(f => f.ToString()));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Yaml_SaysTheSame()
    {
        var findings = new Findings("collector.yaml");
        CollectorOptions options = YamlConfigurationLoader.Load(
            new StringReader("""
                outputs:
                  - name: out
                    aggregate: [app, ttl]
                custom_primitives:
                  - {name: App, element: "9:12235", length: vlen, semantics: str}
                  - name: ttl
                    packet_ptr: ["l3:0x800+8", "l3:0x86dd+7"]
                    length: 1
                    semantics: u_int
                """),
            findings);
        Assert.Empty(findings.All);
        Assert.Equal(["app", "ttl"], options.CustomPrimitives.Select(p => p.Name));
        Assert.True(PrimitiveSelection.TryParse(options.Outputs[0], out PrimitiveSelection? selection, out _));
        Assert.Equal(2, selection.KeyExtras.Count);
    }

    [Theory]
    [InlineData("- {name: a, element: 0, length: 1, semantics: u_int}", "custom_primitives[0].element: '0' does not fit")]
    [InlineData("- {name: a, element: 1, length: 3, semantics: u_int}", "custom_primitives[0]: 'a': a number has 1, 2, 4 or 8 bytes")]
    [InlineData("- {name: a, element: 1, length: 1}", "custom_primitives[0] has no semantics; write semantics:")]
    [InlineData("- {name: a, packet_ptr: [l9:+1], length: 1, semantics: hex}", "custom_primitives[0].packet_ptr: 'l9:+1' does not fit")]
    [InlineData("- a", "custom_primitives[0]: 'a' does not fit; write the keys of a definition")]
    public void YamlFault_IsToldWithItsLine(string definition, string expected)
    {
        var findings = new Findings("collector.yaml");
        YamlConfigurationLoader.Load(new StringReader($"# first\ncustom_primitives:\n  {definition}\n"), findings);
        Finding found = Assert.Single(findings.All);
        Assert.Equal(3, found.Line);
        Assert.Contains(expected, found.Text, StringComparison.Ordinal);
    }

    private static (IReadOnlyList<CustomPrimitive> Read, Findings Findings) Read(string text)
    {
        var findings = new Findings("primitives.lst");
        return (PrimitivesFile.Read(new StringReader(text), findings), findings);
    }
}
