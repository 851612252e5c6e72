using System.Globalization;
using System.Text;

namespace Collector.Telemetry;

/// <summary>What a collector has done since it started, in totals, and how it stands. A plain copy of counters that others own.</summary>
public readonly record struct Summary
{
    /// <summary>Datagrams received.</summary>
    public long Datagrams { get; init; }

    /// <summary>Flow records decoded.</summary>
    public long Records { get; init; }

    /// <summary>Datagrams that the kernel dropped because a receive buffer was full.</summary>
    public long KernelDrops { get; init; }

    /// <summary>Losses by name, in the order in which they are shown.</summary>
    public IReadOnlyList<NamedLoss>? Losses { get; init; }

    /// <summary>Keys in the tables of all outputs now.</summary>
    public long Keys { get; init; }

    /// <summary>Rows that destinations have taken.</summary>
    public long Published { get; init; }

    /// <summary>Messages handed to Kafka and not yet acknowledged, now; null when no output is Kafka.</summary>
    public long? KafkaOutstanding { get; init; }

    /// <summary>One line about what happened between an earlier copy and this one.</summary>
    /// <param name="earlier">The copy of a minute ago.</param>
    public string SinceLine(Summary earlier)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"datagrams {Datagrams - earlier.Datagrams}, records {Records - earlier.Records}");
        line.Append(CultureInfo.InvariantCulture, $", kernel drops {KernelDrops - earlier.KernelDrops}, ");
        AppendLosses(line, earlier);
        line.Append(CultureInfo.InvariantCulture, $", keys {Keys}, published {Published - earlier.Published}");
        if (KafkaOutstanding is { } outstanding)
        {
            line.Append(CultureInfo.InvariantCulture, $", Kafka outstanding {outstanding}");
        }

        return line.ToString();
    }

    private void AppendLosses(StringBuilder line, Summary earlier)
    {
        line.Append("lost");
        bool any = false;
        foreach (NamedLoss loss in Losses ?? [])
        {
            long before = (earlier.Losses ?? []).Where(l => l.Name == loss.Name).Sum(l => l.Count);
            if (loss.Count != before)
            {
                line.Append(CultureInfo.InvariantCulture, $"{(any ? " + " : " ")}{loss.Count - before} {loss.Name}");
                any = true;
            }
        }

        line.Append(any ? "" : " 0");
    }
}

/// <summary>How often something was lost for one reason.</summary>
/// <param name="Name">The reason as the ledger names it.</param>
/// <param name="Count">How often, since the start.</param>
public readonly record struct NamedLoss(string Name, long Count);
