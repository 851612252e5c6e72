namespace Collector.CommandLine;

/// <summary>The exit codes that scripts rely on.</summary>
public static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Ok = 0;

    /// <summary>The configuration is wrong, or cannot be had on this machine (an address in use, a library that is missing).</summary>
    public const int Configuration = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Something failed while running.</summary>
    public const int Runtime = 3;
}
