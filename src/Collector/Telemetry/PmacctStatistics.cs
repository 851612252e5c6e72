using System.Globalization;
using System.Net;
using Collector.Flows;

namespace Collector.Telemetry;

/// <summary>The lines that nfacctd and sfacctd 1.7.7 log at SIGUSR1 (pmacct-compat §9.3), seen side by side with them.</summary>
internal static class PmacctStatistics
{
    // What makes pmacct give up a datagram or the rest of it. It counts datagrams of no known protocol only where it checks (disable_checks).
    private static readonly string[] Discards =
    [
        .. ((DecodeFault[])
        [
            DecodeFault.ShortDatagram, DecodeFault.UnknownAddressType, DecodeFault.BadCount, DecodeFault.Truncated, DecodeFault.BadSetLength, DecodeFault.BadMessageLength,
        ]).Select(PeerFaultWatch.NameOf),
    ];

    private static readonly string[] Unknown = [PeerFaultWatch.NameOf(DecodeFault.UnknownVersion), PeerFaultWatch.NameOf(DecodeFault.OtherProtocol)];

    /// <summary>One line per exporter (sFlow: agent) and source id, one about what was discarded, and one around each side.</summary>
    /// <param name="ledger">The counters.</param>
    /// <param name="listen">The first address that datagrams are received on.</param>
    /// <param name="now">Seconds since the Unix epoch.</param>
    /// <param name="checks">nfacctd_disable_checks is false: sequence numbers are looked at. Without, pmacct calls every datagram good.</param>
    internal static IEnumerable<string> Lines(LedgerSnapshot ledger, IPEndPoint listen, long now, bool checks)
    {
        CultureInfo c = CultureInfo.InvariantCulture;
        string address = listen.Address.Equals(IPAddress.IPv6Any) ? "0.0.0.0" : listen.Address.ToString();
        string head = string.Create(c, $"stats [{address}:{listen.Port}]");
        yield return "+++";
        foreach (IGrouping<(Net.IpAddress Agent, uint Id), SourceLedger> g in ledger.Sources.Where(s => !s.IsOther && !s.IsEvicted && s.DecodedDatagrams > 0).GroupBy(KeyOf))
        {
            long packets = g.Sum(s => s.DecodedDatagrams);
            (long good, long ahead, long back) = checks ? (g.Sum(s => s.Steps.Good), g.Sum(s => s.Steps.Ahead), g.Sum(s => s.Steps.Back)) : (packets, 0, 0);
            yield return string.Create(
                c,
                $"{head} agent={g.Key.Agent}:{g.Key.Id} time={now} packets={packets} bytes={g.Sum(s => s.DecodedOctets)} seq_good={good} seq_jmp_fwd={ahead} seq_jmp_bck={back}");
        }

        long discarded = ledger.Sources.Sum(s => s.DatagramLosses.Concat(s.PartLosses).Where(l => Discards.Contains(l.Name) || (checks && Unknown.Contains(l.Name))).Sum(l => l.Count));
        yield return string.Create(c, $"{head} time={now} discarded_packets={discarded}");
        yield return "---";
    }

    // The source id of NetFlow v5 is engine id and engine type; sFlow is told apart by agent and sub-agent.
    private static (Net.IpAddress Agent, uint Id) KeyOf(SourceLedger s) =>
        (s.IsSFlow ? s.Agent : s.Source, s is { IsSFlow: false, Version: 5 } ? (s.Domain << 8) | (uint)s.EngineType : s.Domain);
}
