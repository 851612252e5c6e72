namespace Collector.BgpOutputs;

/// <summary>What bgp_daemon_tag_map says of a peer: a tag, a label, or nothing.</summary>
/// <param name="Tag">The tag.</param>
/// <param name="HasTag">False: no line matched, or the line set a label.</param>
/// <param name="Label">The label in UTF-8, or null.</param>
public readonly record struct BgpTag(ulong Tag, bool HasTag, byte[]? Label);
