namespace Collector.Diff;

/// <summary>What `collector diff` was asked.</summary>
public sealed record DiffRequest
{
    /// <summary>A file of JSON lines, - for standard input, or kafka://host:port[,host:port]/topic.</summary>
    public required string Left { get; init; }

    /// <summary>The same for the other side.</summary>
    public required string Right { get; init; }

    /// <summary>Topics are read from now on for this many seconds; 0: from their beginning to their present end.</summary>
    public int Seconds { get; init; }

    /// <summary>Fields left out of the comparison.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>Counters may differ by this share, 0 to 1.</summary>
    public double Tolerance { get; init; }

    /// <summary>Examples shown of each kind of difference.</summary>
    public int Examples { get; init; } = 5;

    /// <summary>Further settings of librdkafka.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();
}
