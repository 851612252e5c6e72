using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Collector.Configuration;
using Collector.Configuration.Pmacct;
using Collector.Hosting;
using Collector.Output;

namespace Collector.CommandLine;

/// <summary>pmacct's own switches (pmacct-compat §9.5) and the switch -f that they stand behind.</summary>
/// <remarks>
/// A switch belongs to the -f in front of it, one in front of the first -f to that one: <c>-f nfacctd.conf -l 2055 -f sfacctd.conf -l 6343</c>.
/// The parser keeps what was written for each switch apart, so the order is read from its tokens.
/// </remarks>
internal sealed class PmacctSwitches
{
    private readonly Option<string[]> _files = new("-f")
    {
        Description = "nfacctd.conf or sfacctd.conf, as it is; run, replay and check take several. pmacct's own switches may follow it, such as -l 2055 -P print -c src_host",
        HelpName = "FILE",
        Recursive = true,
    };

    private readonly Option<string[]> _daemon = new("--as") { Description = "with -f: the daemon that the file was written for, nfacctd or sfacctd", HelpName = "DAEMON", Recursive = true };

    private readonly List<Option> _switches =
    [
        .. PmacctSwitch.All.Select(s => s.HasValue
            ? (Option)new Option<string[]>(s.Name) { Description = $"pmacct's switch for {s.Key}", Hidden = true }
            : new Option<bool[]>(s.Name) { Description = $"pmacct's switch for {s.Key}: true", Hidden = true, Arity = ArgumentArity.Zero }),
        new Option<bool>("-V") { Description = "the version", Hidden = true, Arity = ArgumentArity.Zero, Action = new Print(() => $"collector {CollectorVersion.Text}") },
        new Option<bool>("-a")
        {
            Description = "the names that aggregate takes",
            Hidden = true,
            Arity = ArgumentArity.Zero,
            Action = new Print(() => string.Join('\n', PrimitiveTable.All.Select(p => p.Name).Order(StringComparer.Ordinal))),
        },
    ];

    public PmacctSwitches()
    {
        _daemon.AcceptOnlyFromAmong("nfacctd", "sfacctd");
        _daemon.Validators.Add(result =>
        {
            if (!AreUsed(result))
            {
                result.AddError("--as says for which daemon the file behind -f was written; name one with -f.");
            }
        });
    }

    /// <summary>Adds -f and --as to the root, from where every verb inherits them.</summary>
    public void AddTo(RootCommand root)
    {
        root.Add(_files);
        root.Add(_daemon);
    }

    /// <summary>Adds pmacct's own switches to a verb that reads a configuration.</summary>
    public void AddSwitchesTo(Command command) => _switches.ForEach(command.Add);

    /// <summary>True when the command line asks for a configuration of pmacct.</summary>
    public bool AreUsed(SymbolResult result) => IsGiven(result, _files) || _switches.Exists(s => IsGiven(result, s));

    /// <summary>What the command line says about each file, in its order; none when it names neither a file nor a switch of pmacct.</summary>
    public IReadOnlyList<ConfigurationRequest> Requests(ParseResult result)
    {
        if (!AreUsed(result.CommandResult))
        {
            return [];
        }

        List<ConfigurationRequest> requests = [new()];
        for (int i = 0; i < result.Tokens.Count; i++)
        {
            Token token = result.Tokens[i];
            string next = i + 1 < result.Tokens.Count ? result.Tokens[i + 1].Value : "";
            ConfigurationRequest last = requests[^1];
            if (token.Type != TokenType.Option)
            {
                continue;
            }

            if (token.Value == "-f" && last.PmacctFile is null)
            {
                requests[^1] = last with { PmacctFile = next };
            }
            else if (token.Value == "-f")
            {
                requests.Add(new ConfigurationRequest { PmacctFile = next });
            }
            else if (token.Value == "--as")
            {
                requests[^1] = last with { Daemon = next == "sfacctd" ? PmacctDaemon.Sfacctd : PmacctDaemon.Nfacctd };
            }
            else if (PmacctSwitch.IsKnown(token.Value))
            {
                string value = PmacctSwitch.All.First(s => s.Name == token.Value).HasValue ? next : "true";
                requests[^1] = last with { Switches = [.. last.Switches, new PmacctSwitch(token.Value, value)] };
            }
        }

        return requests;
    }

    // A switch without a value has a result even where it is not given.
    private static bool IsGiven(SymbolResult result, Option option) => result.GetResult(option) is { Implicit: false };

    /// <summary>Prints a text on stdout in place of running.</summary>
    private sealed class Print(Func<string> text) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            Console.WriteLine(text());
            return ExitCode.Ok;
        }
    }
}
