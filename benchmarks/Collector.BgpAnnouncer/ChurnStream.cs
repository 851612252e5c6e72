namespace Collector.BgpAnnouncer;

/// <summary>Endless changes of a table: a route here and there is withdrawn, and announced again later with another path.</summary>
internal sealed class ChurnStream(FullTable table, int peer = 0, uint asNumber = 65001, ulong seed = 99)
{
    private const int Away = 1000;

    private readonly SeededRandom _random = new(seed);
    private readonly UpdateWriter _writer = new(table, peer, asNumber);
    private readonly Queue<(int Group, TablePrefix Prefix)> _away = new();
    private readonly MemoryStream _stream = new();

    /// <summary>The next messages, one change in each: withdrawals and announcements in turn; good until the next call.</summary>
    /// <remarks>A group of prefixes has two sets of attributes, so in the long run there are twice as many as at first, and no more.</remarks>
    internal ReadOnlySpan<byte> Next(int changes)
    {
        _stream.SetLength(0);
        TablePrefix[] one = new TablePrefix[1];
        for (int i = 0; i < changes; i++)
        {
            if (i % 2 == 0 || _away.Count < Away)
            {
                int group = _random.Next(table.Groups);
                ReadOnlySpan<TablePrefix> prefixes = table.PrefixesOf(group);
                if (!prefixes.IsEmpty)
                {
                    one[0] = prefixes[_random.Next(prefixes.Length)];
                    _away.Enqueue((group, one[0]));
                    _writer.Withdraw(table.IsIPv4(group), one, (message, _) => _stream.Write(message));
                }
            }
            else
            {
                (int group, one[0]) = _away.Dequeue();
                _writer.Announce(group, _random.Next(2), one, (message, _) => _stream.Write(message));
            }
        }

        return _stream.GetBuffer().AsSpan(0, (int)_stream.Length);
    }
}
