namespace Collector.Hosting;

/// <summary>The configuration is well formed and cannot be had on this machine: an address in use, a library that is missing. Exit code 1.</summary>
/// <param name="message">One sentence for the operator: what, where, and what to do.</param>
public sealed class CannotStartException(string message) : Exception(message);
