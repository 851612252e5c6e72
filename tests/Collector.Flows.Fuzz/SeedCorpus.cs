using System.Buffers.Binary;
using Collector.Net;
using Collector.Replay;
using Collector.Testing;

namespace Collector.Flows.Fuzz;

/// <summary>All captures and built datagrams, whole and cut into small datagrams with one Set or sample each, so that many fit into a second.</summary>
internal sealed class SeedCorpus
{
    private const int SmallDataBytes = 160;
    private const int MostAlike = 4;

    private readonly List<FuzzSeed> _whole = [];
    private readonly List<FuzzSeed> _small = [];
    private readonly List<FuzzSeed> _announced = [];
    private readonly List<FuzzSeed> _templates = [];
    private readonly List<byte[]> _sets = [];
    private readonly List<byte[]> _samples = [];
    private readonly Dictionary<(IpAddress, int, uint, int), byte[]> _templateSets = [];
    private readonly Dictionary<(IpAddress, int, uint, int, bool), int> _alike = [];

    private SeedCorpus()
    {
    }

    /// <summary>Datagrams as they came, ordered: all of them in a row announce every template.</summary>
    public FuzzSeed[] Whole { get; private set; } = [];

    /// <summary>Datagrams of few records whose templates were announced before.</summary>
    public FuzzSeed[] Small { get; private set; } = [];

    /// <summary>Datagrams of a template and few records of it.</summary>
    public FuzzSeed[] Announced { get; private set; } = [];

    /// <summary>Datagrams that announce templates only.</summary>
    public FuzzSeed[] Templates { get; private set; } = [];

    /// <summary>Sets of v9 and IPFIX, to be spliced in.</summary>
    public byte[][] Sets { get; private set; } = [];

    /// <summary>Samples of sFlow, to be spliced in.</summary>
    public byte[][] Samples { get; private set; } = [];

    /// <summary>Reads the project's captures, the shared ones where they are, what tests build, and a folder of datagrams.</summary>
    public static SeedCorpus Load(string? folder)
    {
        var corpus = new SeedCorpus();
        foreach (FuzzSeed seed in BuiltSeeds.All())
        {
            corpus.Add(seed);
        }

        foreach (string file in Captures())
        {
            using var reader = new CaptureReader([file], _ => { });
            while (reader.TryRead(out CapturedDatagram datagram))
            {
                corpus.Add(new FuzzSeed(datagram.Payload.ToArray(), datagram.Source, datagram.SourcePort, datagram.Time));
            }
        }

        string[] found = Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
        foreach (string file in found.Order(StringComparer.Ordinal))
        {
            corpus.Add(new FuzzSeed(File.ReadAllBytes(file), BuiltSeeds.Source, 50_000, BuiltSeeds.Time));
        }

        corpus.Whole = [.. corpus._whole];
        corpus.Small = [.. corpus._small];
        corpus.Announced = [.. corpus._announced];
        corpus.Templates = [.. corpus._templates];
        corpus.Sets = [.. corpus._sets];
        corpus.Samples = [.. corpus._samples];
        return corpus;
    }

    /// <summary>The same with other small datagrams.</summary>
    public SeedCorpus With(IEnumerable<FuzzSeed> small) =>
        new() { Whole = Whole, Small = [.. small], Announced = Announced, Templates = Templates, Sets = Sets, Samples = Samples };

    private static IEnumerable<string> Captures()
    {
        string[] folders = Directory.Exists(RepositoryPaths.SharedCaptures) ? [RepositoryPaths.Pcaps, RepositoryPaths.SharedCaptures] : [RepositoryPaths.Pcaps];
        return folders.SelectMany(f => Directory.GetFiles(f, "*.pcap*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
    }

    private void Add(FuzzSeed seed)
    {
        _whole.Add(seed);
        if (seed.Payload.Length <= SmallDataBytes && seed.Version is not (9 or 10))
        {
            _small.Add(seed);
        }

        if (seed.Version == 5 && seed.Payload.Length >= 24 + 48)
        {
            byte[] cut = seed.Payload[..Math.Min(seed.Payload.Length, 24 + 96)];
            BinaryPrimitives.WriteUInt16BigEndian(cut.AsSpan(2), (ushort)((cut.Length - 24) / 48));
            AddSmall(seed, cut, 0, true);
        }

        foreach ((int start, int length) in seed.Parts())
        {
            byte[] part = seed.Payload[start..(start + length)];
            if (seed.IsSFlow)
            {
                AddSample(seed, part);
            }
            else
            {
                AddSet(seed, part);
            }
        }
    }

    private void AddSample(FuzzSeed seed, byte[] sample)
    {
        byte[] datagram = [.. seed.Payload.AsSpan(0, seed.HeaderLength), .. sample];
        BinaryPrimitives.WriteUInt32BigEndian(datagram.AsSpan(seed.HeaderLength - 4), 1);
        if (AddSmall(seed, datagram, sample.Length, true))
        {
            _samples.Add(sample);
        }
    }

    private void AddSet(FuzzSeed seed, byte[] set)
    {
        int id = BinaryPrimitives.ReadUInt16BigEndian(set);
        uint domain = BinaryPrimitives.ReadUInt32BigEndian(seed.Payload.AsSpan(seed.HeaderLength - 4));
        if (id < 256)
        {
            if (set.Length >= 8)
            {
                _templateSets[(seed.Source, seed.Version, domain, BinaryPrimitives.ReadUInt16BigEndian(set.AsSpan(4)))] = set;
            }

            _sets.Add(set);
            _templates.Add(With(seed, Message(seed, set)));
            return;
        }

        byte[] data = set[..Math.Min(set.Length, SmallDataBytes)];
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(2), (ushort)data.Length);
        if (AddSmall(seed, Message(seed, data), id, false))
        {
            _sets.Add(data);
        }

        if (_templateSets.TryGetValue((seed.Source, seed.Version, domain, id), out byte[]? template))
        {
            AddSmall(seed, Message(seed, [.. template, .. data]), id, true);
        }
    }

    private bool AddSmall(FuzzSeed seed, byte[] payload, int kind, bool isComplete)
    {
        uint domain = seed.Version is 9 or 10 ? BinaryPrimitives.ReadUInt32BigEndian(seed.Payload.AsSpan(seed.HeaderLength - 4)) : 0;
        var key = (seed.Source, seed.Version, domain, kind, isComplete);
        int alike = _alike.GetValueOrDefault(key);
        _alike[key] = alike + 1;
        if (alike >= MostAlike)
        {
            return false;
        }

        (seed.Version is 9 or 10 && isComplete ? _announced : _small).Add(With(seed, payload));
        return true;
    }

    private static byte[] Message(FuzzSeed seed, byte[] sets)
    {
        byte[] message = [.. seed.Payload.AsSpan(0, seed.HeaderLength), .. sets];
        if (seed.Version == 10)
        {
            BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)message.Length);
        }

        return message;
    }

    private static FuzzSeed With(FuzzSeed seed, byte[] payload) => new(payload, seed.Source, seed.Port, seed.Time);
}
