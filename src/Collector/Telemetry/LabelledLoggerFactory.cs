using Microsoft.Extensions.Logging;

namespace Collector.Telemetry;

/// <summary>Loggers whose lines begin with a label in brackets, for one of several configurations of a process.</summary>
/// <param name="inner">Writes the lines; not owned.</param>
/// <param name="label">The label.</param>
internal sealed class LabelledLoggerFactory(ILoggerFactory inner, string label) : ILoggerFactory
{
    /// <summary>The factory itself where there is no label.</summary>
    public static ILoggerFactory Of(ILoggerFactory inner, string label) => label.Length == 0 ? inner : new LabelledLoggerFactory(inner, label);

    /// <summary>A logger; pmacct's lines have a category as "name/core", which tells them apart without a label and stands in them word for word.</summary>
    public ILogger CreateLogger(string categoryName) => categoryName.Contains('/', StringComparison.Ordinal) ? inner.CreateLogger(categoryName) : new Labelled(inner.CreateLogger(categoryName), $"[{label}] ");

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private sealed class Labelled(ILogger inner, string label) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            inner.Log(logLevel, eventId, state, exception, (s, e) => label + formatter(s, e));
    }
}
