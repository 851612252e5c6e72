using System.Net;
using Collector.Bgp.Sessions;
using Collector.Net;

namespace Collector.Configuration.Pmacct;

/// <summary>What the lines read so far say about the BGP daemon (pmacct-compat §6.2).</summary>
internal sealed class PmacctBgp
{
    private const int DefaultPort = 179, DefaultMaxPeers = 4;

    private bool _isOn, _ipv6Only;
    private IPAddress? _address;
    private int _port = DefaultPort;
    private PmacctValue? _allowFile, _md5File;
    private string? _neighborsFile;

    // pmacct: every family is echoed, hold times are the peer's.
    private SpeakerOptions _speaker = new() { TakesAll = true, EchoesFamilies = true, HoldSeconds = ushort.MaxValue, MaxPeers = DefaultMaxPeers };

    /// <summary>The keys of message log and table dumps.</summary>
    public PmacctBgpOutputs Outputs { get; } = new();

    /// <summary>The keys of the daemon.</summary>
    public static IEnumerable<(string Key, Action<PmacctCore, PmacctValue> Apply)> Settings { get; } =
    [
        ("bgp_daemon", (c, v) => c.Bgp._isOn = v.Boolean(false)),
        ("bgp_daemon_ip", (c, v) => c.Bgp._address = v.Address(IPAddress.IPv6Any)),
        ("bgp_daemon_ipv6_only", (c, v) => c.Bgp._ipv6Only = v.Boolean(false)),
        ("bgp_daemon_interface", (c, v) => c.Bgp.Set(s => s with { Interface = v.NotEmpty("") })),
        ("bgp_daemon_port", (c, v) => c.Bgp._port = v.Integer(DefaultPort, 1, 65_535)),
        ("bgp_daemon_id", (c, v) => c.Bgp.Set(s => s with { RouterId = RouterId(v) })),
        ("bgp_daemon_as", (c, v) => c.Bgp.Set(s => s with { LocalAs = v.Number(0, 1, uint.MaxValue) })),
        ("bgp_daemon_max_peers", (c, v) => c.Bgp.Set(s => s with { MaxPeers = v.Integer(DefaultMaxPeers, 1, 65_535) })),
        ("bgp_daemon_allow_file", (c, v) => c.Bgp._allowFile = v),
        ("bgp_daemon_md5_file", (c, v) => c.Bgp._md5File = v),
        ("bgp_neighbors_file", (c, v) => c.Bgp._neighborsFile = v.NotEmpty("")),
        ("bgp_daemon_ipprec", (c, v) => c.Bgp.Set(s => s with { IpPrecedence = v.Integer(0, 0, 7) })),
        ("bgp_daemon_pipe_size", (c, v) => c.Bgp.Set(s => s with { ReceiveBufferBytes = v.Integer(0, 1, 1 << 30) })),
        ("bgp_daemon_add_path_ignore", (c, v) => c.Bgp.Set(s => s with { AddPath = !v.Boolean(false) })),
    ];

    /// <summary>The options; without bgp_daemon: true there is no speaker.</summary>
    public BgpOptions Build()
    {
        if (!_isOn)
        {
            return new BgpOptions();
        }

        bool all = _address is null || _address.Equals(IPAddress.IPv6Any);
        IPEndPoint listen = all ? ListenAddress.Any(_port) : new IPEndPoint(_address!, _port);

        // pmacct's identifier: bgp_daemon_id, else bgp_daemon_ip where that is IPv4, else 1.2.3.4.
        IpAddress routerId = _speaker.RouterId ?? (all || _address!.AddressFamily != System.Net.Sockets.AddressFamily.InterNetwork ? IpAddress.FromIPv4(0x0102_0304) : IpAddress.From(_address));
        var options = new BgpOptions
        {
            Speaker = _speaker with { Listen = [listen], RouterId = routerId, IPv6Only = _ipv6Only },
            AllowFile = _allowFile?.Text,
            Md5File = _md5File?.Text,
            NeighborsFile = _neighborsFile,
        };
        _ = BgpPeerFiles.Read(options, text => (_allowFile ?? _md5File)!.Report.Findings.Warning((_allowFile ?? _md5File)!.Line, text));
        foreach (PmacctValue file in new[] { _allowFile, _md5File }.OfType<PmacctValue>().Where(f => !File.Exists(f.Text)))
        {
            file.Report.Findings.Error(file.Line, $"{file.Key}: there is no file {file.Text}; name one, or remove the line");
        }

        return options;
    }

    private static IpAddress? RouterId(PmacctValue value) =>
        IpAddress.TryParse(value.Text, out IpAddress address) && address.IsIPv4 && !address.IsUnspecified ? address : value.Refuse<IpAddress?>("an IPv4 address", null);

    private void Set(Func<SpeakerOptions, SpeakerOptions> change) => _speaker = change(_speaker);
}
