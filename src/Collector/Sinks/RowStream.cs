using System.Buffers;
using Collector.Aggregation;
using Collector.Output;

namespace Collector.Sinks;

/// <summary>Rows on their way into a byte stream: gathered to about 64 KiB a write, each followed by a line end, and counted when written.</summary>
/// <remarks>One per sink, used again for every file; owned by the publishing thread.</remarks>
internal sealed class RowStream(RowWriter writer)
{
    private const int WriteBytes = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _buffer = new(2 * WriteBytes);
    private Stream _stream = Stream.Null;
    private RowTally _pending;

    /// <summary>Begins with a stream; what was gathered before is dropped.</summary>
    public void Begin(Stream stream)
    {
        _stream = stream;
        _buffer.ResetWrittenCount();
        _pending = default;
    }

    /// <summary>Gathers the header line of the format, if it has one.</summary>
    public void AddHeader()
    {
        if (writer.WriteHeader(_buffer))
        {
            EndLine();
        }
    }

    /// <summary>Gathers a purge_init marker.</summary>
    public void AddOpeningMarker(string outputName, int processId)
    {
        writer.WriteOpeningMarker(outputName, processId, _buffer);
        EndLine();
    }

    /// <summary>Gathers a purge_close marker.</summary>
    public void AddClosingMarker(string outputName, int processId, MarkerTally tally)
    {
        writer.WriteClosingMarker(outputName, processId, tally, _buffer);
        EndLine();
    }

    /// <summary>Gathers a row, and writes when there is enough.</summary>
    /// <exception cref="IOException">The stream took none or a part of it: call <see cref="GiveUp"/>.</exception>
    public void Add(in AggregateRow row, long updatedSeconds, ref PublishResult result)
    {
        _pending.Add(row.Entry);
        writer.Write(row, _buffer, updatedSeconds, default);
        EndLine();
        if (_buffer.WrittenCount >= WriteBytes)
        {
            Flush(ref result);
        }
    }

    /// <summary>Writes what is gathered and counts its rows as published.</summary>
    /// <exception cref="IOException">The stream took none or a part of it: call <see cref="GiveUp"/>.</exception>
    public void Flush(ref PublishResult result)
    {
        _stream.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
        _pending.MoveToPublished(ref result);
    }

    /// <summary>Drops what is gathered and counts its rows as lost, those of a part that the stream may have taken included.</summary>
    public void GiveUp(ref PublishResult result)
    {
        _buffer.ResetWrittenCount();
        _pending.MoveToLost(ref result);
    }

    private void EndLine()
    {
        _buffer.GetSpan(1)[0] = (byte)'\n';
        _buffer.Advance(1);
    }
}
