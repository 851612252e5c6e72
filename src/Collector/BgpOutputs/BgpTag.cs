namespace Collector.BgpOutputs;

/// <summary>What bgp_daemon_tag_map says of a peer or a route: a tag, a label, both or nothing.</summary>
/// <param name="Tag">The tag; 0 without one.</param>
/// <param name="HasTag">False: no line that matched sets a tag.</param>
/// <param name="Label">The label in UTF-8, or null; several are separated by commas.</param>
public readonly record struct BgpTag(ulong Tag, bool HasTag, byte[]? Label);
