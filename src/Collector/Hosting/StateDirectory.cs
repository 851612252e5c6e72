namespace Collector.Hosting;

/// <summary>The folder for what outlives a run: templates, later the RIB snapshot and the spool.</summary>
public sealed class StateDirectory
{
    private StateDirectory(string path) => Path = path;

    /// <summary>The folder; it exists and could be written when it was opened.</summary>
    public string Path { get; }

    /// <summary>The full name of a file in it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The folder in it for one of several configurations; itself for the only one. Null, with the reason, when it cannot be written.</summary>
    public StateDirectory? Of(string label, out string? reason)
    {
        reason = null;
        return label.Length == 0 ? this : OpenAt(System.IO.Path.Combine(Path, string.Concat(label.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_'))), out reason);
    }

    /// <summary>Where the folder is: as configured, else $STATE_DIRECTORY, else /var/lib/collector for root and $XDG_STATE_HOME/collector for others.</summary>
    /// <param name="configured">state_directory; null or empty when it is not configured.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="isRoot">The process runs as root.</param>
    public static string Resolve(string? configured, Func<string, string?> environment, bool isRoot)
    {
        // systemd separates several folders by colons; the first is ours.
        string? ofUnit = environment("STATE_DIRECTORY")?.Split(':')[0];
        return (configured, ofUnit) switch
        {
            ({ Length: > 0 }, _) => configured,
            (_, { Length: > 0 }) => ofUnit,
            _ when isRoot => "/var/lib/collector",
            _ => System.IO.Path.Combine(UserState(environment), "collector"),
        };
    }

    /// <summary>Opens the folder of this process, and makes it where it is missing.</summary>
    /// <param name="configured">state_directory.</param>
    /// <param name="reason">Why there is none.</param>
    /// <returns>The folder, or null when it cannot be written: the collector then runs without.</returns>
    public static StateDirectory? Open(string? configured, out string? reason) =>
        OpenAt(Resolve(configured, Environment.GetEnvironmentVariable, Environment.IsPrivilegedProcess), out reason);

    /// <summary>Opens a folder by its name, and makes it where it is missing.</summary>
    public static StateDirectory? OpenAt(string path, out string? reason)
    {
        try
        {
            Directory.CreateDirectory(path);
            string probe = System.IO.Path.Combine(path, $".probe.{Environment.ProcessId}");
            System.IO.File.WriteAllBytes(probe, []);
            System.IO.File.Delete(probe);
            reason = null;
            return new StateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            reason = $"{path} cannot be written ({e.Message})";
            return null;
        }
    }

    private static string UserState(Func<string, string?> environment)
    {
        // The XDG specification: a relative path is invalid and ignored.
        string? state = environment("XDG_STATE_HOME");
        return state is { Length: > 0 } && state[0] == '/' ? state : System.IO.Path.Combine(environment("HOME") ?? "/", ".local", "state");
    }
}
