using Collector.Differential.Captures;

namespace Collector.Differential.Exceptions;

/// <summary>Cases of the part that the tests run in which the two differ and nobody has said yet who is right. One that is equal again is an error.</summary>
internal static class OpenDifferences
{
    private static readonly (int Configuration, string Capture, string What)[] Cases =
    [
    ];

    /// <summary>What is open in a case; null for nothing.</summary>
    public static string? Of(int configuration, MatrixCapture capture) =>
        Cases.FirstOrDefault(c => c.Configuration == configuration && c.Capture == capture.Name).What;
}
