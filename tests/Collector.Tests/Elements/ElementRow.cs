using System.Globalization;
using System.Numerics;
using Collector.Testing;
using Collector.Testing.Builders;

namespace Collector.Tests.Elements;

/// <summary>A row of elements.txt: one element that fills one primitive.</summary>
internal sealed class ElementRow
{
    private readonly string _kind;
    private readonly string _value;
    private readonly string _printed;
    private readonly HashSet<string> _nfacctd;

    private ElementRow(string line)
    {
        string[] columns = line.Split('\t');
        Primitive = columns[0];
        Element = columns[1];
        Lengths = [.. columns[2].Split(',').SelectMany(Range)];
        _kind = columns[3];
        _value = columns[4].Replace("0x", "", StringComparison.Ordinal);
        _printed = columns[5];
        _nfacctd = [.. columns[6].Split(',').SelectMany(Range)];
        With = [.. Fields(columns[7])];
        Options = columns[8] == "-" ? [] : [.. columns[8].Split('|').Select(part => Fields(part).ToArray())];
        Omitted = columns[9] == "-" ? [] : [.. columns[9].Split(',').Select(id => int.Parse(id, CultureInfo.InvariantCulture))];
        Versions = [.. columns[10].Split(',').Select(v => int.Parse(v, CultureInfo.InvariantCulture))];
    }

    public string Primitive { get; }

    /// <summary>Number, or enterprise:number.</summary>
    public string Element { get; }

    /// <summary>Numbers of bytes, or v for a variable length.</summary>
    public IReadOnlyList<string> Lengths { get; }

    public IReadOnlyList<ElementValue> With { get; }

    /// <summary>Scope and other fields of an options record; empty for none.</summary>
    public IReadOnlyList<ElementValue[]> Options { get; }

    public IReadOnlyList<int> Omitted { get; }

    public IReadOnlyList<int> Versions { get; }

    public static IReadOnlyList<ElementRow> All { get; } =
    [
        .. File.ReadLines(Path.Combine(RepositoryPaths.Root, "tests", "Collector.Tests", "Elements", "elements.txt"))
            .Where(line => line.Length > 0 && line[0] != '#').Select(line => new ElementRow(line)),
    ];

    /// <summary>The field with its value in so many bytes.</summary>
    public ElementValue Value(string length)
    {
        byte[] bytes = Convert.FromHexString(_value);
        int size = length == "v" ? bytes.Length : int.Parse(length, CultureInfo.InvariantCulture);
        return new ElementValue(Specifier(Element, length == "v" ? 65_535 : size), [.. new byte[Math.Max(0, size - bytes.Length)], .. bytes.AsSpan(Math.Max(0, bytes.Length - size))]);
    }

    /// <summary>How the primitive is printed, as JSON.</summary>
    public string Printed(string length)
    {
        if (_printed != "-")
        {
            return _printed;
        }

        var sent = new BigInteger(Value(length).Bytes, isUnsigned: true, isBigEndian: true);
        return (sent & ((BigInteger.One << int.Parse(_kind[1..], CultureInfo.InvariantCulture)) - 1)).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>True when nfacctd 1.7.7 does not survive the row.</summary>
    public bool CrashesNfacctd => _nfacctd.Contains("crashes");

    /// <summary>True when nfacctd 1.7.7 prints the same.</summary>
    public bool IsPrintedByNfacctd(string length) => _nfacctd.Contains(length);

    private static IEnumerable<string> Range(string part)
    {
        string[] ends = part.Split('-');
        return ends.Length == 1 || ends[0].Length == 0
            ? [part]
            : Enumerable.Range(int.Parse(ends[0], CultureInfo.InvariantCulture), int.Parse(ends[1], CultureInfo.InvariantCulture) - int.Parse(ends[0], CultureInfo.InvariantCulture) + 1)
                .Select(n => n.ToString(CultureInfo.InvariantCulture));
    }

    private static IEnumerable<ElementValue> Fields(string text)
    {
        foreach (string field in text == "-" ? [] : text.Split(','))
        {
            string[] parts = field.Split('/', '=');
            int length = int.Parse(parts[1], CultureInfo.InvariantCulture);
            byte[] bytes = Convert.FromHexString(parts[2].Length % 2 == 0 ? parts[2] : "0" + parts[2]);
            yield return new ElementValue(Specifier(parts[0], length), [.. new byte[length - bytes.Length], .. bytes]);
        }
    }

    private static FieldSpecifier Specifier(string element, int length)
    {
        string[] parts = element.Split(':');
        int id = int.Parse(parts[^1], CultureInfo.InvariantCulture);
        return new FieldSpecifier(id, length, parts.Length == 2 ? uint.Parse(parts[0], CultureInfo.InvariantCulture) : 0);
    }
}

/// <summary>A field and its bytes.</summary>
internal readonly record struct ElementValue(FieldSpecifier Field, byte[] Bytes)
{
    /// <summary>As it stands in a record.</summary>
    public byte[] OnTheWire => Field.Length == 65_535 ? [(byte)Bytes.Length, .. Bytes] : Bytes;
}
