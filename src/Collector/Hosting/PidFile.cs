using System.Globalization;
using Collector.Sinks.Files;

namespace Collector.Hosting;

/// <summary>A file with the process id, there as long as the collector runs.</summary>
public sealed class PidFile : IDisposable
{
    private readonly string _path;

    /// <summary>Writes the file anew, and the folders above it.</summary>
    /// <exception cref="CannotStartException">It cannot be written.</exception>
    public PidFile(string path)
    {
        _path = Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            File.Delete(_path);
            File.WriteAllText(_path, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n"));
            FileOwner.Give(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CannotStartException($"the pid file {path} cannot be written: {e.Message}; name another one, or none");
        }
    }

    /// <summary>Removes the file.</summary>
    public void Dispose()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The process ends; a stale file harms less than a stop that fails.
        }
    }
}
