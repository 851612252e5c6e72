namespace Collector.Enrichment.Networks;

/// <summary>The networks of one file, swapped whole at a reload; a worker takes them once per batch. Any thread may read.</summary>
internal sealed class NetworkTableFile
{
    private volatile NetworkTable _current = NetworkTable.Empty;

    /// <summary>The networks in force.</summary>
    public NetworkTable Current
    {
        get => _current;
        set => _current = value;
    }
}
