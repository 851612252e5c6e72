namespace Collector.Testing;

/// <summary>Places in and beside the repository that tests read from.</summary>
public static class RepositoryPaths
{
    /// <summary>The folder that holds Collector.sln, found upwards from the test assembly.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The project's own captures.</summary>
    public static string Pcaps => Path.Combine(Root, "pcaps");

    /// <summary>Captures that no exporter at hand sends, made by pcaps/made/make.py.</summary>
    public static string MadePcaps => Path.Combine(Pcaps, "made");

    /// <summary>The shared captures with expected records; the folder may be absent (see <see cref="SharedCapturesFactAttribute"/>).</summary>
    public static string SharedCaptures => Path.GetFullPath(Path.Combine(Root, "..", "shared", "captures"));

    private static string FindRoot()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Collector.sln")))
            {
                return directory.FullName;
            }
        }

        throw new InvalidOperationException($"No Collector.sln above {AppContext.BaseDirectory}: run the tests from inside the repository.");
    }
}
