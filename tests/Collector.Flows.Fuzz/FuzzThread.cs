using System.Runtime.InteropServices;

namespace Collector.Flows.Fuzz;

/// <summary>Runs round after round on a thread of its own until the count is reached, the run is stopped or something is thrown.</summary>
internal sealed class FuzzThread
{
    private const int NoteEvery = 1;

    private readonly SeedCorpus _corpus;
    private readonly FuzzOptions _options;
    private readonly FuzzState _state;
    private readonly int _number;
    private readonly long _count;
    private readonly Thread _thread;
    private long _done;
    private int _id;

    public FuzzThread(SeedCorpus corpus, FuzzOptions options, FuzzState state, int number, long count)
    {
        (_corpus, _options, _state, _number, _count) = (corpus, options, state, number, count);
        _thread = new Thread(Run) { Name = $"fuzz-{number}", IsBackground = true };
    }

    public int Number => _number;

    /// <summary>Datagrams decoded.</summary>
    public long Done => Volatile.Read(ref _done);

    /// <summary>The kernel's number of the thread, 0 before it runs.</summary>
    public int Id => Volatile.Read(ref _id);

    public bool IsAlive => _thread.IsAlive;

    public bool MustStop { get; set; }

    public Exception? Failure { get; private set; }

    public long Records { get; private set; }

    public long Octets { get; private set; }

    /// <summary>How often each fault was counted, over all rounds; a proxy for what the mutations reach.</summary>
    public long[] Faults { get; } = new long[Enum.GetValues<DecodeFault>().Length];

    public void Start() => _thread.Start();

    public void Join() => _thread.Join();

    private void Run()
    {
        Volatile.Write(ref _id, ThreadId());
        try
        {
            for (long round = 0; Done < _count && !MustStop; round++)
            {
                RunRound(round);
            }
        }
        catch (Exception e)
        {
            Failure = e;
        }
    }

    private void RunRound(long number)
    {
        using var round = new FuzzRound(_corpus, _options.Seed, _number, number);
        try
        {
            for (long i = 0; i < _options.Round && _done < _count && !MustStop; i += NoteEvery)
            {
                _state.Note(_number, number, i);
                round.Step();
                _done++;
            }
        }
        finally
        {
            Records += round.Records;
            Octets += round.Octets;
            foreach (SourceCounters counters in round.Decoder.Sources.Snapshot)
            {
                for (int i = 0; i < Faults.Length; i++)
                {
                    Faults[i] += counters[(DecodeFault)i];
                }
            }
        }
    }

    [DllImport("libc", EntryPoint = "gettid")]
    private static extern int ThreadId();
}
