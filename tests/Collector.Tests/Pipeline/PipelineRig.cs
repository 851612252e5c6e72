using Collector.Aggregation;
using Collector.Configuration;
using Collector.Flows;
using Collector.Net;
using Collector.Output;
using Collector.Pipeline;
using Collector.Telemetry;
using Collector.Tests.Output;

namespace Collector.Tests.Pipeline;

/// <summary>The live corridor without its sockets: workers driven by hand, the real merger and publishers, one output by source host.</summary>
internal sealed class PipelineRig : IDisposable
{
    private readonly GcPauses _pauses = new();

    public PipelineRig(int workers, OutputOptions? output = null, CollectorOptions? options = null)
    {
        output ??= new OutputOptions { Name = "hosts" };
        PrimitiveSelection selection = TestPurge.Select("src_host");
        var blueprint = new OutputBlueprint
        {
            Options = output,
            Plan = new AggregatePlan(selection.KeyFields, selection.Sum),
            Needed = selection.NeededFields,
            Sink = Sink,
        };
        Parts = PipelineParts.Build(options ?? new CollectorOptions(), [blueprint], workers, WorkerRig.Start, isReplay: false, (_, e) => Failures.Add(e));
        Publisher.Start();
        Parts.Collector.Start();
    }

    public RecordingSink Sink { get; } = new();

    public PipelineParts Parts { get; }

    public List<Exception> Failures { get; } = [];

    public OutputPublisher Publisher => Parts.Publishers[0];

    public LedgerText Ledger => LedgerText.Parse(Collector.Telemetry.Ledger.Lines(Parts, null, _pauses, WorkerRig.Start * 1_000_000));

    /// <summary>Thirty records of one packet and 100 octets, of the hosts from <paramref name="first"/> on, to one worker.</summary>
    public void ThirtyFlows(int worker, int first, uint seconds = (uint)WorkerRig.Start)
    {
        Parts.Workers[worker].Process(new Datagram
        {
            Payload = WorkerRig.ThirtyFlows(first, seconds),
            Source = IpAddress.FromIPv4(0xC000_0201u + (uint)worker),
            SourcePort = 50_000,
            ArrivalTime = WorkerRig.Start * 1_000_000,
            Number = Parts.Workers[worker].Datagrams,
        });
        Parts.Workers[worker].Flush();
    }

    /// <summary>Lets one worker look at the clock.</summary>
    public void Tick(int worker, long secondsSinceStart) => Parts.Workers[worker].Tick((WorkerRig.Start + secondsSinceStart) * 1_000_000, purge: true);

    /// <summary>Stops as the corridor does.</summary>
    public void Finish(long secondsSinceStart)
    {
        foreach (FlowWorker worker in Parts.Workers)
        {
            worker.Finish((WorkerRig.Start + secondsSinceStart) * 1_000_000);
        }

        Parts.Collector.Stop();
        Publisher.Stop(CancellationToken.None);
    }

    public void Dispose()
    {
        Parts.Dispose();
        _pauses.Dispose();
    }
}
