using System.CommandLine;
using System.CommandLine.Parsing;
using Collector.Configuration;

namespace Collector.CommandLine;

/// <summary>The switches that name and change the configuration, shared by all verbs.</summary>
internal sealed class ConfigurationSwitches
{
    private readonly Option<string?> _config = new("--config")
    {
        Description = "collector.yaml (default: ./collector.yaml, /etc/collector/collector.yaml, built-in defaults)",
        HelpName = "FILE",
        Recursive = true,
    };

    private readonly PmacctSwitches _pmacct = new();

    private readonly Option<bool> _lenient = new("--lenient")
    {
        Description = "with -f: ignore what pmacct would ignore, and what is not supported yet",
        Recursive = true,
    };

    private readonly Option<string?> _version = new("--pmacct-version") { Description = "the JSON dialect: 1.7 or 1.8", HelpName = "VERSION", Recursive = true };

    private readonly Option<bool> _sharePort = new("--share-port") { Description = "do not refuse an address that another process receives on" };

    private readonly Option<int?> _workers = new("--workers") { Description = "worker threads", HelpName = "N" };

    public ConfigurationSwitches()
    {
        _version.AcceptOnlyFromAmong("1.7", "1.8");
        _config.Validators.Add(result =>
        {
            if (_pmacct.AreUsed(result))
            {
                result.AddError("--config and -f exclude each other: name one configuration.");
            }
        });
        _workers.Validators.Add(result =>
        {
            // A value that is no number has its own error already.
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int workers) && workers is < 1 or > 1_024)
            {
                result.AddError("--workers takes a number from 1 to 1024.");
            }
        });
    }

    /// <summary>Adds the switches of all verbs to the root, from where every verb inherits them.</summary>
    public void AddTo(RootCommand root)
    {
        root.Add(_config);
        _pmacct.AddTo(root);
        root.Add(_lenient);
        root.Add(_version);
    }

    /// <summary>Adds --share-port and --workers to a verb that receives.</summary>
    public void AddReceivingTo(Command command)
    {
        command.Add(_sharePort);
        command.Add(_workers);
    }

    /// <summary>Adds --workers.</summary>
    public void AddWorkersTo(Command command) => command.Add(_workers);

    /// <summary>Adds pmacct's own switches to a verb that reads a configuration.</summary>
    public void AddPmacctTo(Command command) => _pmacct.AddSwitchesTo(command);

    /// <summary>What the parsed command line says; of several -f the first.</summary>
    public ConfigurationRequest Request(ParseResult result) => Requests(result)[0];

    /// <summary>What the parsed command line says: a request for each -f, else a single one.</summary>
    public IReadOnlyList<ConfigurationRequest> Requests(ParseResult result)
    {
        IReadOnlyList<ConfigurationRequest> pmacct = _pmacct.Requests(result);
        return [.. (pmacct.Count > 0 ? pmacct : [new ConfigurationRequest { YamlFile = result.GetValue(_config) }]).Select(r => r with
        {
            Lenient = result.GetValue(_lenient),
            Pmacct17 = result.GetValue(_version) is { } version ? version == "1.7" : null,
            SharePort = result.GetValue(_sharePort),
            Workers = result.GetValue(_workers),
        })];
    }
}
