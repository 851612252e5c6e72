namespace Collector.Configuration.Pmacct;

/// <summary>Findings of one nfacctd.conf. pmacct itself ignores what it does not understand; the collector refuses it, unless it is told to be lenient.</summary>
/// <param name="findings">Takes everything found.</param>
/// <param name="lenient">True: what pmacct would ignore is a warning.</param>
internal sealed class PmacctReport(Findings findings, bool lenient)
{
    /// <summary>Everything found.</summary>
    public Findings Findings { get; } = findings;

    /// <summary>Reports a line that is left out: an error, or with --lenient a warning.</summary>
    public void Refuse(int line, string text)
    {
        if (lenient)
        {
            Findings.Warning(line, $"{text} (ignored)");
        }
        else
        {
            Findings.Error(line, text);
        }
    }
}
