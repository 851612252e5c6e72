using System.IO.MemoryMappedFiles;

namespace Collector.Flows.Fuzz;

/// <summary>Where each thread is, in a file that outlives the process: an over-read ends it without a word.</summary>
internal sealed class FuzzState : IDisposable
{
    private const int HeaderWords = 8;
    private const int WordsPerThread = 8;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    private FuzzState(MemoryMappedFile file)
    {
        _file = file;
        _view = file.CreateViewAccessor();
    }

    public ulong Seed => _view.ReadUInt64(0);

    public int Threads => (int)_view.ReadInt64(8);

    public static FuzzState Create(FuzzOptions options)
    {
        var state = new FuzzState(MemoryMappedFile.CreateFromFile(options.State, FileMode.Create, null, (HeaderWords + (WordsPerThread * options.Threads)) * 8));
        state._view.Write(0, options.Seed);
        state._view.Write(8, (long)options.Threads);
        return state;
    }

    public static FuzzState Open(string path) => new(MemoryMappedFile.CreateFromFile(path, FileMode.Open));

    /// <summary>A thread is about to decode this datagram of this round.</summary>
    public void Note(int thread, long round, long index)
    {
        long place = (HeaderWords + (WordsPerThread * thread)) * 8;
        _view.Write(place, round);
        _view.Write(place + 8, index);
    }

    /// <summary>What was noted last.</summary>
    public (long Round, long Index) Of(int thread)
    {
        long place = (HeaderWords + (WordsPerThread * thread)) * 8;
        return (_view.ReadInt64(place), _view.ReadInt64(place + 8));
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
