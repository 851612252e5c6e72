using System.IO.Compression;

namespace Collector.Replay;

/// <summary>A window of fixed size that moves forward over a capture file, plain or gzip; the one buffer of a replay.</summary>
/// <remarks>Not thread-safe. Never throws for anything a file holds; what stopped it is in <see cref="Fault"/>.</remarks>
internal sealed class CaptureSource : IDisposable
{
    /// <summary>Most contiguous bytes that can be asked for: the largest packet (262,144 as in libpcap) with its headers, and then some.</summary>
    public const int WindowSize = 1 << 20;

    private readonly byte[] _window = GC.AllocateUninitializedArray<byte>(WindowSize);
    private int _start;
    private int _end;
    private FileStream? _file;
    private Stream? _stream;

    // Without it .NET takes a cut gzip file for a complete one. It is looked at once, when the process unpacks for the first time.
    static CaptureSource() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    /// <summary>Bytes of the file consumed; of the compressed file when it is gzip.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Why the bytes ended before the file did, for the operator; null when they did not.</summary>
    public string? Fault { get; private set; }

    /// <summary>True when the fault is of the machine (a read error), not of the file's content.</summary>
    public bool IsReadError { get; private set; }

    /// <summary>Bytes in the window; 0 after a refused request means the end of the file, more means it ended in the middle.</summary>
    public int Available => _end - _start;

    /// <summary>Opens a file and forgets the one before.</summary>
    /// <returns>Null, or one sentence without the path that says why not.</returns>
    public string? Open(string path)
    {
        Close();
        try
        {
            // No buffer in FileStream: the window is the buffer.
            _file = new FileStream(path, new FileStreamOptions { BufferSize = 0, Share = FileShare.ReadWrite | FileShare.Delete, Options = FileOptions.SequentialScan });
            _stream = _file;
            if (TryPeek(2, out ReadOnlySpan<byte> magic) && magic[0] == 0x1F && magic[1] == 0x8B)
            {
                Unzip();
            }

            return Available == 0 && Fault is null && !TryPeek(1, out _) ? Fault ?? "the file is empty" : Fault;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Describe(e, path);
        }
    }

    /// <summary>Shows the next bytes without consuming them; they stay valid until the next call of any method.</summary>
    /// <returns>False when the file has fewer, or more than <see cref="WindowSize"/> were asked for.</returns>
    public bool TryPeek(int count, out ReadOnlySpan<byte> bytes)
    {
        if ((uint)count <= (uint)(_end - _start) || TryFill(count))
        {
            bytes = _window.AsSpan(_start, count);
            return true;
        }

        bytes = default;
        return false;
    }

    /// <summary>Consumes bytes that were peeked.</summary>
    public void Advance(int count) => _start += count;

    /// <summary>Consumes bytes, reading on as far as needed.</summary>
    /// <returns>False when the file has fewer.</returns>
    public bool TrySkip(long count)
    {
        while (count > Available)
        {
            count -= Available;
            _start = _end;
            if (!TryFill(1))
            {
                return false;
            }
        }

        _start += (int)count;
        return true;
    }

    /// <summary>Closes the file, if any.</summary>
    public void Close()
    {
        _stream?.Dispose();
        _file?.Dispose();
        _stream = null;
        _file = null;
        _start = _end = 0;
        BytesRead = 0;
        Fault = null;
        IsReadError = false;
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    private void Unzip()
    {
        // The window already holds the beginning of the compressed bytes, and a pipe cannot be wound back.
        var head = new MemoryStream(_window.AsSpan(_start, Available).ToArray());
        _start = _end = 0;
        _stream = new GZipStream(new ChainedStream(head, _file!), CompressionMode.Decompress);
    }

    private bool TryFill(int count)
    {
        if ((uint)count > WindowSize || _stream is null || Fault is not null)
        {
            return false;
        }

        // What is left is at most one packet: moving it costs less than the small reads at the end of the window that it avoids.
        _window.AsSpan(_start, Available).CopyTo(_window);
        _end -= _start;
        _start = 0;

        while (Available < count)
        {
            int read = ReadOnce();
            if (read == 0)
            {
                return false;
            }

            _end += read;
        }

        return true;
    }

    private int ReadOnce()
    {
        try
        {
            int read = _stream!.Read(_window, _end, WindowSize - _end);
            BytesRead = _file!.CanSeek ? _file.Position : BytesRead + read;
            return read;
        }
        catch (InvalidDataException)
        {
            Fault = "the gzip compression is damaged";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fault = $"cannot be read: {e.Message}";
            IsReadError = true;
        }

        return 0;
    }

    private static string Describe(Exception e, string path) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        _ when Directory.Exists(path) => "this is a folder; name the capture files in it",
        UnauthorizedAccessException => "the file may not be read (permission denied)",
        _ => $"the file cannot be opened: {e.Message}",
    };
}
