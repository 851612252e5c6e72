using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using Collector.Configuration;
using Collector.Enrichment.GeoIp;
using Xunit;

namespace Collector.Tests.Enrichment.GeoIp;

/// <summary>Files that are damaged or were made to harm: each is refused with a sentence, none by an exception, none after a long time.</summary>
public sealed class GeoDatabaseFileTests
{
    [Theory]
    [InlineData("city-24")]
    [InlineData("city-28")]
    [InlineData("city-32")]
    public void Read_CutShortAnywhere_IsRefused(string name)
    {
        byte[] file = File.ReadAllBytes(GeoDatabases.PathOf(name));

        // The metadata is the end of the file, and each of its values is needed.
        for (int length = 0; length < file.Length; length++)
        {
            Assert.NotNull(Fault(file.AsSpan(0, length)));
        }
    }

    [Theory]
    [InlineData("city-28")]
    [InlineData("country-ipv4")]
    public void Read_AnyByteChanged_IsReadOrRefused(string name)
    {
        byte[] file = File.ReadAllBytes(GeoDatabases.PathOf(name));
        int refused = 0;
        for (int i = 0; i < file.Length; i++)
        {
            byte old = file[i];
            foreach (byte value in (ReadOnlySpan<byte>)[0, 0x3F, 0x7F, 0xE1, 0xFF, (byte)(old ^ 1), (byte)(old ^ 0x20)])
            {
                file[i] = value;
                refused += Fault(file) is null ? 0 : 1;
            }

            file[i] = old;
        }

        Assert.InRange(refused, 100, file.Length * 7);
        Assert.Null(Fault(file));
    }

    [Theory]
    [InlineData("", "this is no GeoIP database in MaxMind's format (.mmdb): its end has no metadata")]
    [InlineData("E0", "its binary format has version missing; only 2 is known")]
    [InlineData("40", "its metadata cannot be read")]
    [InlineData("", "its records have 20 bits; only 24, 28 and 32 are known", 20)]
    [InlineData("", "its addresses are of IP version 5; only 4 and 6 are known", 24, 5)]
    [InlineData("", "its number of nodes is 0", 24, 4, 0)]
    [InlineData("", "9 nodes of 6 bytes do not fit in the file; it is cut short or damaged", 24, 4, 9)]
    [InlineData("", "its binary format has version 3; only 2 is known", 24, 4, 1, 3)]
    public void Read_MetadataThatCannotBe_SaysWhat(string metadata, string expected, int recordSize = 0, int version = 4, int nodes = 1, int major = 2)
    {
        byte[] described = recordSize != 0 ? Metadata(recordSize, version, nodes, major) : metadata.Length == 0 ? [] : [.. Marker, .. Convert.FromHexString(metadata)];
        Assert.StartsWith($"x: the GeoIP database cannot be used: {expected}", Fault([.. new byte[30], .. described]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2001", "a pointer to itself")]
    [InlineData("20032000", "two pointers in a ring")]
    [InlineData("E1", "a map without its member")]
    [InlineData("E12005", "a key outside")]
    [InlineData("FFFFFFFF", "a map of sixteen million members")]
    [InlineData("E147636F756E747279E14869736F5F636F64655F44", "a string longer than the file")]
    [InlineData("E147636F756E747279E14869736F5F636F64652000", "a code that is the map itself, which is no fault", true)]
    [InlineData("E1486C6F636174696F6EE1486C617469747564656400000000", "a double of four bytes")]
    [InlineData("0005", "an end marker")]
    [InlineData("00FF", "a type that does not exist")]
    [InlineData("38FFFFFFFF", "a pointer beyond the end")]
    public void Read_RecordThatCannotBe_IsRefused(string data, string what, bool isUsed = false)
    {
        string? fault = Fault(Database(Convert.FromHexString(data)));
        if (isUsed)
        {
            Assert.Null(fault);
            return;
        }

        Assert.True(fault == "x: the GeoIP database cannot be used: the record at byte 0 of its data cannot be read; it is cut short or damaged", $"{what}: {fault}");
    }

    [Fact]
    public void Read_MapsWithinMapsWithoutEnd_AreNotFollowed()
    {
        // A million arrays of one element within each other stand before the member that is looked for.
        byte[] data = [0xE2, 0x41, (byte)'a', .. Enumerable.Repeat<byte[]>([0x01, 0x04], 1_000_000).SelectMany(b => b), 0xA0];
        Assert.Contains("more than 256 values each", Fault(Database(data)), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ManyRecordsThatEachCostMuch_EndSoon()
    {
        // 50,000 maps within each other, each a leaf: from the innermost outwards every one costs more, done one by one they are 10¹⁰ values.
        const int Leaves = 50_000;
        byte[] data = [.. Enumerable.Repeat<byte[]>([0xE1, 0x41, (byte)'a'], Leaves).SelectMany(b => b), 0xA0];
        byte[] tree = new byte[4 * Leaves];
        for (int i = 0; i < Leaves; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(tree.AsSpan(4 * i), (uint)((Leaves / 2) + 16 + (3 * (Leaves - 1 - i))));
        }

        var clock = Stopwatch.StartNew();
        Assert.Contains("more than 256 values each", Fault([.. tree, .. new byte[16], .. data, .. Metadata(32, 6, Leaves / 2)]), StringComparison.Ordinal);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"it took {clock.Elapsed}");
    }

    [Fact]
    public void Read_TreeThatIsARing_AnswersNothing()
    {
        // One node that leads to itself on both sides: a walk ends with the address.
        var findings = new Findings("x");
        GeoDatabase database = GeoDatabaseFile.Read([.. new byte[6 + 16], .. Metadata(24, 6, 1)], findings)!;
        Assert.Equal(("nothing", "nothing"), (GeoDatabases.Ask(database, "10.1.1.1"), GeoDatabases.Ask(database, "2001:db8::1")));
    }

    [Theory]
    [InlineData(0x7FF8000000000000ul)]
    [InlineData(0x7FF0000000000000ul)]
    [InlineData(0x7FEFFFFFFFFFFFFFul)]
    public void Read_LatitudeThatIsNone_IsUnknown(ulong bits)
    {
        byte[] value = BitConverter.GetBytes(bits).Reverse().ToArray();
        byte[] data = [0xE1, 0x48, .. "location"u8, 0xE1, 0x48, .. "latitude"u8, 0x68, .. value];
        GeoDatabase database = GeoDatabaseFile.Read(Database(data), new Findings("x"))!;
        Assert.Equal("nothing", GeoDatabases.Ask(database, "10.1.1.1"));
    }

    [Fact]
    public void Read_NoFile_SaysSo()
    {
        var findings = new Findings("/nowhere/x.mmdb");
        Assert.Null(GeoDatabaseFile.Read("/nowhere/x.mmdb", findings));
        Assert.StartsWith("/nowhere/x.mmdb: the GeoIP database cannot be read: ", Assert.Single(findings.All).ToString(), StringComparison.Ordinal);
    }

    private static byte[] Marker => [0xAB, 0xCD, 0xEF, .. "MaxMind.com"u8];

    private static string? Fault(ReadOnlySpan<byte> file)
    {
        var findings = new Findings("x");
        return GeoDatabaseFile.Read(file, findings) is null ? Assert.Single(findings.All, f => f.Severity == FindingSeverity.Error).ToString() : null;
    }

    // One node whose two records are the first byte of the data.
    private static byte[] Database(byte[] data) => [0, 0, 17, 0, 0, 17, .. new byte[16], .. data, .. Metadata(24, 4, 1)];

    private static byte[] Metadata(int recordSize, int version, int nodes, int major = 2) =>
    [
        .. Marker,
        0xE4,
        .. Name("binary_format_major_version"), 0xA1, (byte)major,
        .. Name("node_count"), 0xC4, .. BitConverter.GetBytes(nodes).Reverse(),
        .. Name("record_size"), 0xA1, (byte)recordSize,
        .. Name("ip_version"), 0xA1, (byte)version,
    ];

    private static byte[] Name(string name) => [(byte)(0x40 | name.Length), .. Encoding.UTF8.GetBytes(name)];
}
