namespace Collector.Configuration.Pmacct;

/// <summary>One directive of nfacctd.conf: key[plugin]: value.</summary>
/// <param name="Number">The line, from 1.</param>
/// <param name="Key">The key, lower case, without blanks.</param>
/// <param name="Plugin">The name in brackets as written, or null.</param>
/// <param name="Value">The value, trimmed, its case kept.</param>
internal sealed record PmacctLine(int Number, string Key, string? Plugin, string Value);
