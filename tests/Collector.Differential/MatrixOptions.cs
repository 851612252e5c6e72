using System.Globalization;

namespace Collector.Differential;

/// <summary>What the command line asks for.</summary>
/// <param name="Configurations">Numbers of configurations; empty for all.</param>
/// <param name="Capture">Part of the names of captures; empty for all.</param>
/// <param name="AtOnce">Cases at once.</param>
/// <param name="Show">Print this configuration instead of running.</param>
/// <param name="Part">Only the cases that the tests run.</param>
internal sealed record MatrixOptions(IReadOnlyList<int> Configurations, string Capture, int AtOnce, int? Show, bool Part)
{
    /// <summary>How to call it.</summary>
    public const string Usage = """
        usage: Collector.Differential [--configuration N,N…] [--capture PART-OF-NAME] [--at-once 48] [--part true]     nfacctd and sfacctd 1.7.7 beside the collector
               Collector.Differential --show N                                                          prints a configuration and its files
        """;

    /// <summary>Reads the arguments; null when they are wrong.</summary>
    public static MatrixOptions? Parse(IReadOnlyList<string> arguments)
    {
        var options = new MatrixOptions([], "", 48, null, false);
        for (int i = 0; i + 1 < arguments.Count + 1 && i < arguments.Count; i += 2)
        {
            string? value = i + 1 < arguments.Count ? arguments[i + 1] : null;
            int number = 0;
            if (value is null || (arguments[i] is "--at-once" or "--show" && !int.TryParse(value, CultureInfo.InvariantCulture, out number)))
            {
                return null;
            }

            switch (arguments[i])
            {
                case "--configuration" when value.Split(',').All(n => int.TryParse(n, CultureInfo.InvariantCulture, out _)):
                    options = options with { Configurations = [.. value.Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture))] };
                    break;
                case "--capture":
                    options = options with { Capture = value };
                    break;
                case "--at-once" when number > 0:
                    options = options with { AtOnce = number };
                    break;
                case "--part" when value is "true" or "false":
                    options = options with { Part = value == "true" };
                    break;
                case "--show":
                    options = options with { Show = number };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }
}
