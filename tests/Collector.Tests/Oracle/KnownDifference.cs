namespace Collector.Tests.Oracle;

/// <summary>One difference from pmacct 1.7.7 that is meant.</summary>
/// <param name="Case">The capture or shared case.</param>
/// <param name="Field">The member that differs, <see cref="Lost"/> or <see cref="Unreadable"/>.</param>
/// <param name="Reason">What 1.7.7 does, and the paragraph of pmacct-compat.md or of the RFC that says so or says what is right.</param>
internal sealed record KnownDifference(string Case, string Field, string Reason)
{
    /// <summary>pmacct misses records that the collector prints; those that it prints are compared.</summary>
    public const string Lost = "lost records";

    /// <summary>pmacct prints nothing at all.</summary>
    public const string Unreadable = "unreadable";
}
