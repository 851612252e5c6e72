namespace Collector.Configuration;

/// <summary>How grave a finding is.</summary>
public enum FindingSeverity
{
    /// <summary>Worth knowing; nothing to do.</summary>
    Note,

    /// <summary>Probably not meant so; the collector runs all the same.</summary>
    Warning,

    /// <summary>The collector does not start.</summary>
    Error,
}

/// <summary>One thing that was found in a configuration: what, where, and what to write instead.</summary>
/// <param name="Severity">How grave it is.</param>
/// <param name="File">The file as the operator named it.</param>
/// <param name="Line">The line, from 1; 0 when it concerns the whole file.</param>
/// <param name="Text">What is wrong and what to write instead, without file and line.</param>
public readonly record struct Finding(FindingSeverity Severity, string File, int Line, string Text)
{
    /// <summary>file:line: text; warnings and notes say so.</summary>
    public override string ToString()
    {
        string place = Line > 0 ? $"{File}:{Line}" : File;
        return Severity switch
        {
            FindingSeverity.Warning => $"{place}: warning: {Text}",
            FindingSeverity.Note => $"{place}: note: {Text}",
            _ => $"{place}: {Text}",
        };
    }
}
