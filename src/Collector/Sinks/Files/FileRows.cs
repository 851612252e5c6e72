namespace Collector.Sinks.Files;

/// <summary>The rows of a purge that go to one file, as runs of neighbours, read once from front to back.</summary>
internal sealed class FileRows(string path)
{
    private readonly List<(int Start, int End)> _runs = [];
    private int _run;
    private int _next;

    /// <summary>Where the rows go.</summary>
    public string Path { get; } = path;

    /// <summary>Rows in all.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a row; indices come in rising order.</summary>
    public void Add(int row)
    {
        Count++;
        if (_runs.Count > 0 && _runs[^1].End == row)
        {
            _runs[^1] = (_runs[^1].Start, row + 1);
            return;
        }

        _runs.Add((row, row + 1));
    }

    /// <summary>The next row that was not read yet.</summary>
    public bool TryNext(out int row)
    {
        if (_run == _runs.Count)
        {
            row = -1;
            return false;
        }

        row = _runs[_run].Start + _next++;
        if (row + 1 == _runs[_run].End)
        {
            _run++;
            _next = 0;
        }

        return true;
    }
}
