namespace Collector.Sinks.Files;

/// <summary>print_latest_file: a symbolic link to the newest file written.</summary>
internal static class LatestLink
{
    /// <summary>Points the link at a file, unless it points at one written later.</summary>
    /// <exception cref="IOException">The link cannot be made, or something that is no link has its name.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not ours to write.</exception>
    public static void Update(string link, string target)
    {
        string full = Path.GetFullPath(target);
        FileInfo present = new(link);
        if (present.LinkTarget is { } old)
        {
            string oldFull = Path.GetFullPath(old, Path.GetDirectoryName(Path.GetFullPath(link))!);
            if (oldFull == full || (File.Exists(oldFull) && File.GetLastWriteTimeUtc(oldFull) > File.GetLastWriteTimeUtc(full)))
            {
                return;
            }
        }
        else if (present.Exists || Directory.Exists(link))
        {
            throw new IOException("a file that is no symbolic link has this name; move it away or choose another latest_file");
        }

        // A rename replaces the link in one step: who follows it never finds it missing.
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(link))!);
        string fresh = $"{link}.{Environment.ProcessId}.new";
        File.Delete(fresh);
        File.CreateSymbolicLink(fresh, full);
        FileOwner.Give(fresh);
        File.Move(fresh, link, overwrite: true);
    }
}
