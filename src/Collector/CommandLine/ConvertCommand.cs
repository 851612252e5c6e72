using System.CommandLine;
using Collector.Configuration;
using Collector.Configuration.Pmacct.Conversion;

namespace Collector.CommandLine;

/// <summary>collector convert: a configuration of pmacct as collector.yaml, on stdout.</summary>
internal static class ConvertCommand
{
    public static Command Create(ConfigurationSwitches configuration)
    {
        var command = new Command("convert", "Prints the configuration of -f as collector.yaml, with the lines that each key comes from.");
        configuration.AddPmacctTo(command);
        command.SetAction(result => Run(configuration.Requests(result)));
        return command;
    }

    private static int Run(IReadOnlyList<ConfigurationRequest> requests)
    {
        if (requests is not [{ IsPmacct: true } request])
        {
            Console.Error.WriteLine(requests.Count > 1
                ? "convert: one -f at a time, as each becomes a collector.yaml of its own"
                : "convert: name the file to convert: collector convert -f nfacctd.conf");
            return ExitCode.Usage;
        }

        var findings = new Findings(request.PmacctOrigin);
        string yaml = "";
        try
        {
            using TextReader text = request.OpenPmacct();
            yaml = PmacctConversion.Convert(text, request, findings);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            findings.Error(0, $"the file cannot be read: {e.Message}");
        }

        foreach (Finding finding in findings.All.Where(f => f.Severity > FindingSeverity.Note))
        {
            Console.Error.WriteLine(finding);
        }

        if (findings.HasErrors)
        {
            return ExitCode.Configuration;
        }

        Console.Out.Write(yaml);
        return ExitCode.Ok;
    }
}
