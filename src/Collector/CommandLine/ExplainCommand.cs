using System.CommandLine;
using Collector.Configuration;
using Collector.Net;

namespace Collector.CommandLine;

/// <summary>collector explain: asks a running collector why a flow gets its AS numbers.</summary>
internal static class ExplainCommand
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public static Command Create(ConfigurationSwitches configuration)
    {
        Argument<string> exporter = Address("EXPORTER", "the exporter's address (peer_src_ip)"), source = Address("SRC", "src_host"), destination = Address("DST", "dst_host");
        var url = new Option<string?>("--url") { Description = "where the collector serves its pages (default: http.listen of the configuration)", HelpName = "URL" };
        var command = new Command("explain", "Tells step by step why a flow gets its AS numbers, or why they are 0.") { exporter, source, destination, url };
        command.SetAction((result, stop) => RunAsync(
            configuration.Request(result), result.GetValue(url), result.GetValue(exporter)!, result.GetValue(source)!, result.GetValue(destination)!, stop));
        return command;
    }

    private static Argument<string> Address(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        argument.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !IpAddress.TryParse(result.Tokens[0].Value, out _))
            {
                result.AddError($"{name}: '{result.Tokens[0].Value}' is no IPv4 or IPv6 address.");
            }
        });
        return argument;
    }

    private static async Task<int> RunAsync(ConfigurationRequest request, string? url, string exporter, string source, string destination, CancellationToken stop)
    {
        if (url is null)
        {
            LoadedConfiguration loaded = FindingsReport.Load(request, FindingSeverity.Error);
            if (loaded.HasErrors)
            {
                return ExitCode.Configuration;
            }

            url = $"http://{loaded.Options.Http.Listen}";
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
        {
            await Console.Error.WriteLineAsync($"--url: '{url}' is no address of a page; write http://127.0.0.1:9590");
            return ExitCode.Usage;
        }

        using var client = new HttpClient { Timeout = Timeout };
        string query = $"/api/explain?format=text&exporter={Uri.EscapeDataString(exporter)}&src={Uri.EscapeDataString(source)}&dst={Uri.EscapeDataString(destination)}";
        try
        {
            using HttpResponseMessage response = await client.GetAsync(new Uri(address, query), stop);
            string text = await response.Content.ReadAsStringAsync(stop);
            if (response.IsSuccessStatusCode)
            {
                await Console.Out.WriteAsync(text);
                return ExitCode.Ok;
            }

            await Console.Error.WriteLineAsync(text.Length > 0 ? text.TrimEnd() : $"{address} answers {(int)response.StatusCode}: is that a collector?");
            return ExitCode.Runtime;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"no collector answers on {address} ({e.Message}); name its http.listen with --url");
            return ExitCode.Runtime;
        }
    }
}
