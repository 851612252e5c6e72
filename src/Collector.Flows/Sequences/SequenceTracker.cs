using System.Runtime.CompilerServices;

namespace Collector.Flows.Sequences;

/// <summary>Follows the sequence numbers of one stream: what is missing, comes late, comes twice, or begins anew. Constant size, allocates nothing.</summary>
internal sealed class SequenceTracker(SequenceUnit unit, bool mayCountOther, SequenceCounters counters)
{
    /// <summary>A jump beyond this says that the numbers began anew, not how much was lost.</summary>
    internal const uint MaxGap = 1 << 24;

    private const int RecentDatagrams = 16;

    // Reordering lets the uptime step back a little; a restart lets it fall to nothing.
    private const uint UptimeTolerance = 10_000;
    private const long WrapTolerance = 60_000;

    // So many datagrams in a row must follow the other unit before it is believed.
    private const int ProofOfOtherUnit = 3;

    private SequenceUnit _unit = unit;
    private SequenceHoles _holes;
    private Recent _recent;
    private uint _datagrams;
    private uint _expected;
    private uint _lastSequence;
    private uint _lastRecords;
    private uint _lastStamp;
    private long _lastArrival;
    private bool _isExact;
    private bool _isUnitProven = !mayCountOther;
    private int _proof;
    private int _standstill;
    private uint _suspendedLost;
    private uint _suspendedDuplicates;

    /// <summary>Takes the next datagram.</summary>
    internal void Observe(in SequencePoint point)
    {
        if (_datagrams == 0 || _unit == SequenceUnit.None)
        {
            Advance(point);
            return;
        }

        if (!_isUnitProven && TryUnit(point))
        {
            Advance(point);
            return;
        }

        if (point.Sequence != _expected || !_isExact)
        {
            if (!TryPlace(point))
            {
                return;
            }
        }

        if (_holes.Count > 0)
        {
            _holes.Settle(_datagrams, point.ArrivalTime, counters);
        }

        Advance(point);
    }

    /// <summary>How far ahead of what is expected a number is; negative behind.</summary>
    internal int Ahead(uint sequence) => (int)(sequence - _expected);

    /// <summary>True when a datagram follows, fills a gap or repeats one of the last: when it may be of this stream.</summary>
    internal bool Fits(in SequencePoint point) => _unit == SequenceUnit.None ||
        Ahead(point.Sequence) is >= 0 and <= (int)MaxGap || _holes.Contains(point.Sequence) || IsRecent(point);

    /// <summary>Nothing more will come: what is awaited is lost. The next datagram is a first one.</summary>
    internal void End()
    {
        _holes.SettleAll(counters);
        Convict();
        _recent = default;
        _datagrams = 0;
        _isUnitProven = !mayCountOther;
    }

    private uint Units(uint records) => _unit == SequenceUnit.Records ? records : 1;

    // False when the datagram is not the newest of the stream, which then stays where it is.
    private bool TryPlace(in SequencePoint point)
    {
        int ahead = Ahead(point.Sequence);
        if (HasRestarted(point))
        {
            Restart();
        }
        else if (ahead > (int)MaxGap)
        {
            counters.Unknown++;
            Restart();
        }
        else if (ahead >= 0 && !_isExact)
        {
            counters.Unknown += ahead > 0 ? 1 : 0;
            counters.LostOrUndecoded += ahead;
        }
        else if (ahead > 0)
        {
            _holes.Add(_expected, (uint)ahead, _datagrams, point.ArrivalTime, counters);
        }
        else if (_holes.TryFill(point.Sequence, Units(point.Records), counters))
        {
            counters.Reordered++;
            Remember(point);
            return false;
        }
        else if (IsRecent(point))
        {
            counters.Duplicates++;
            return false;
        }
        else if (IsLate(point))
        {
            // Too late to be taken off what was given up.
            counters.Reordered++;
            return false;
        }
        else
        {
            Restart();
        }

        return true;
    }

    private void Advance(in SequencePoint point)
    {
        _expected = point.Sequence + Units(point.Records);
        _isExact = _unit == SequenceUnit.Datagrams || point.IsComplete;
        _lastSequence = point.Sequence;

        // Numbers of records that are not known prove nothing about the unit: 1 means the same in both.
        _lastRecords = point.IsComplete ? point.Records : 1;
        _lastStamp = point.Stamp;
        _lastArrival = point.ArrivalTime;
        Remember(point);
    }

    private void Restart()
    {
        counters.Restarts++;
        End();
    }

    // NetFlow v9 senders that count flows and IPFIX senders that count messages (pmacct issue 392): true while the datagram speaks for the other unit.
    private bool TryUnit(in SequencePoint point)
    {
        uint delta = point.Sequence - _lastSequence;
        (uint own, uint other) = _unit == SequenceUnit.Records ? (_lastRecords, 1u) : (1u, _lastRecords);
        if (own == other || delta > MaxGap)
        {
            return false;
        }

        if (delta == own)
        {
            _isUnitProven = true;
            Convict();
            return false;
        }

        if ((delta != other && delta != 0) || (delta == 0 && IsRecent(point)))
        {
            return false;
        }

        _suspendedLost += delta > own ? delta - own : 0;
        _suspendedDuplicates += delta < own ? 1u : 0;
        counters.Awaited += delta > own ? delta - own : 0;
        _proof += delta == other ? 1 : 0;
        _standstill += delta == 0 && other != 0 ? 1 : 0;
        if (_standstill == ProofOfOtherUnit)
        {
            Believe(SequenceUnit.None);
        }
        else if (_proof == ProofOfOtherUnit)
        {
            Believe(_unit == SequenceUnit.Records ? SequenceUnit.Datagrams : SequenceUnit.Records);
        }

        return true;
    }

    private void Believe(SequenceUnit other)
    {
        counters.Awaited -= _suspendedLost;
        (_suspendedLost, _suspendedDuplicates) = (0, 0);
        _unit = other;
        _isUnitProven = true;
        counters.OtherUnit = other;
    }

    // The unit is the protocol's after all, so what was suspended was what it looked like.
    private void Convict()
    {
        counters.Awaited -= _suspendedLost;
        counters.Lost += _suspendedLost;
        counters.Duplicates += _suspendedDuplicates;
        (_suspendedLost, _suspendedDuplicates, _proof, _standstill) = (0, 0, 0, 0);
    }

    private bool HasRestarted(in SequencePoint point)
    {
        if (!point.HasUptime || point.Stamp >= _lastStamp || _lastStamp - point.Stamp <= UptimeTolerance)
        {
            return false;
        }

        // Every 49.7 days the uptime wraps, and then has gone on for as long as our own clock.
        long uptime = unchecked(point.Stamp - _lastStamp);
        long elapsed = (point.ArrivalTime - _lastArrival) / 1_000;
        return Math.Abs(uptime - elapsed) > WrapTolerance;
    }

    // Behind, in no gap and no repetition: late if it was sent before the newest one, else the numbers began anew.
    private bool IsLate(in SequencePoint point) =>
        (int)(point.Stamp - _lastStamp) < 0 || (point.Stamp == _lastStamp && (int)(point.Sequence - Oldest()) >= 0);

    private uint Oldest() => _recent[_datagrams < RecentDatagrams ? 0 : (int)(_datagrams % RecentDatagrams)].Sequence;

    private bool IsRecent(in SequencePoint point)
    {
        int count = (int)Math.Min(_datagrams, RecentDatagrams);
        for (int i = 0; i < count; i++)
        {
            if (_recent[i].Sequence == point.Sequence && _recent[i].Stamp == point.Stamp)
            {
                return true;
            }
        }

        return false;
    }

    private void Remember(in SequencePoint point) => _recent[(int)(_datagrams++ % RecentDatagrams)] = (point.Sequence, point.Stamp);

    [InlineArray(RecentDatagrams)]
    private struct Recent
    {
        private (uint Sequence, uint Stamp) _first;
    }
}
