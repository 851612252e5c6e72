using BenchmarkDotNet.Running;

namespace Collector.Benchmarks;

internal static class BenchmarkProgram
{
    private static int Main(string[] args)
    {
        if (args is ["decode", ..])
        {
            return DecodeCommand.Run(args[1..]);
        }

        if (args is ["rib", ..])
        {
            RibMeasurement.Run(args[1..]);
            return 0;
        }

        if (args is ["maps"])
        {
            MapMeasurement.Run();
            return 0;
        }

        BenchmarkSwitcher.FromAssembly(typeof(BenchmarkProgram).Assembly).Run(args);
        return 0;
    }
}
