using System.CommandLine;
using System.Net;
using System.Net.Sockets;

namespace Collector.BgpAnnouncer;

internal static class AnnouncerProgram
{
    private static int Main(string[] args)
    {
        try
        {
            return Command().Parse(args).Invoke(new() { EnableDefaultExceptionHandler = false });
        }
        catch (Exception e) when (e is IOException or SocketException or FormatException)
        {
            Console.Error.WriteLine(e.Message);
            return 3;
        }
    }

    private static RootCommand Command()
    {
        var defaults = new FullTableOptions();
        var root = new RootCommand(
            "Speaks BGP as one or more routers with a synthetic full table. Commands come on stdin, one a line, and each is answered by a line of JSON on stdout: "
            + "load (all routes of all peers), churn COUNT [RATE] (changes by the first peer), quit.");
        var target = new Option<string>("--target") { Description = "address and port of the speaker to connect to", DefaultValueFactory = _ => "127.0.0.1:179" };
        var local = new Option<string>("--local") { Description = "address of the first peer; the others follow", DefaultValueFactory = _ => "127.0.0.11" };
        var peers = new Option<int>("--peers") { Description = "how many peers", DefaultValueFactory = _ => 1 };
        var asNumber = new Option<uint>("--as") { Description = "AS of the first peer; the others follow", DefaultValueFactory = _ => 65001 };
        var seed = new Option<ulong>("--seed") { Description = "the same seed gives the same table", DefaultValueFactory = _ => defaults.Seed };
        var ipv4 = new Option<int>("--ipv4") { Description = "IPv4 prefixes", DefaultValueFactory = _ => defaults.IPv4 };
        var ipv6 = new Option<int>("--ipv6") { Description = "IPv6 prefixes", DefaultValueFactory = _ => defaults.IPv6 };
        var sets = new Option<int>("--attribute-sets") { Description = "sets of path attributes", DefaultValueFactory = _ => defaults.AttributeSets };
        foreach (Option option in new Option[] { target, local, peers, asNumber, seed, ipv4, ipv6, sets })
        {
            root.Options.Add(option);
        }

        root.SetAction(parsed =>
        {
            var table = new FullTable(new FullTableOptions
            {
                Seed = parsed.GetValue(seed),
                IPv4 = parsed.GetValue(ipv4),
                IPv6 = parsed.GetValue(ipv6),
                AttributeSets = parsed.GetValue(sets),
            });
            using var announcer = new Announcer(
                table, IPEndPoint.Parse(parsed.GetValue(target)!), IPAddress.Parse(parsed.GetValue(local)!), parsed.GetValue(peers), parsed.GetValue(asNumber));
            announcer.Run(Console.In, Console.Out);
            return 0;
        });
        return root;
    }
}
