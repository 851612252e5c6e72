namespace Collector.Diff;

/// <summary>A key that both sides have in a window with different counters.</summary>
public sealed record CounterDifference(string Window, string Key, Sums Left, Sums Right);

/// <summary>Two rows of one window that are each other's but for some fields: same counters, same identity.</summary>
public sealed record FieldDifference(string Window, string LeftKey, string RightKey, IReadOnlyList<string> Fields, Sums Counters);

/// <summary>A key that only one side has in a window, and no row of the other side explains.</summary>
public sealed record LoneKey(string Window, string Key, Sums Counters, bool IsLeft);
