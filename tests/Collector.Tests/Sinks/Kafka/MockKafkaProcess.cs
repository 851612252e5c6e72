using System.Diagnostics;

namespace Collector.Tests.Sinks.Kafka;

/// <summary>The mock cluster of Collector.MockKafka in a process of its own.</summary>
internal sealed class MockKafkaProcess : CommandedProcess
{
    public MockKafkaProcess(int brokers = 1)
        : base(
            new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Collector.MockKafka"), brokers.ToString()) { RedirectStandardError = true },
            endMilliseconds: 2000) => BootstrapServers = ReadLine("The mock cluster did not start.");

    public string BootstrapServers { get; }
}
