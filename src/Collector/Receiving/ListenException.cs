namespace Collector.Receiving;

/// <summary>An address that cannot be listened on; the message tells the operator what to change, one sentence a line.</summary>
public sealed class ListenException(string message) : Exception(message);
