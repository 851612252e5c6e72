using System.Collections.Frozen;

namespace Collector.Configuration.Pmacct;

/// <summary>All keys that pmacct knows, read from keys.txt, which is part of the program.</summary>
internal static class PmacctKeyTable
{
    private static readonly FrozenDictionary<string, PmacctKey> Keys = Read();

    /// <summary>All keys.</summary>
    public static IEnumerable<PmacctKey> All => Keys.Values;

    /// <summary>The key of a name in lower case, or null.</summary>
    public static PmacctKey? Find(string name) => Keys.GetValueOrDefault(name);

    private static FrozenDictionary<string, PmacctKey> Read()
    {
        using Stream stream = typeof(PmacctKeyTable).Assembly.GetManifestResourceStream("Collector.Configuration.Pmacct.keys.txt")!;
        using var reader = new StreamReader(stream);
        var keys = new Dictionary<string, PmacctKey>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            string[] columns = line.Split('\t');
            keys.Add(columns[0], new PmacctKey(
                columns[0],
                columns[1][0],
                columns[2],
                columns[3] switch { "P" => PmacctScope.Plugin, "N" => PmacctScope.Named, _ => PmacctScope.Global },
                columns[4] == "-" ? "" : columns[4],
                columns[5] switch { "used" => PmacctKeyStatus.Used, "no-effect" => PmacctKeyStatus.NoEffect, _ => PmacctKeyStatus.Unsupported },
                columns.Length > 6 ? columns[6] : ""));
        }

        return keys.ToFrozenDictionary();
    }
}
