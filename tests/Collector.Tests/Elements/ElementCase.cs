using Collector.Testing.Builders;
using Collector.Tests.Replay;

namespace Collector.Tests.Elements;

/// <summary>A row with one of its lengths in one of its versions; <see cref="Domain"/> finds its record again in what is printed.</summary>
internal sealed record ElementCase(ElementRow Row, string Length, int Version, uint Domain)
{
    private const int Template = 300, OptionsTemplate = 400;

    // What every record carries besides.
    private static readonly (FieldSpecifier Field, string Value)[] Common =
    [
        ((8, 4), "0A000001"), ((12, 4), "C0000201"), ((7, 2), "03E8"), ((11, 2), "07D0"), ((4, 1), "06"), ((1, 8), "0000000000003039"), ((2, 8), "000000000000000A"),
    ];

    public static IReadOnlyList<ElementCase> All { get; } = [.. Build()];

    public override string ToString() => $"{Row.Primitive} from {Row.Element} of {Length} bytes, version {Version}";

    /// <summary>All cases as packets of one exporter.</summary>
    public static byte[] Capture(IEnumerable<ElementCase> cases)
    {
        var pcap = new PcapBytes();
        foreach (ElementCase one in cases)
        {
            foreach (byte[] message in one.Messages())
            {
                pcap.Add(PacketBytes.Frame(message));
            }
        }

        return pcap.ToArray();
    }

    private static IEnumerable<ElementCase> Build()
    {
        uint domain = 0;
        foreach (ElementRow row in ElementRow.All)
        {
            foreach (string length in row.Lengths)
            {
                foreach (int version in row.Versions)
                {
                    yield return new ElementCase(row, length, version, ++domain);
                }
            }
        }
    }

    private IEnumerable<byte[]> Messages()
    {
        if (Row.Options.Count == 2)
        {
            FieldSpecifier[] scopes = [.. Row.Options[0].Select(f => f.Field)], others = [.. Row.Options[1].Select(f => f.Field)];
            byte[] options = [.. Row.Options.SelectMany(part => part).SelectMany(f => f.OnTheWire)];
            yield return Message().OptionsTemplate(OptionsTemplate, scopes, others).Data(OptionsTemplate, options).Build();
        }

        ElementValue own = Row.Value(Length);
        int[] omitted = IsOuter || own.Field.Enterprise != 0 ? [.. Row.Omitted] : [.. Row.Omitted, own.Field.Id];
        ElementValue[] fields =
        [
            .. Row.With,
            own,
            .. Common.Where(c => !omitted.Contains(c.Field.Id)).Select(c => new ElementValue(c.Field, Convert.FromHexString(c.Value))),
        ];
        FieldSpecifier[] template = [.. fields.Select(f => f.Field)];
        yield return Message().Template(Template, template).Data(Template, [.. fields.SelectMany(f => f.OnTheWire)]).Build();
    }

    // The outer header of a tunnel comes before the same fields of the inner one.
    private bool IsOuter => Row.Primitive.StartsWith("tunnel_", StringComparison.Ordinal);

    private ExportMessageBuilder Message() => new(Version) { Domain = Domain };
}
