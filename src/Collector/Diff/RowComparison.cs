namespace Collector.Diff;

/// <summary>Compares two sides per window and key, and finds for rows that stand alone the row of the other side that they should have been.</summary>
public sealed class RowComparison
{
    // What a flow is, apart from what a collector adds to it: rows are paired by these first.
    private static readonly string[] Identity =
    [
        "ip_src", "ip_dst", "port_src", "port_dst", "ip_proto", "net_src", "net_dst", "iface_in", "iface_out", "peer_ip_src", "timestamp_start",
    ];

    private static readonly string[] OredFields = ["tcp_flags", "tunnel_tcp_flags"];

    private readonly List<CounterDifference> _counters = [];
    private readonly List<FieldDifference> _fields = [];
    private readonly List<LoneKey> _lone = [];
    private readonly List<string> _leftOut = [];

    /// <summary>Compares.</summary>
    /// <param name="left">One side.</param>
    /// <param name="right">The other side.</param>
    /// <param name="tolerance">Counters that differ by no more than this share, 0 to 1, are equal.</param>
    /// <param name="commonWindowsOnly">Windows before the later beginning and after the earlier end are left out: the two were read from different moments on.</param>
    public RowComparison(RowSide left, RowSide right, double tolerance, bool commonWindowsOnly)
    {
        OnlyLeftFields = [.. left.Fields.Except(right.Fields)];
        OnlyRightFields = [.. right.Fields.Except(left.Fields)];
        TypeDifferences = [.. left.Fields.Intersect(right.Fields).Where(f => left.TypesOf(f) != right.TypesOf(f))];
        string[] common = [.. left.Fields.Intersect(right.Fields).Except(OredFields)];
        string[] flags = [.. OredFields.Where(f => left.Fields.Contains(f) && right.Fields.Contains(f))];
        Left = KeySums.Of(left, common, flags);
        Right = KeySums.Of(right, common, flags);
        foreach (string window in Left.Windows.Keys.Union(Right.Windows.Keys).Order(StringComparer.Ordinal))
        {
            if (commonWindowsOnly && IsAtAnEdge(window))
            {
                _leftOut.Add(window);
                continue;
            }

            Windows++;
            Compare(window, Left.Windows.GetValueOrDefault(window, []), Right.Windows.GetValueOrDefault(window, []), tolerance);
        }
    }

    /// <summary>The left sums.</summary>
    public KeySums Left { get; }

    /// <summary>The right sums.</summary>
    public KeySums Right { get; }

    /// <summary>Windows compared.</summary>
    public int Windows { get; private set; }

    /// <summary>Keys of these windows that are equal on both sides.</summary>
    public long EqualKeys { get; private set; }

    /// <summary>Windows left out because one side was read from later on or until earlier.</summary>
    public IReadOnlyList<string> LeftOut => _leftOut;

    /// <summary>Fields that only the left side has; not part of the key.</summary>
    public IReadOnlyList<string> OnlyLeftFields { get; }

    /// <summary>Fields that only the right side has.</summary>
    public IReadOnlyList<string> OnlyRightFields { get; }

    /// <summary>Fields that the sides write with different JSON types.</summary>
    public IReadOnlyList<string> TypeDifferences { get; }

    /// <summary>Keys with different counters.</summary>
    public IReadOnlyList<CounterDifference> Counters => _counters;

    /// <summary>Pairs of rows that differ in fields only.</summary>
    public IReadOnlyList<FieldDifference> Fields => _fields;

    /// <summary>Keys that nothing explains.</summary>
    public IReadOnlyList<LoneKey> Lone => _lone;

    /// <summary>True when nothing differs.</summary>
    public bool IsEqual => _counters.Count == 0 && _fields.Count == 0 && _lone.Count == 0
        && OnlyLeftFields.Count == 0 && OnlyRightFields.Count == 0 && TypeDifferences.Count == 0;

    private bool IsAtAnEdge(string window) =>
        Left.Windows.Count == 0 || Right.Windows.Count == 0
        || string.CompareOrdinal(window, Later(Left.Windows.Keys.First(), Right.Windows.Keys.First())) <= 0
        || string.CompareOrdinal(window, Earlier(Left.Windows.Keys.Last(), Right.Windows.Keys.Last())) >= 0;

    private static string Later(string a, string b) => string.CompareOrdinal(a, b) > 0 ? a : b;

    private static string Earlier(string a, string b) => string.CompareOrdinal(a, b) < 0 ? a : b;

    private void Compare(string window, Dictionary<string, Sums> left, Dictionary<string, Sums> right, double tolerance)
    {
        foreach ((string key, Sums sums) in left)
        {
            if (!right.TryGetValue(key, out Sums? other))
            {
                continue;
            }

            if (IsClose(sums, other, tolerance))
            {
                EqualKeys++;
            }
            else
            {
                _counters.Add(new CounterDifference(window, key, sums, other));
            }
        }

        Pair(window, [.. left.Where(p => !right.ContainsKey(p.Key))], [.. right.Where(p => !left.ContainsKey(p.Key))]);
    }

    // Rows without their twin are paired by identity and counters; what is left of the other fields is the difference to explain.
    private void Pair(string window, List<KeyValuePair<string, Sums>> left, List<KeyValuePair<string, Sums>> right)
    {
        int[] identity = [.. Left.Fields.Index().Where(f => Identity.Contains(f.Item)).Select(f => f.Index)];
        ILookup<(string, ulong, ulong), KeyValuePair<string, Sums>> candidates = right.ToLookup(p => IdentityOf(p, identity));
        var taken = new HashSet<string>();
        foreach (KeyValuePair<string, Sums> row in left)
        {
            string?[] values = KeySums.Split(row.Key);
            (int differing, string? best) = (int.MaxValue, null);
            foreach ((string candidate, _) in candidates[IdentityOf(row, identity)].Where(c => !taken.Contains(c.Key)).Take(1000))
            {
                int count = values.Zip(KeySums.Split(candidate)).Count(v => v.First != v.Second);
                (differing, best) = count < differing ? (count, candidate) : (differing, best);
            }

            if (best is null)
            {
                _lone.Add(new LoneKey(window, row.Key, row.Value, IsLeft: true));
                continue;
            }

            taken.Add(best);
            string[] fields = [.. Left.Fields.Where((_, i) => values[i] != KeySums.Split(best)[i])];
            _fields.Add(new FieldDifference(window, row.Key, best, fields, row.Value));
        }

        _lone.AddRange(right.Where(p => !taken.Contains(p.Key)).Select(p => new LoneKey(window, p.Key, p.Value, IsLeft: false)));
    }

    private static (string Identity, ulong Octets, ulong Packets) IdentityOf(KeyValuePair<string, Sums> row, int[] identity)
    {
        string?[] values = KeySums.Split(row.Key);
        return (string.Join('\u001f', identity.Select(i => values[i])), row.Value.Octets, row.Value.Packets);
    }

    private static bool IsClose(Sums a, Sums b, double tolerance) =>
        a.Equal(b) || (tolerance > 0 && a.Flags == b.Flags && IsClose(a.Octets, b.Octets, tolerance) && IsClose(a.Packets, b.Packets, tolerance) && IsClose(a.Flows, b.Flows, tolerance));

    private static bool IsClose(ulong a, ulong b, double tolerance) => Math.Abs((double)a - b) <= tolerance * Math.Max(a, b);
}
