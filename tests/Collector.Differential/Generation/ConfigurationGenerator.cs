namespace Collector.Differential.Generation;

/// <summary>Draws configurations: the same for the same seed.</summary>
internal static class ConfigurationGenerator
{
    /// <summary>The seed of the matrix.</summary>
    public const ulong Seed = 20_261_127;

    /// <summary>How many there are in the matrix.</summary>
    public const int Count = 96;

    private static readonly string[] Shapes = ["long", "long", "some", "some", "some", "few", "few", "one", "sum", "none", "default", "all"];

    /// <summary>The configurations of the matrix.</summary>
    public static IReadOnlyList<GeneratedConfiguration> Matrix { get; } = Generate(Seed, Count);

    /// <summary>Draws configurations.</summary>
    public static IReadOnlyList<GeneratedConfiguration> Generate(ulong seed, int count)
    {
        var draw = new Draw(seed);
        var maps = new TagMaps(draw);
        var table = new Table(
            draw,
            new Deck<string>(Shapes, draw),
            new Deck<string>(Primitives.All, draw),
            new Deck<string>(Primitives.Sums, draw),
            new Deck<Card<ConfigurationBuilder>>(DaemonCards.Of(maps), draw),
            new Deck<Card<OutputBuilder>>(OutputCards.Of(maps), draw));
        return [.. Enumerable.Range(0, count).Select(i => One(i, table))];
    }

    private static GeneratedConfiguration One(int number, Table table)
    {
        var builder = new ConfigurationBuilder(number, table.Draw);
        builder.Line("print_output", "json");
        builder.Line($"{table.Draw.Of("print", "kafka", "amqp", "sql")}_refresh_time", "86400");
        int outputs = 1 + table.Draw.Below(3);
        for (int i = 0; i < outputs; i++)
        {
            builder.Output(Aggregate(table));
        }

        int cards = 2 + table.Draw.Below(3);
        for (int i = 0; i < cards && table.DaemonCards.TryDeal(c => c.Fits(builder.Slots), out Card<ConfigurationBuilder> card); i++)
        {
            card.Take(builder.Slots);
            builder.Cards.Add(card.Name);
            card.Play(builder);
        }

        foreach (OutputBuilder output in builder.Outputs)
        {
            int own = 2 + table.Draw.Below(3);
            for (int i = 0; i < own && table.OutputCards.TryDeal(c => c.Fits(output.Slots), out Card<OutputBuilder> card); i++)
            {
                card.Take(output.Slots);
                builder.Cards.Add($"{output.Name}: {card.Name}");
                card.Play(output);
            }
        }

        return builder.Build();
    }

    private static string[] Aggregate(Table table)
    {
        table.Shapes.TryDeal(_ => true, out string shape);
        switch (shape)
        {
            case "default":
                return [];
            case "none":
                return ["none"];
            case "all":
                string without = table.Draw.Of(Primitives.Exclusive);
                return [.. Primitives.All.Where(p => p != without)];
            case "sum":
                table.Sums.TryDeal(_ => true, out string sum);
                return [sum, .. table.Draw.Chance(1, 2) ? ["flows"] : Array.Empty<string>()];
            default:
                return Primitive(table, shape switch { "long" => 20 + table.Draw.Below(12), "some" => 7 + table.Draw.Below(6), "few" => 2 + table.Draw.Below(3), _ => 1 });
        }
    }

    private static string[] Primitive(Table table, int count)
    {
        List<string> primitives = [];
        while (primitives.Count < count && table.Primitives.TryDeal(p => !primitives.Contains(p) && !(Primitives.Exclusive.Contains(p) && primitives.Any(Primitives.Exclusive.Contains)), out string primitive))
        {
            primitives.Add(primitive);
        }

        // Without another value of a router, 1.7.7 crashes when it prints these.
        return [.. primitives, .. primitives.Any(p => p is "mpls_pw_id" or "src_roa" or "dst_roa") && !primitives.Contains("mpls_vpn_rd") ? ["mpls_vpn_rd"] : Array.Empty<string>()];
    }

    private sealed record Table(
        Draw Draw,
        Deck<string> Shapes,
        Deck<string> Primitives,
        Deck<string> Sums,
        Deck<Card<ConfigurationBuilder>> DaemonCards,
        Deck<Card<OutputBuilder>> OutputCards);
}
