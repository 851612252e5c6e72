using Collector.Net;
using Collector.Output;
using Collector.Sinks;
using Collector.Sinks.Files;

namespace Collector.SFlowCounters;

/// <summary>The files of sfacctd_counter_file: an object a line, appended; with $peer_src_ip one file an agent. Used by one thread.</summary>
internal sealed class CounterFiles(string path, LossLog losses) : IDisposable
{
    /// <summary>Files kept open; beyond, all are closed and opened again as they are needed.</summary>
    private const int MaxOpen = 1_000;

    private const string AddressVariable = "$peer_src_ip";

    private readonly Dictionary<IpAddress, FileStream> _open = [];
    private readonly bool _varies = path.Contains(AddressVariable, StringComparison.Ordinal);

    /// <summary>Appends a line to the file of an agent.</summary>
    /// <returns>False when it could not be written, which is told.</returns>
    public bool TryWrite(IpAddress agent, ReadOnlySpan<byte> line)
    {
        string name = NameFor(agent);
        try
        {
            FileOf(agent, name).Write(line);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            losses.Report(name, e.Message, 1);
            Reopen();
            return false;
        }
    }

    /// <summary>Closes all files; each is opened anew with its next line.</summary>
    public void Reopen()
    {
        foreach (FileStream file in _open.Values)
        {
            try
            {
                file.Dispose();
            }
            catch (IOException e)
            {
                losses.Report(file.Name, e.Message, 0);
            }
        }

        _open.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => Reopen();

    private string NameFor(IpAddress agent) =>
        _varies ? path.Replace(AddressVariable, VariableText.Of(agent), StringComparison.Ordinal) : path;

    private FileStream FileOf(IpAddress agent, string name)
    {
        IpAddress key = _varies ? agent : default;
        if (_open.TryGetValue(key, out FileStream? file))
        {
            return file;
        }

        if (_open.Count == MaxOpen)
        {
            Reopen();
        }

        if (Path.GetDirectoryName(name) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }

        // Unbuffered: counters are few, and whoever reads along sees each line at once, as with pmacct.
        file = new FileStream(name, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        FileOwner.Give(name);
        _open.Add(key, file);
        return file;
    }
}
