using System.Globalization;
using System.Text;
using Collector.Differential.Exceptions;

namespace Collector.Differential;

/// <summary>The sums of a run.</summary>
/// <param name="Results">All cases.</param>
/// <param name="Duration">Of the whole run.</param>
internal sealed record MatrixReport(IReadOnlyList<MatrixResult> Results, TimeSpan Duration)
{
    /// <summary>Cases that differ.</summary>
    public IEnumerable<MatrixResult> Wrong => Results.Where(r => r.Differences.Count > 0);

    /// <summary>Cases that needed an exception.</summary>
    public long Excepted => Results.Sum(r => r.Excepted.Values.Sum());

    /// <summary>Exceptions that no case needed.</summary>
    public IEnumerable<KnownException> Unneeded => KnownExceptions.All.Where(e => !Results.Any(r => r.Excepted.ContainsKey(e)));

    /// <summary>Lines of configurations that pmacct left out, once each.</summary>
    public IEnumerable<string> Complaints => Results.SelectMany(r => r.Complaints.Select(c => $"configuration {r.Case.Configuration.Number}: {c}")).Distinct().Order(StringComparer.Ordinal);

    /// <summary>The table at the end of a run.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        long values = Results.Sum(r => r.Values);
        text.AppendLine(CultureInfo.InvariantCulture, $"{Results.Count} cases ({Results.Select(r => r.Case.Configuration.Number).Distinct().Count()} configurations, {Results.Select(r => r.Case.Capture.Name).Distinct().Count()} captures), {Duration.TotalSeconds:F0} s");
        text.AppendLine(CultureInfo.InvariantCulture, $"{Results.Sum(r => r.Records)} records, {values} values compared, {Wrong.Count()} cases differ");
        text.AppendLine(CultureInfo.InvariantCulture, $"{"values",10} {"cases",6}  exception");
        foreach (KnownException exception in KnownExceptions.All)
        {
            MatrixResult[] with = [.. Results.Where(r => r.Excepted.ContainsKey(exception))];
            text.AppendLine(CultureInfo.InvariantCulture, $"{with.Sum(r => r.Excepted[exception]),10} {with.Length,6}  {exception.Name} ({exception.Reference})");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"{Excepted,10} {Results.Count(r => r.Excepted.Count > 0),6}  all exceptions");
        return text.ToString();
    }
}
