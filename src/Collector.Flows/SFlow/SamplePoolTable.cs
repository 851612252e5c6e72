using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Collector.Flows.Sequences;
using Collector.Net;

namespace Collector.Flows.SFlow;

/// <summary>
/// The effective sampling interval of each data source: packets that could have been sampled between two samples, by the samples taken
/// (pmacct-compat §7.3). Corrects for samples lost on the way and for agents that take another rate than they announce.
/// </summary>
/// <remarks>
/// Bounded without refusing anybody: what was not touched while as many others were is forgotten, and its next sample counts with the
/// announced rate. Owned by one worker.
/// </remarks>
internal sealed class SamplePoolTable(int limit = SamplePoolTable.DefaultLimit)
{
    /// <summary>Data sources, and as many sub-agents, remembered in either generation.</summary>
    public const int DefaultLimit = 32_768;

    // A step back in the sequence of samples up to here is reordering, a larger one a restart (the limit of pmacct 1.7.7, seen from outside).
    private const int ReorderingWindow = 50;

    private Dictionary<AgentKey, uint> _agents = [];
    private Dictionary<AgentKey, uint> _olderAgents = [];
    private Dictionary<ulong, Pool> _pools = [];
    private Dictionary<ulong, Pool> _olderPools = [];
    private uint _lastAgent;

    /// <summary>Data sources remembered.</summary>
    public int Count => _pools.Count + _olderPools.Count;

    /// <summary>A number for a sub-agent, good until the next call.</summary>
    public uint Agent(IpAddress source, IpAddress agent, uint subAgent)
    {
        var key = new AgentKey(source, agent, subAgent);
        if (_agents.TryGetValue(key, out uint number))
        {
            return number;
        }

        if (_agents.Count >= limit)
        {
            (_agents, _olderAgents) = (_olderAgents, _agents);
            _agents.Clear();
        }

        if (!_olderAgents.Remove(key, out number))
        {
            number = ++_lastAgent;
        }

        _agents.Add(key, number);
        return number;
    }

    /// <summary>A new number for a sub-agent that began anew, so that nothing of before is compared with what comes.</summary>
    public uint Restart(IpAddress source, IpAddress agent, uint subAgent)
    {
        var key = new AgentKey(source, agent, subAgent);
        _olderAgents.Remove(key);
        return _agents[key] = ++_lastAgent;
    }

    /// <summary>The factor for a sample, and remembers it.</summary>
    /// <param name="agent">From <see cref="Agent"/>.</param>
    /// <param name="dataSource">Class and index.</param>
    /// <param name="sequence">Sequence number of the sample.</param>
    /// <param name="samplePool">Packets that could have been sampled so far.</param>
    /// <param name="announced">The rate in the sample, taken where there is nothing to compare with.</param>
    /// <param name="sequences">Told what the numbers of the samples say about losses.</param>
    /// <param name="counters">Holds the figures of the data source.</param>
    public uint Factor(
        uint agent, uint dataSource, uint sequence, uint samplePool, uint announced, SequenceCounters? sequences = null, SourceCounters? counters = null)
    {
        ref Pool pool = ref Find((ulong)agent << 32 | dataSource, out bool known);
        if (sequences is not null)
        {
            pool.Window.Observe(sequence, sequences);
        }

        DataSourceCounters? figures = known ? pool.Figures : counters?.FindDataSource(dataSource);
        if (figures is not null)
        {
            figures.Samples++;
            figures.AnnouncedInterval = announced;
        }

        var next = new Pool { Sequence = sequence, Packets = samplePool, Window = pool.Window, Figures = figures };
        if (!known)
        {
            pool = next;
            return announced;
        }

        // Both wrap at 32 bits: what is more than half a turn ahead lies behind.
        int samples = (int)(sequence - pool.Sequence);
        int packets = (int)(samplePool - pool.Packets);
        if (samples > 0 && packets > 0)
        {
            pool = next;
            if (figures is not null)
            {
                figures.PoolSamples += samples;
                figures.PoolPackets += packets;
            }

            uint factor = (uint)packets / (uint)samples;
            return factor == 0 ? announced : factor;
        }

        if (samples < -ReorderingWindow || (samples > 0 && packets < 0))
        {
            pool = next;
        }

        return announced;
    }

    private ref Pool Find(ulong key, out bool known)
    {
        ref Pool pool = ref CollectionsMarshal.GetValueRefOrNullRef(_pools, key);
        known = true;
        if (!Unsafe.IsNullRef(ref pool))
        {
            return ref pool;
        }

        if (_pools.Count >= limit)
        {
            (_pools, _olderPools) = (_olderPools, _pools);
            _pools.Clear();
        }

        known = _olderPools.Remove(key, out Pool older);
        pool = ref CollectionsMarshal.GetValueRefOrAddDefault(_pools, key, out _);
        pool = older;
        return ref pool;
    }

    private readonly record struct AgentKey(IpAddress Source, IpAddress Agent, uint SubAgent);

    private struct Pool
    {
        public uint Sequence;
        public uint Packets;
        public SampleWindow Window;
        public DataSourceCounters? Figures;
    }
}
