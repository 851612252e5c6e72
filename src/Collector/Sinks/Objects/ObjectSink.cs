namespace Collector.Sinks.Objects;

/// <summary>A destination of objects. All members are called by the thread of one <see cref="ObjectPublisher"/>.</summary>
internal abstract class ObjectSink : IDisposable
{
    /// <summary>Objects that the destination has taken.</summary>
    public long Published { get; protected set; }

    /// <summary>Objects that it did not take.</summary>
    public long Failed { get; protected set; }

    /// <summary>Opens what is needed before the first batch.</summary>
    public abstract void Start();

    /// <summary>Writes a batch, or counts it as failed.</summary>
    public abstract void Write(ObjectBatch batch, CancellationToken stop);

    /// <summary>Nothing waits in the queue: what lingers is sent.</summary>
    public abstract void Idle(CancellationToken stop);

    /// <summary>Files are closed; the next batch opens them by name.</summary>
    public abstract void Reopen();

    /// <inheritdoc/>
    public abstract void Dispose();
}
