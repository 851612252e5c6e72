using System.Reflection;

namespace Collector.Hosting;

/// <summary>The version of this build.</summary>
public static class CollectorVersion
{
    /// <summary>As 0.1.0, with the commit where the build knows it.</summary>
    public static string Text { get; } =
        typeof(CollectorVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
