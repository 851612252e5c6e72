using Collector.Net;
using Collector.Replay;

namespace Collector.Tests.Replay;

/// <summary>A datagram that outlives the next read.</summary>
internal sealed record ReadDatagram(
    ulong Number, long Time, IpAddress Source, int SourcePort, IpAddress Destination, int DestinationPort, string Payload, bool IsTruncated)
{
    public static ReadDatagram Of(CapturedDatagram d) =>
        new(d.Number, d.Time, d.Source, d.SourcePort, d.Destination, d.DestinationPort, Convert.ToHexStringLower(d.Payload), d.IsTruncated);

    /// <summary>Short enough for a failed assertion.</summary>
    public override string ToString() =>
        $"#{Number} {Time} {Source}.{SourcePort} > {Destination}.{DestinationPort} {Payload.Length / 2}: {Payload[..Math.Min(Payload.Length, 32)]}{(IsTruncated ? " truncated" : "")}";
}

/// <summary>What a reader gave, whole.</summary>
internal sealed record ReadResult(IReadOnlyList<ReadDatagram> Datagrams, CaptureCounters Counters, IReadOnlyList<string> Warnings, string? Failure, ulong Number, long LatestTime)
{
    public IEnumerable<string> Payloads => Datagrams.Select(d => d.Payload);
}

/// <summary>A folder for the capture files of one test.</summary>
internal sealed class CaptureFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("capture-tests-").FullName;

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string name, byte[] bytes)
    {
        string path = System.IO.Path.Combine(Path, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Reads one file with these bytes.</summary>
    public static ReadResult Read(byte[] bytes)
    {
        using var folder = new CaptureFolder();
        return ReadFiles(folder.Write("a.pcap", bytes));
    }

    /// <summary>Reads the files in order.</summary>
    public static ReadResult ReadFiles(params string[] paths)
    {
        var datagrams = new List<ReadDatagram>();
        var warnings = new List<string>();
        using var reader = new CaptureReader(paths, warnings.Add);
        while (reader.TryRead(out CapturedDatagram datagram))
        {
            datagrams.Add(ReadDatagram.Of(datagram));
        }

        return new ReadResult(datagrams, reader.Counters, warnings, reader.Failure, reader.Number, reader.LatestTime);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
