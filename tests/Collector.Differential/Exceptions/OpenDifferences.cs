using Collector.Differential.Captures;

namespace Collector.Differential.Exceptions;

/// <summary>Cases of the part that the tests run in which the two differ and nobody has said yet who is right. One that is equal again is an error.</summary>
internal static class OpenDifferences
{
    private static readonly (int Configuration, string Capture, string What)[] Cases =
    [
        (56, "sflow5-sfprobe-tags", "tags of the exporter under a map: 1.7.7 prints 0"),
    ];

    /// <summary>What is open in a case; null for nothing.</summary>
    public static string? Of(int configuration, MatrixCapture capture) =>
        Cases.FirstOrDefault(c => c.Configuration == configuration && c.Capture == capture.Name).What;
}
