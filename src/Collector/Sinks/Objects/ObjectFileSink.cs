using Collector.Sinks.Files;
using Microsoft.Extensions.Logging;

namespace Collector.Sinks.Objects;

/// <summary>Objects in files, one a line. A log is added to and kept open; the file of a dump is written anew and closed at its end.</summary>
internal sealed class ObjectFileSink : ObjectSink
{
    // One file a peer is usual; beyond this the one unused longest is closed.
    private const int MaxOpenFiles = 256;

    private readonly string? _latest;
    private readonly LossLog _losses;
    private readonly Dictionary<string, LinkedListNode<(string Path, FileStream Stream)>> _open = [];
    private readonly LinkedList<(string Path, FileStream Stream)> _byUse = [];

    public ObjectFileSink(string name, string? latest, ILogger log, TimeProvider clock)
    {
        _latest = latest;
        _losses = new LossLog(name, log, clock);
    }

    public override void Start()
    {
    }

    public override void Write(ObjectBatch batch, CancellationToken stop)
    {
        try
        {
            FileStream stream = Open(batch.Target, anew: batch.Place.HasFlag(EventPlace.Begin));
            stream.Write(batch.Bytes);
            Published += batch.Count;
            if (batch.Place.HasFlag(EventPlace.End))
            {
                Close(batch.Target);
                if (_latest is not null)
                {
                    LatestLink.Update(_latest, batch.Target);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            Failed += batch.Count;
            Close(batch.Target);
            _losses.Report(batch.Target, e.Message, batch.Count);
        }
    }

    public override void Idle(CancellationToken stop)
    {
    }

    public override void Reopen()
    {
        foreach ((_, FileStream stream) in _byUse)
        {
            stream.Dispose();
        }

        _open.Clear();
        _byUse.Clear();
    }

    public override void Dispose() => Reopen();

    private FileStream Open(string path, bool anew)
    {
        if (anew)
        {
            Close(path);
        }
        else if (_open.TryGetValue(path, out LinkedListNode<(string, FileStream Stream)>? node))
        {
            _byUse.Remove(node);
            _byUse.AddLast(node);
            return node.Value.Stream;
        }

        if (_open.Count >= MaxOpenFiles)
        {
            Close(_byUse.First!.Value.Path);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var stream = new FileStream(path, anew ? FileMode.Create : FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        FileOwner.Give(path);
        _open.Add(path, _byUse.AddLast((path, stream)));
        return stream;
    }

    private void Close(string path)
    {
        if (_open.Remove(path, out LinkedListNode<(string, FileStream Stream)>? node))
        {
            _byUse.Remove(node);
            node.Value.Stream.Dispose();
        }
    }
}
