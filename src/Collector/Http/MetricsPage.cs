using Collector.Bgp.Messages;
using Collector.Bgp.Rib;
using Collector.Bgp.Sessions;
using Collector.Flows;
using Collector.Hosting;
using Collector.Pipeline;
using Collector.Sinks.Objects;
using Collector.Telemetry;

namespace Collector.Http;

/// <summary>The ledger and the state of the BGP speaker as Prometheus text. Every loss is a counter with the ledger's own name for the reason.</summary>
internal static class MetricsPage
{
    /// <summary>The page.</summary>
    /// <param name="parts">Whose ledgers; of several each has a label of its own on all samples.</param>
    public static string Write(IReadOnlyList<CollectorPart> parts)
    {
        var text = new PrometheusText();
        text.Family("collector_info", "gauge", "1, with the version of the collector.");
        text.Sample(1L, "version", CollectorVersion.Text);
        foreach (CollectorPart part in parts)
        {
            text.Common = part.Label.Length == 0 ? null : ("configuration", part.Label);
            Write(text, part.Corridor, part.Bgp);
        }

        return text.ToString();
    }

    private static void Write(PrometheusText text, Corridor corridor, BgpDaemon? bgp)
    {
        if (corridor.TakeLedger() is { } ledger)
        {
            WriteSources(text, ledger.Sources);
            WriteSockets(text, ledger);
            WriteOutputs(text, ledger.Outputs);
            text.Family("collector_as_zero_total", "counter", "Records whose AS number is 0, by direction and reason.");
            foreach (AsZeroLedger direction in ledger.AsZero)
            {
                foreach (NamedLoss reason in direction.Reasons)
                {
                    text.Sample(reason.Count, "direction", direction.Direction, "reason", reason.Name);
                }
            }
        }

        if (bgp is not null)
        {
            WritePeers(text, bgp);
            WriteTable(text, bgp);
        }
    }

    private static void WriteSources(PrometheusText text, IReadOnlyList<SourceLedger> sources)
    {
        (SourceLedger Source, string[] Labels)[] all = [.. sources.Select(s => (s, LabelsOf(s)))];
        void Counter(string name, string help, Func<SourceLedger, long> value, string type = "counter")
        {
            text.Family("collector_source_" + name, type, help);
            foreach ((SourceLedger source, string[] labels) in all)
            {
                text.Sample(value(source), labels);
            }
        }

        void Named(string name, string help, Func<SourceLedger, IReadOnlyList<NamedLoss>> losses)
        {
            text.Family("collector_source_" + name, "counter", help);
            foreach ((SourceLedger source, string[] labels) in all)
            {
                foreach (NamedLoss loss in losses(source))
                {
                    text.Sample(loss.Count, [.. labels, "reason", loss.Name]);
                }
            }
        }

        Counter("datagrams_total", "Datagrams received.", s => s.Datagrams);
        Counter("decoded_datagrams_total", "Datagrams whose header was good.", s => s.DecodedDatagrams);
        Named("datagram_losses_total", "Datagrams lost whole; datagrams = decoded + these.", s => s.DatagramLosses);
        Named("losses_total", "Sets, templates, samples and records lost or in doubt.", s => s.PartLosses);
        Named("remarks_total", "What is no loss and worth knowing.", s => s.Remarks);
        Counter("octets_total", "Octets of UDP payload.", s => s.Octets);
        Counter("records_total", "Flow records decoded.", s => s.Records);
        Counter("options_records_total", "Options records decoded.", s => s.OptionsRecords);
        Counter("templates_total", "Templates announced.", s => s.Templates);
        Counter("template_redefinitions_total", "Templates announced with another layout.", s => s.TemplateRedefinitions);
        Counter("template_conflicts_total", "Templates of which two ports use different layouts at the same time.", s => s.TemplateConflicts);
        Counter("missing_templates", "Templates for which data came and no announcement yet.", s => s.MissingTemplates.Count, "gauge");
        Counter("sequence_lost_total", "Units of the protocol (flows, datagrams, records) that never came, as far as sequence numbers tell.", s => s.Sequence.Lost);
        Counter("sequence_unknown_total", "Times that a loss cannot be told; above 0 the loss is only the part that is known.", s => s.Sequence.Unknown);
        Counter("duplicates_total", "Datagrams that came twice.", s => s.Sequence.Duplicates);
        Counter("reordered_total", "Datagrams that came after a later one.", s => s.Sequence.Reordered);
        Counter("restarts_total", "Times that the exporter began anew.", s => s.Sequence.Restarts);
        Counter("samples_lost_total", "sFlow samples that never came, by the numbers of data sources.", s => s.Samples.Lost);
        Counter("last_seen_timestamp_seconds", "When the last datagram came.", s => s.LastSeen / 1_000_000, "gauge");
    }

    private static string[] LabelsOf(SourceLedger s)
    {
        string protocol = (s.IsSFlow, s.Version) switch
        {
            (true, _) => FormattableString.Invariant($"sflow{s.Version}"),
            (_, 10) => "ipfix",
            (_, 0) => "unknown",
            _ => FormattableString.Invariant($"netflow{s.Version}"),
        };
        string source = s.IsOther ? "other" : s.IsEvicted ? "evicted" : s.Source.ToString();
        string domain = FormattableString.Invariant($"{s.Domain}");
        return s.IsSFlow ? ["source", source, "protocol", protocol, "agent", s.Agent.ToString(), "domain", domain] : ["source", source, "protocol", protocol, "domain", domain];
    }

    private static void WriteSockets(PrometheusText text, LedgerSnapshot ledger)
    {
        void Family(string name, string type, string help, Func<SocketLedger, long> value)
        {
            text.Family("collector_socket_" + name, type, help);
            foreach (SocketLedger socket in ledger.Sockets)
            {
                text.Sample(value(socket), "address", socket.Endpoint.ToString(), "worker", FormattableString.Invariant($"{socket.Worker}"));
            }
        }

        Family("datagrams_total", "counter", "Datagrams received.", s => s.Datagrams);
        Family("kernel_drops_total", "counter", "Datagrams that the kernel dropped because the receive buffer was full.", s => s.KernelDrops);
        Family("truncated_total", "counter", "Datagrams longer than the buffers of the collector.", s => s.Truncated);
        Family("buffer_bytes", "gauge", "Receive buffer granted by the kernel.", s => s.BufferBytes);
        text.Family("collector_values_refused_total", "counter", "Names and paths published empty because the table of values was full.");
        text.Sample(ledger.ValuesRefused);
    }

    private static void WriteOutputs(PrometheusText text, IReadOnlyList<OutputLedger> outputs)
    {
        void Amounts(string name, string type, string help, Func<OutputLedger, LedgerAmount> value)
        {
            text.Family("collector_output_" + name, type, help + " By unit: records, packets, octets.");
            foreach (OutputLedger output in outputs)
            {
                Amount(text, value(output), "output", output.Name);
            }
        }

        void Counter(string name, string help, Func<OutputLedger, long> value)
        {
            text.Family("collector_output_" + name, "counter", help);
            foreach (OutputLedger output in outputs)
            {
                text.Sample(value(output), "output", output.Name);
            }
        }

        Counter("offered_records_total", "Records offered; offered + duplicated = entered + filtered + refused.", o => o.Offered);
        Counter("duplicated_records_total", "Records that entered a second time by rule.", o => o.Duplicated);
        Amounts("entered_total", "counter", "What entered a table; entered = open + pending + queued + published + lost.", o => o.Entered);
        Amounts("refused_total", "counter", "What found no room in the memory limit.", o => o.Refused);
        Amounts("open", "gauge", "What is in tables that the workers fill now.", o => o.Open);
        Amounts("pending", "gauge", "What is kept for a later purge.", o => o.Pending);
        Amounts("queued", "gauge", "What waits for the destination.", o => o.Queued);
        Amounts("published_total", "counter", "What the destination has taken.", o => o.Published);
        Counter("published_rows_total", "Rows that the destination has taken.", o => o.PublishedRows);
        Counter("flows_too_long_to_pro_rate_total", "Flows over more bins than a flow is divided among.", o => o.LongFlows);
        Counter("early_flushes_total", "Tables handed over before their time.", o => o.EarlyFlushes);
        text.Family("collector_output_triggers_total", "counter", "Runs of the program of trigger_exec, by outcome: started, failed, left out.");
        foreach (OutputLedger output in outputs)
        {
            if (output.Triggers is { } runs)
            {
                text.Sample(runs.Started, "output", output.Name, "outcome", "started");
                text.Sample(runs.Failed, "output", output.Name, "outcome", "failed");
                text.Sample(runs.Skipped, "output", output.Name, "outcome", "left out");
            }
        }

        text.Family("collector_output_lost_total", "counter", "What entered and was lost, by reason and unit.");
        foreach (OutputLedger output in outputs)
        {
            foreach (LedgerLoss loss in output.Losses)
            {
                Amount(text, loss.Amount, "output", output.Name, "reason", loss.Name);
            }
        }
    }

    private static void Amount(PrometheusText text, LedgerAmount amount, params string[] labels)
    {
        text.Sample(amount.Records, [.. labels, "unit", "records"]);
        text.Sample(amount.Packets, [.. labels, "unit", "packets"]);
        text.Sample(amount.Octets, [.. labels, "unit", "octets"]);
    }

    private static void WritePeers(PrometheusText text, BgpDaemon bgp)
    {
        BgpPeer[] peers = [.. bgp.Speaker.Peers.OrderBy(p => p.Address)];
        void Family(string name, string type, string help, Func<BgpPeer, long> value)
        {
            text.Family("collector_bgp_peer_" + name, type, help);
            foreach (BgpPeer peer in peers)
            {
                text.Sample(value(peer), "peer", peer.Address.ToString());
            }
        }

        Family("established", "gauge", "1 while a session is established.", p => p.IsEstablished ? 1 : 0);
        Family("stale_paths", "gauge", "Paths of before a restart that were not announced again.", p => p.Rib?.StalePaths ?? 0);
        Family("sessions_total", "counter", "Sessions that were established.", p => p.Counters.Sessions);
        Family("octets_total", "counter", "Octets received.", p => p.Counters.Octets);
        Family("updates_total", "counter", "UPDATE messages received.", p => p.Counters.Received(MessageType.Update));
        Family("announced_total", "counter", "Routes announced, those refused included.", p => p.Counters.Announced);
        Family("withdrawn_total", "counter", "Routes withdrawn, those included that were not there.", p => p.Counters.Withdrawn);
        Family("withdrawn_unknown_total", "counter", "Withdrawn routes that were not there.", p => p.Counters.UnknownWithdrawn);
        Family("treated_as_withdrawn_total", "counter", "Routes withdrawn because their UPDATE had a fault (RFC 7606).", p => p.Counters.TreatedAsWithdrawn);
        Family("refused_for_memory_total", "counter", "Routes that were not kept for want of memory.", p => p.Counters.RefusedForMemory);
        Family("deleted_total", "counter", "Routes that went with their session, or stale.", p => p.Counters.Deleted);
        Family("path_limits_total", "counter", "Sessions that ended because the peer had more paths than its limit.", p => p.Counters.PathLimits);
        Family("unknown_families_total", "counter", "UPDATE messages of families that are not kept.", p => p.Counters.UnknownFamilies);
        text.Family("collector_bgp_peer_paths", "gauge", "Paths kept, by family (afi/safi).");
        foreach (BgpPeer peer in peers.Where(p => p.Rib is not null))
        {
            foreach (RouteFamily family in Enum.GetValues<RouteFamily>().Where(f => peer.Rib!.PathsOf(f) > 0))
            {
                string name = FormattableString.Invariant($"{family.AddressFamily()}/{family.SubsequentAddressFamily()}");
                text.Sample(peer.Rib!.PathsOf(family), "peer", peer.Address.ToString(), "family", name);
            }
        }

        text.Family("collector_bgp_peer_faults_total", "counter", "UPDATE messages with a fault, by RFC 7606 class.");
        foreach (BgpPeer peer in peers)
        {
            foreach (UpdateFault fault in Enum.GetValues<UpdateFault>().Where(f => peer.Counters[f] > 0))
            {
                text.Sample(peer.Counters[fault], "peer", peer.Address.ToString(), "fault", PeerFaultWatch.Words(fault.ToString()));
            }
        }
    }

    private static void WriteTable(PrometheusText text, BgpDaemon bgp)
    {
        text.Family("collector_bgp_refused_connections_total", "counter", "BGP connections that were not taken, by reason.");
        text.Sample(bgp.Speaker.NotListed, "reason", "not listed");
        text.Sample(bgp.Speaker.TooManyPeers, "reason", "beyond max_peers");
        text.Family("collector_bgp_attribute_sets", "gauge", "Sets of path attributes kept, each once.");
        text.Sample(bgp.Routes.Attributes.Count);
        text.Family("collector_bgp_memory_bytes", "gauge", "Memory of the routes outside the garbage collector's heap.");
        text.Sample(bgp.Routes.MemoryUsed);
        text.Family("collector_bgp_objects_total", "counter", "Objects of message logs and table dumps, by what became of them; offered = published + failed + dropped + queued.");
        foreach (ObjectPublisher publisher in bgp.Publishing.Publishers)
        {
            text.Sample(publisher.Offered, "output", publisher.Name, "fate", "offered");
            text.Sample(publisher.Published, "output", publisher.Name, "fate", "published");
            text.Sample(publisher.Failed, "output", publisher.Name, "fate", "failed");
            text.Sample(publisher.Dropped, "output", publisher.Name, "fate", "dropped");
        }
    }
}
