namespace Collector.Flows.Fuzz;

/// <summary>Mutated datagrams by the hundred million against the decoders. No test project: see <see cref="FuzzOptions.Usage"/>.</summary>
internal static class FuzzProgram
{
    private static int Main(string[] arguments)
    {
        if (FuzzOptions.Parse(arguments) is not { } options)
        {
            Console.Error.WriteLine(FuzzOptions.Usage);
            return 1;
        }

        if (options.Bgp)
        {
            return BgpRun.Run(options);
        }

        if (options.Flood)
        {
            return TemplateFlood.Run(options);
        }

        if (options.ReplayPcap is not null)
        {
            return FuzzReplay.OfCapture(options.ReplayPcap);
        }

        SeedCorpus corpus = SeedCorpus.Load(options.Corpus);
        return options.Replay is not null ? FuzzReplay.OfState(options, corpus, options.Replay)
            : options.Guided ? new GuidedRun(options, corpus).Run()
            : new FuzzRun(options, corpus).Run();
    }
}
