using System.Globalization;
using Collector.Configuration;
using Collector.Maps.Filters;

namespace Collector.Maps;

/// <summary>ports_file, protos_file, tos_file: the values that are told apart, one a line; all others count as one (pmacct-compat §5.3). Immutable; any thread.</summary>
public sealed class NumberList
{
    private readonly bool[] _listed;

    private NumberList(bool[] listed) => _listed = listed;

    /// <summary>True when the value stands in the file.</summary>
    public bool Contains(int value) => _listed[value];

    /// <summary>Reads ports, 0 to 65535.</summary>
    public static NumberList ReadPorts(TextReader text, Findings findings) =>
        Read(text, findings, 65_536, "a port from 0 to 65535", s => int.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : -1);

    /// <summary>Reads protocols, by number or name.</summary>
    public static NumberList ReadProtocols(TextReader text, Findings findings) =>
        Read(text, findings, 256, "a protocol number or name", s => FilterProtocols.TryParse(s, out byte n) ? n : -1);

    /// <summary>Reads ToS values, 0 to 255.</summary>
    public static NumberList ReadTos(TextReader text, Findings findings) =>
        Read(text, findings, 256, "a ToS value from 0 to 255", s => byte.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out byte n) ? n : -1);

    private static NumberList Read(TextReader text, Findings findings, int count, string expected, Func<string, int> parse)
    {
        bool[] listed = new bool[count];
        for (int number = 1; text.ReadLine() is { } line; number++)
        {
            string entry = line.Trim();
            if (entry.Length == 0 || entry[0] is '!' or '#')
            {
                continue;
            }

            int value = parse(entry);
            if (value >= 0 && value < count)
            {
                listed[value] = true;
            }
            else
            {
                findings.Error(number, $"'{entry}' does not fit; write {expected}");
            }
        }

        return new NumberList(listed);
    }
}
