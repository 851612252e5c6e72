using Collector.Output;
using Collector.Sinks.Kafka;

namespace Collector.Configuration;

/// <summary>What must hold for the publication of sFlow counters, whichever file it came from.</summary>
internal static class SFlowCounterRules
{
    private const string AddressVariable = "peer_src_ip";

    /// <summary>Everything that is wrong; the keys are those below sflow_counters in collector.yaml.</summary>
    public static IEnumerable<OutputFault> Check(SFlowCounterOptions options)
    {
        foreach ((string key, string? text) in new[] { ("file", options.File), ("kafka.topic", options.Kafka?.Topic), ("kafka.partition_key", options.Kafka?.PartitionKey) })
        {
            foreach ((bool isVariable, string name) in VariableText.Split(text ?? ""))
            {
                if (isVariable && !name.StartsWith(AddressVariable, StringComparison.Ordinal))
                {
                    yield return new(key, $"unknown variable ${name} in '{text}'; only ${AddressVariable} is known here");
                }
            }
        }

        if (options.Kafka is { } kafka)
        {
            foreach (KafkaOptionError error in KafkaOptionErrors.Of(new OutputOptions { Name = "sflow_counters", Kind = OutputKind.Kafka, Kafka = kafka }))
            {
                yield return new(error.Key, error.Message);
            }
        }
    }
}
