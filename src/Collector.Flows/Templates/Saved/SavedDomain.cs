using Collector.Net;

namespace Collector.Flows.Templates.Saved;

/// <summary>What one observation domain announced, as bytes that outlive a restart: templates, samplers, names, exporter address. Immutable.</summary>
/// <param name="Source">The socket address of the exporter.</param>
/// <param name="Version">9 or 10.</param>
/// <param name="Domain">Source id or observation domain id.</param>
/// <param name="Content">Only to be read by <see cref="DatagramDecoder.Restore"/>; empty when the domain is no more.</param>
public sealed record SavedDomain(IpAddress Source, ushort Version, uint Domain, ReadOnlyMemory<byte> Content);
