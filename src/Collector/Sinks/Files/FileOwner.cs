using Collector.Receiving;

namespace Collector.Sinks.Files;

/// <summary>files_uid and files_gid: whom the files that the collector makes belong to. Like the umask, one for the process.</summary>
/// <remarks>Set once, before the first file is made; <see cref="Give"/> may be called by any thread. Only a privileged process may give files away.</remarks>
internal static class FileOwner
{
    // chown(2): this one stays as it is.
    private const uint Unchanged = uint.MaxValue;

    private static uint User { get; set; } = Unchanged;

    private static uint Group { get; set; } = Unchanged;

    /// <summary>Whom files made from now on belong to; null: whoever the process runs as.</summary>
    /// <returns>False when the process may not give files to them: files stay its own.</returns>
    public static bool TrySet(int? user, int? group)
    {
        (User, Group) = ((uint?)user ?? Unchanged, (uint?)group ?? Unchanged);
        return Environment.IsPrivilegedProcess || (User == Unchanged && Group == Unchanged);
    }

    /// <summary>Gives a file or a link away. Nothing when it is gone, or may not be given: the start has said so.</summary>
    public static void Give(string path)
    {
        if (User != Unchanged || Group != Unchanged)
        {
            _ = LibC.ChangeOwner(path, User, Group);
        }
    }
}
