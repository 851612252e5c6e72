using System.Globalization;

namespace Collector.Configuration;

/// <summary>Checks of rows before they are published (`preprocess`, print_preprocess, kafka_preprocess). Immutable; 0 is no check.</summary>
public sealed record PreprocessOptions
{
    private const string Sql = "is for pmacct's SQL plugins only; remove it";

    private static readonly string[] SqlOnly = ["qnum", "fss", "fsrc", "usrf", "adjb", "recover"];

    private static readonly (string Name, Func<PreprocessOptions, ulong> Get, Func<PreprocessOptions, ulong, PreprocessOptions> Set)[] Checks =
    [
        ("minp", o => o.MinPackets, (o, v) => o with { MinPackets = v }),
        ("minf", o => o.MinFlows, (o, v) => o with { MinFlows = v }),
        ("minb", o => o.MinBytes, (o, v) => o with { MinBytes = v }),
        ("maxp", o => o.MaxPackets, (o, v) => o with { MaxPackets = v }),
        ("maxf", o => o.MaxFlows, (o, v) => o with { MaxFlows = v }),
        ("maxb", o => o.MaxBytes, (o, v) => o with { MaxBytes = v }),
        ("minbpp", o => o.MinBytesPerPacket, (o, v) => o with { MinBytesPerPacket = v }),
        ("minppf", o => o.MinPacketsPerFlow, (o, v) => o with { MinPacketsPerFlow = v }),
    ];

    /// <summary>No check at all.</summary>
    public static PreprocessOptions None { get; } = new();

    /// <summary>minp: packets, at least.</summary>
    public ulong MinPackets { get; init; }

    /// <summary>minf: flows, at least.</summary>
    public ulong MinFlows { get; init; }

    /// <summary>minb: octets, at least.</summary>
    public ulong MinBytes { get; init; }

    /// <summary>maxp: packets, below.</summary>
    public ulong MaxPackets { get; init; }

    /// <summary>maxf: flows, below.</summary>
    public ulong MaxFlows { get; init; }

    /// <summary>maxb: octets, below.</summary>
    public ulong MaxBytes { get; init; }

    /// <summary>minbpp: octets per packet, at least.</summary>
    public ulong MinBytesPerPacket { get; init; }

    /// <summary>minppf: packets per flow, at least.</summary>
    public ulong MinPacketsPerFlow { get; init; }

    /// <summary>preprocess_type: all checks must pass; false: one is enough. Default false.</summary>
    public bool All { get; init; }

    /// <summary>True when there is a check.</summary>
    public bool IsOn => Array.Exists(Checks, c => c.Get(this) != 0);

    /// <summary>True when one of the maxima is set, which nfacctd 1.7.7 does not know.</summary>
    public bool HasMaximum => (MaxPackets | MaxFlows | MaxBytes) != 0;

    /// <summary>The options without maxima.</summary>
    public PreprocessOptions WithoutMaxima() => this with { MaxPackets = 0, MaxFlows = 0, MaxBytes = 0 };

    /// <summary>Reads a list such as `minp=10, minb=1000`. Blanks and capital letters are forgiven, the last of two equal names wins, as in pmacct.</summary>
    /// <param name="text">The list.</param>
    /// <param name="all">Whether all checks must pass.</param>
    /// <param name="options">The checks that could be read.</param>
    /// <param name="errors">Every mistake, each a sentence that says what to write instead.</param>
    public static bool TryParse(string text, bool all, out PreprocessOptions options, out IReadOnlyList<string> errors)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<string> found = [];
        options = new PreprocessOptions { All = all };
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            string check = string.Concat(part.Where(c => !char.IsWhiteSpace(c))).ToLowerInvariant();
            string[] sides = check.Split('=', 2);
            int index = Array.FindIndex(Checks, c => c.Name == sides[0]);
            if (index < 0)
            {
                found.Add(SqlOnly.Contains(sides[0]) ? $"'{sides[0]}' {Sql}" : $"unknown check '{sides[0]}'; the names are {string.Join(", ", Checks.Select(c => c.Name))}");
            }
            else if (sides.Length < 2 || !ulong.TryParse(sides[1], NumberStyles.None, CultureInfo.InvariantCulture, out ulong limit) || limit == 0)
            {
                found.Add($"'{check}' does not fit; write {sides[0]}= and a whole number from 1");
            }
            else
            {
                options = Checks[index].Set(options, limit);
            }
        }

        if (found.Count == 0 && !options.IsOn)
        {
            found.Add("there is no check; write one such as minp=10");
        }

        errors = found;
        return found.Count == 0;
    }

    /// <summary>The list as <see cref="TryParse"/> reads it; empty without checks.</summary>
    public override string ToString() => string.Join(", ", Checks.Where(c => c.Get(this) != 0).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Name}={c.Get(this)}")));
}
