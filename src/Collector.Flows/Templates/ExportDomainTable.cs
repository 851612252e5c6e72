using Collector.Flows.Templates.Options;
using Collector.Flows.Templates.Saved;
using Collector.Net;

namespace Collector.Flows.Templates;

/// <summary>The domains of all sources of one worker, up to a limit; idle ones give way, beyond that strangers share one entry without memory.</summary>
internal sealed class ExportDomainTable(DecoderOptions options, SourceTable counters, TemplateTable templates)
{
    // The age of what is saved is told by the datagrams: a domain that changes nothing is written down again after ten minutes.
    private const long SaveAgainAfter = 600_000_000;

    private readonly Dictionary<Key, ExportDomain> _domains = [];
    private readonly Dictionary<IpAddress, ExportSource> _sources = [];
    private readonly List<ExportDomain> _ring = [];
    private readonly OptionsBudget _budget = new();
    private readonly HeldBudget _heldBudget = new(options.MaxHeldBytes);
    private int _hand;
    private int _saveHand;
    private Key _lastKey;
    private ExportDomain? _last;
    private ExportDomain? _stranger;

    internal int Count => _domains.Count;

    /// <summary>Bytes held for templates that are missing.</summary>
    internal long HeldBytes => _heldBudget.Used;

    /// <summary>Told of each domain that gives way, when its saved copy is to go too.</summary>
    internal Action<SavedDomain>? Gone { get; set; }

    /// <summary>Writes down domains that have changed, or have gone on for long, since they were last written down.</summary>
    /// <param name="save">Takes each.</param>
    /// <param name="look">How many domains to look at; the next call goes on behind them.</param>
    /// <param name="most">How many to write down at most.</param>
    internal void TakeChanged(Action<SavedDomain> save, int look, int most)
    {
        for (int i = Math.Min(look, _ring.Count); i > 0 && most > 0; i--)
        {
            _saveHand = _saveHand >= _ring.Count - 1 ? 0 : _saveHand + 1;
            ExportDomain domain = _ring[_saveHand];
            bool isStale = domain.Templates.Count > 0 && domain.LastSeen - domain.SavedLastSeen > SaveAgainAfter;
            if (domain.SaveRevision != domain.SavedRevision || isStale)
            {
                (domain.SavedRevision, domain.SavedLastSeen) = (domain.SaveRevision, domain.LastSeen);
                save(new SavedDomain(domain.Source.Address, domain.Version, domain.Id, DomainWriter.Write(domain)));
                most--;
            }
        }
    }

    /// <summary>Nothing more will come.</summary>
    internal void End()
    {
        foreach (ExportDomain domain in _ring)
        {
            domain.End();
        }

        _stranger?.End();
    }

    /// <summary>The state of a domain, made when it is new.</summary>
    internal ExportDomain Get(IpAddress source, ushort version, uint id, long now)
    {
        var key = new Key(source, version, id);
        if (_last is null || key != _lastKey)
        {
            _last = Find(key, now);
            _lastKey = key;
        }

        if (_last.Counters.IsEvicted)
        {
            _last.Continue(counters.Get(source, version, id, false, default, now));
        }

        _last.LastSeen = now;
        return _last;
    }

    private ExportDomain Find(Key key, long now)
    {
        if (_domains.TryGetValue(key, out ExportDomain? domain))
        {
            return domain;
        }

        if (_domains.Count >= options.MaxSources && !EvictIdle(now))
        {
            return Stranger(key);
        }

        if (!_sources.TryGetValue(key.Source, out ExportSource? source))
        {
            source = new ExportSource(key.Source, _budget);
            _sources.Add(key.Source, source);
        }

        domain = new ExportDomain(source, key.Version, key.Domain, counters.Get(key.Source, key.Version, key.Domain, false, default, now), options, _budget, _heldBudget);
        source.Domains++;
        _domains.Add(key, domain);
        _ring.Add(domain);
        return domain;
    }

    // Its templates last as long as the same stranger goes on; two of them never see each other's.
    private ExportDomain Stranger(Key key)
    {
        if (_stranger is not null)
        {
            Forget(_stranger);
            _budget.Release(_stranger.Source.Samplers.Count);
        }

        counters.Other.Count(DecodeFault.SourceLimit);
        return _stranger = new ExportDomain(new ExportSource(key.Source, _budget), key.Version, key.Domain, counters.Other, options, _budget, _heldBudget);
    }

    // A few steps of a clock hand: whoever floods pays little, and an idle entry is found sooner or later.
    private bool EvictIdle(long now)
    {
        for (int step = 0; step < 8 && _ring.Count > 0; step++)
        {
            _hand = _hand >= _ring.Count - 1 ? 0 : _hand + 1;
            ExportDomain domain = _ring[_hand];
            if (domain.LastSeen < now - (options.TemplateLifetime * 1_000_000L))
            {
                Remove(domain);
                _ring[_hand] = _ring[^1];
                _ring.RemoveAt(_ring.Count - 1);
                return true;
            }
        }

        return false;
    }

    private void Remove(ExportDomain domain)
    {
        Forget(domain);
        _domains.Remove(new Key(domain.Source.Address, domain.Version, domain.Id));
        Gone?.Invoke(new SavedDomain(domain.Source.Address, domain.Version, domain.Id, default));
        if (--domain.Source.Domains == 0)
        {
            _sources.Remove(domain.Source.Address);
            _budget.Release(domain.Source.Samplers.Count);
        }
    }

    private void Forget(ExportDomain domain)
    {
        domain.End();
        templates.Clear(domain);
        _budget.Release(domain.OptionsEntries);
    }

    private readonly record struct Key(IpAddress Source, ushort Version, uint Domain)
    {
        // Seeded per process: a peer that chooses domains cannot choose collisions.
        public override int GetHashCode() => HashCode.Combine(Source.FirstHostOrder, Source.LastHostOrder, Version, Domain);
    }
}
