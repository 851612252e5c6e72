using Collector.CommandLine;

namespace Collector;

internal static class Program
{
    private static Task<int> Main(string[] args) => CollectorCommand.InvokeAsync(args);
}
