using System.CommandLine;
using System.Globalization;
using Collector.Configuration;
using Collector.Diff;
using Collector.Hosting;
using Collector.Sinks.Kafka;

namespace Collector.CommandLine;

/// <summary>collector diff: two files or topics of pmacct JSON compared per window and key, for running the collector beside what it replaces.</summary>
internal static class DiffCommand
{
    public static Command Create()
    {
        var left = new Argument<string>("LEFT") { Description = "file of JSON lines, - for standard input, or kafka://host:port/topic" };
        var right = new Argument<string>("RIGHT") { Description = "the same, of the other collector" };
        var seconds = new Option<string?>("--for") { Description = "read topics from now on for this long, such as 10m (default: from their beginning to their present end)", HelpName = "TIME" };
        var ignore = new Option<string[]>("--ignore") { Description = "leave a field out (may be repeated); stamp_updated and writer_id always are", HelpName = "FIELD" };
        var tolerance = new Option<double>("--tolerance") { Description = "percent that counters may differ by", HelpName = "PERCENT" };
        var examples = new Option<int>("--examples") { Description = "examples shown of each kind of difference", DefaultValueFactory = _ => 5, HelpName = "N" };
        var properties = new Option<string[]>("-X") { Description = "setting of librdkafka as name=value (may be repeated)", HelpName = "NAME=VALUE" };
        seconds.Validators.Add(r => Require(r.Tokens.Count == 0 || DurationText.TryParseSeconds(r.Tokens[0].Value, out _), "--for takes a time such as 60, 300s or 5m.", r.AddError));
        tolerance.Validators.Add(r => Require(
            r.Tokens.Count == 0 || (double.TryParse(r.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double n) && n is >= 0 and <= 100),
            "--tolerance takes a number from 0 to 100.",
            r.AddError));
        properties.Validators.Add(r => Require(r.Tokens.All(t => t.Value.IndexOf('=') > 0), "-X takes name=value.", r.AddError));

        var command = new Command("diff", "Compares two files or topics of pmacct JSON and explains the differences; exits with 3 when there are any.")
        {
            left, right, seconds, ignore, tolerance, examples, properties,
        };
        command.SetAction(result => Run(new DiffRequest
        {
            Left = result.GetValue(left)!,
            Right = result.GetValue(right)!,
            Seconds = result.GetValue(seconds) is { } text && DurationText.TryParseSeconds(text, out int n) ? n : 0,
            Ignore = result.GetValue(ignore) ?? [],
            Tolerance = result.GetValue(tolerance) / 100,
            Examples = result.GetValue(examples),
            Properties = (result.GetValue(properties) ?? []).ToDictionary(p => p[..p.IndexOf('=')], p => p[(p.IndexOf('=') + 1)..]),
        }));
        return command;
    }

    private static int Run(DiffRequest request)
    {
        using var stop = new CancellationTokenSource();
        using var signals = new Signals(stop.Cancel);
        try
        {
            return DiffRun.Run(request, Console.Out, stop.Token) ? ExitCode.Ok : ExitCode.Runtime;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or KafkaConfigurationException)
        {
            Console.Error.WriteLine(e.Message);
            return ExitCode.Configuration;
        }
        catch (FormatException e)
        {
            Console.Error.WriteLine(e.Message);
            return ExitCode.Usage;
        }
    }

    private static void Require(bool condition, string message, Action<string> addError)
    {
        if (!condition)
        {
            addError(message);
        }
    }
}
