using Collector.Differential.Comparison;
using Record = System.Collections.Generic.IReadOnlyList<System.Collections.Generic.KeyValuePair<string, string>>;

namespace Collector.Differential.Exceptions;

/// <summary>One way in which the collector means to differ from 1.7.7.</summary>
/// <param name="Name">Short name, for the report.</param>
/// <param name="Reference">The row or paragraph that says so: pmacct-compat.md, quirks.md, an RFC.</param>
/// <param name="Fields">Members that differ, as JSON names them.</param>
internal sealed record KnownException(string Name, string Reference, params IReadOnlyList<string> Fields)
{
    private const string Tunnel = "tunnel_";

    /// <summary>Where it can be: the daemon, keys of the configuration, captures.</summary>
    public Func<CaseContext, bool> AppliesTo { get; init; } = _ => true;

    /// <summary>Which records can have it; asked of every record that one side has and the other has not.</summary>
    public Func<Record, bool> Holds { get; init; } = _ => true;

    /// <summary>What pmacct's records must look like besides, where that shows the cause.</summary>
    public Func<Record, bool> HoldsForPmacct { get; init; } = _ => true;

    /// <summary>What the collector's must look like.</summary>
    public Func<Record, bool> HoldsForCollector { get; init; } = _ => true;

    /// <summary>pmacct lacks records: what the collector has more is passed over, in counters too.</summary>
    public bool IsLoss { get; init; }

    /// <summary>Rows that differ in nothing but what is excepted are compared by their sums.</summary>
    public bool SumsRows { get; init; }

    /// <summary>Its names as CSV has them, besides those of JSON.</summary>
    public IEnumerable<string> AllNames => Fields.Concat(Fields.Select(CsvName));

    /// <summary>Whether what a record has of its members may stand there: all that it has of these names.</summary>
    public static bool Has(Record record, string json, Func<string, bool> may) =>
        record.All(m => (m.Key != json && m.Key != CsvName(json)) || may(m.Value.Trim('"')));

    /// <inheritdoc/>
    public bool Equals(KnownException? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    private static string CsvName(string json) => json switch
    {
        "ip_proto" => "PROTOCOL",
        "as_src" => "SRC_AS",
        "as_dst" => "DST_AS",
        "ip_src" => "SRC_IP",
        "ip_dst" => "DST_IP",
        "peer_ip_src" => "PEER_SRC_IP",
        "peer_ip_dst" => "PEER_DST_IP",
        "peer_as_src" => "PEER_SRC_AS",
        "peer_as_dst" => "PEER_DST_AS",
        "net_src" => "SRC_NET",
        "net_dst" => "DST_NET",
        "mask_src" => "SRC_MASK",
        "mask_dst" => "DST_MASK",
        "port_src" => "SRC_PORT",
        "port_dst" => "DST_PORT",
        "mac_src" => "SRC_MAC",
        "mac_dst" => "DST_MAC",
        _ when json.StartsWith(Tunnel, StringComparison.Ordinal) => "TUNNEL_" + CsvName(json[Tunnel.Length..]),
        _ => json.ToUpperInvariant(),
    };
}
