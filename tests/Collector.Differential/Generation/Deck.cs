namespace Collector.Differential.Generation;

/// <summary>Deals cards in random order, each as often as the others: what a few draws would leave out comes all the same.</summary>
internal sealed class Deck<T>(IReadOnlyList<T> cards, Draw draw)
{
    private readonly List<T> _rest = [];

    /// <summary>The next card that fits; cards that do not fit stay and come later.</summary>
    /// <param name="fits">Whether the card may be dealt now.</param>
    /// <param name="card">The card.</param>
    /// <returns>False when none of all cards fits.</returns>
    public bool TryDeal(Func<T, bool> fits, out T card)
    {
        if (!_rest.Any(fits) && cards.Any(fits))
        {
            _rest.AddRange(draw.Shuffled(cards));
        }

        int index = _rest.FindIndex(c => fits(c));
        card = index >= 0 ? _rest[index] : default!;
        if (index >= 0)
        {
            _rest.RemoveAt(index);
        }

        return index >= 0;
    }
}
