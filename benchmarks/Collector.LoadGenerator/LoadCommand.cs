using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using Collector.LoadGenerator.Sending;
using Collector.Net;

namespace Collector.LoadGenerator;

/// <summary>The command line: every option of <see cref="LoadOptions"/>, the report on stdout, errors on stderr.</summary>
internal static class LoadCommand
{
    private static readonly Dictionary<string, LoadProtocol> Protocols = new(StringComparer.Ordinal)
    {
        ["v5"] = LoadProtocol.NetFlow5,
        ["v9"] = LoadProtocol.NetFlow9,
        ["ipfix"] = LoadProtocol.Ipfix,
        ["sflow"] = LoadProtocol.SFlow,
        ["mixed"] = LoadProtocol.Mixed,
    };

    internal static string NameOf(LoadProtocol protocol) => Protocols.First(p => p.Value == protocol).Key;

    internal static RootCommand Make(CancellationToken stop)
    {
        var defaults = new LoadOptions();
        var root = new RootCommand("Sends flow export datagrams to a loopback address, or writes them as a capture, and says exactly what it sent.");
        Option<LoadProtocol> protocol = Add(root, "--protocol", "v5, v9, ipfix, sflow or mixed (default v9)", defaults.Protocol, ParseProtocol);
        Option<ulong> seed = Add(root, "--seed", "the same seed gives the same load", defaults.Seed);
        Option<int> sources = Add(root, "--sources", "exporters, each with its own address", defaults.Sources);
        Option<IpAddress?> firstSource = Add<IpAddress?>(root, "--first-source", "address of the first exporter; the others follow", null, ParseAddress);
        Option<int> keys = Add(root, "--keys", "distinct 5-tuples", defaults.Keys, ParseNumber);
        Option<double> ipv6 = Add(root, "--ipv6", "share of the keys that is IPv6, 0 to 1", defaults.IPv6Share);
        Option<bool> uniform = Add(root, "--uniform", "draw keys at random instead of in rounds", defaults.DrawUniformly);
        Option<int> prefixes = Add(root, "--prefixes", "prefixes that the addresses lie in", defaults.Prefixes, ParseNumber);
        Option<double> rate = Add(root, "--rate", "records per second; 0 as fast as possible", defaults.Rate, r => ParseScaled(r));
        Option<long> count = Add(root, "--count", "records, rounded up to whole datagrams; 0 without limit", defaults.Count, r => (long)ParseScaled(r));
        Option<double> duration = Add(root, "--duration", "seconds at most", defaults.Duration);
        Option<int> datagramBytes = Add(root, "--datagram-bytes", "largest UDP payload (v5 always 1,464)", defaults.DatagramBytes);
        Option<int> ring = Add(root, "--ring", "fewest datagrams prepared before they repeat", defaults.Ring, ParseNumber);
        Option<int?> burst = Add<int?>(root, "--burst", "datagrams of a source in a row (default 32; 1 in a capture)", null);
        Option<uint> sampling = Add(root, "--sampling", "sampling interval to announce", defaults.Sampling);
        Option<int> announceDatagrams = Add(root, "--announce-datagrams", "templates and options again after so many datagrams of a source", defaults.AnnounceDatagrams);
        Option<double> announceSeconds = Add(root, "--announce-seconds", "and after so many seconds", defaults.AnnounceSeconds);
        Option<double> late = Add(root, "--late", "share of the flows that started long before, 0 to 1", defaults.LateShare);
        Option<int> lateSeconds = Add(root, "--late-seconds", "how long before at most", defaults.LateSeconds);
        Option<IPEndPoint> target = Add(root, "--target", "loopback address and port (default 127.0.0.1:2055)", defaults.Target, ParseTarget);
        Option<bool> gso = Add(root, "--gso", "let the kernel cut long sends into datagrams (UDP_SEGMENT)", defaults.Segmentation);
        Option<string?> pcap = Add<string?>(root, "--pcap", "write this capture instead of sending", null);
        Option<DateTimeOffset> start = Add(root, "--start", "first moment of the capture", defaults.Start);
        root.SetAction(parsed => Run(
            new LoadOptions
            {
                Protocol = parsed.GetValue(protocol),
                Seed = parsed.GetValue(seed),
                Sources = parsed.GetValue(sources),
                FirstSource = parsed.GetValue(firstSource),
                Keys = parsed.GetValue(keys),
                IPv6Share = parsed.GetValue(ipv6),
                DrawUniformly = parsed.GetValue(uniform),
                Prefixes = parsed.GetValue(prefixes),
                Rate = parsed.GetValue(rate),
                Count = parsed.GetValue(count),
                Duration = parsed.GetValue(duration),
                DatagramBytes = parsed.GetValue(datagramBytes),
                Ring = parsed.GetValue(ring),
                Burst = parsed.GetValue(burst),
                Sampling = parsed.GetValue(sampling),
                AnnounceDatagrams = parsed.GetValue(announceDatagrams),
                AnnounceSeconds = parsed.GetValue(announceSeconds),
                LateShare = parsed.GetValue(late),
                LateSeconds = parsed.GetValue(lateSeconds),
                Target = parsed.GetValue(target)!,
                Segmentation = parsed.GetValue(gso),
                CaptureFile = parsed.GetValue(pcap),
                Start = parsed.GetValue(start),
            },
            stop));
        return root;
    }

    private static int Run(LoadOptions options, CancellationToken stop)
    {
        string[] errors = [.. options.Errors()];
        foreach (string error in errors)
        {
            Console.Error.WriteLine(error);
        }

        if (errors.Length > 0)
        {
            return 2;
        }

        LoadReport report = options.CaptureFile is null ? LiveLoad.Run(options, stop) : CaptureLoad.Run(options);
        Console.WriteLine(report.Text);
        return 0;
    }

    private static Option<T> Add<T>(RootCommand root, string name, string description, T defaultValue, Func<ArgumentResult, T>? parse = null)
    {
        var option = new Option<T>(name) { Description = description, DefaultValueFactory = _ => defaultValue };
        if (parse is not null)
        {
            option.CustomParser = parse;
        }

        root.Options.Add(option);
        return option;
    }

    private static LoadProtocol ParseProtocol(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (!Protocols.TryGetValue(text, out LoadProtocol protocol))
        {
            result.AddError($"--protocol {text}: write one of {string.Join(", ", Protocols.Keys)}.");
        }

        return protocol;
    }

    private static IpAddress? ParseAddress(ArgumentResult result)
    {
        if (IpAddress.TryParse(result.Tokens[0].Value, out IpAddress address))
        {
            return address;
        }

        result.AddError($"--first-source {result.Tokens[0].Value}: not an address.");
        return null;
    }

    private static IPEndPoint ParseTarget(ArgumentResult result)
    {
        if (IPEndPoint.TryParse(result.Tokens[0].Value, out IPEndPoint? target) && target.Port != 0)
        {
            return target;
        }

        result.AddError($"--target {result.Tokens[0].Value}: write an address and a port, such as 127.0.0.1:2055.");
        return new IPEndPoint(IPAddress.Loopback, 0);
    }

    private static int ParseNumber(ArgumentResult result) => (int)Math.Min(ParseScaled(result), int.MaxValue);

    /// <summary>Reads 1500, 100k or 2.5M.</summary>
    private static double ParseScaled(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        double factor = text[^1..] switch
        {
            "k" => 1e3,
            "M" => 1e6,
            _ => 1,
        };
        if (double.TryParse(factor > 1 ? text[..^1] : text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number >= 0)
        {
            return number * factor;
        }

        result.AddError($"'{text}' is no number: write for example 1500, 100k or 2.5M.");
        return 0;
    }
}
