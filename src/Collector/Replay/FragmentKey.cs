using Collector.Net;

namespace Collector.Replay;

/// <summary>What the fragments of one datagram have in common (RFC 791 §3.2, RFC 8200 §4.5); only UDP gets here, so the protocol is no part of it.</summary>
internal readonly record struct FragmentKey(IpAddress Source, IpAddress Destination, uint Id);
