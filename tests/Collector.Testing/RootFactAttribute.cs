using Xunit;

namespace Collector.Testing;

/// <summary>A test that needs root, for example to mount; Skipped for others, and where the named programs are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootFactAttribute : FactAttribute
{
    /// <summary>Names the programs.</summary>
    public RootFactAttribute(params string[] programs) => Skip = Peers.NotRoot() ?? Peers.MissingPrograms(programs);
}
