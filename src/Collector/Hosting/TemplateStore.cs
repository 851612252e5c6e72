using System.Buffers.Binary;
using System.Security.Cryptography;
using Collector.Flows.Templates.Saved;
using Collector.Net;
using Collector.Pipeline;
using Collector.Receiving;

namespace Collector.Hosting;

/// <summary>The file of the state directory that keeps templates, samplers and names over a restart.</summary>
/// <remarks>
/// Written as a whole beside the old file and put in its place, a few seconds after a change. A file that is damaged is told once and not used:
/// exporters announce everything again within minutes. Workers hand over what changed; no thread waits for the disk but the one that writes.
/// </remarks>
public sealed class TemplateStore
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "templates";

    private const long MaxFileBytes = 1L << 30;
    private const int EntryHeader = IpAddress.Size + 2 + 4 + 4;

    private readonly string _path;
    private readonly Dictionary<(IpAddress, ushort, uint), SavedDomain> _domains = [];
    private readonly Lock _gate = new();
    private readonly Lock _writing = new();
    private bool _isChanged;

    /// <summary>Takes the folder; nothing is read yet.</summary>
    public TemplateStore(StateDirectory folder) => _path = folder.File(FileName);

    private static ReadOnlySpan<byte> Magic => "CLTMPL\0\u0001"u8;

    /// <summary>Domains that are kept.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _domains.Count;
            }
        }
    }

    /// <summary>Takes what changed; called by workers, seldom.</summary>
    public void Put(SavedDomain domain)
    {
        lock (_gate)
        {
            (IpAddress, ushort, uint) key = (domain.Source, domain.Version, domain.Domain);
            if (domain.Content.IsEmpty)
            {
                _domains.Remove(key);
            }
            else
            {
                _domains[key] = domain;
            }

            _isChanged = true;
        }
    }

    /// <summary>Reads the file and puts its domains back into the workers that will receive their sources; before the workers start.</summary>
    /// <param name="workers">All workers.</param>
    /// <param name="now">Microseconds since the Unix epoch.</param>
    /// <returns>What is wrong with the file, for the operator; null when it is good or there is none.</returns>
    public string? Load(IReadOnlyList<FlowWorker> workers, long now)
    {
        List<SavedDomain> domains = [];
        try
        {
            if (!File.Exists(_path))
            {
                return null;
            }

            if (new FileInfo(_path).Length > MaxFileBytes || !TryParse(File.ReadAllBytes(_path), domains))
            {
                return $"{_path} is cut or damaged";
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{_path} cannot be read ({e.Message})";
        }

        foreach (SavedDomain domain in domains)
        {
            if (!workers[ReuseportSteering.WorkerOf(domain.Source, workers.Count)].Decoder.Restore(domain, now))
            {
                return $"{_path} is damaged at {domain.Source} domain {domain.Domain}";
            }

            lock (_gate)
            {
                _domains[(domain.Source, domain.Version, domain.Domain)] = domain;
            }
        }

        return null;
    }

    /// <summary>Writes the file if anything has changed since it was written last.</summary>
    /// <returns>Why it could not be written; null when it was or need not be.</returns>
    public string? Save()
    {
        lock (_writing)
        {
            SavedDomain[] domains;
            lock (_gate)
            {
                if (!_isChanged)
                {
                    return null;
                }

                domains = [.. _domains.Values];
                _isChanged = false;
            }

            try
            {
                Write(domains);
                return null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                lock (_gate)
                {
                    _isChanged = true;
                }

                return $"{_path} cannot be written ({e.Message})";
            }
        }
    }

    private void Write(SavedDomain[] domains)
    {
        string beside = $"{_path}.new";
        using (var file = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
        using (var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
        {
            Append(file, hash, Magic);
            byte[] header = new byte[EntryHeader];
            foreach (SavedDomain domain in domains)
            {
                domain.Source.WriteTo(header);
                BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(IpAddress.Size), domain.Version);
                BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(IpAddress.Size + 2), domain.Domain);
                BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(IpAddress.Size + 6), (uint)domain.Content.Length);
                Append(file, hash, header);
                Append(file, hash, domain.Content.Span);
            }

            file.Write(hash.GetHashAndReset());
            file.Flush(flushToDisk: true);
        }

        File.Move(beside, _path, overwrite: true);
    }

    private static void Append(FileStream file, IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        file.Write(bytes);
        hash.AppendData(bytes);
    }

    private static bool TryParse(byte[] file, List<SavedDomain> domains)
    {
        int end = file.Length - SHA256.HashSizeInBytes;
        if (end < Magic.Length || !file.AsSpan().StartsWith(Magic) || !SHA256.HashData(file.AsSpan(0, end)).AsSpan().SequenceEqual(file.AsSpan(end)))
        {
            return false;
        }

        for (int position = Magic.Length; position < end;)
        {
            if (end - position < EntryHeader)
            {
                return false;
            }

            ReadOnlySpan<byte> header = file.AsSpan(position, EntryHeader);
            uint length = BinaryPrimitives.ReadUInt32BigEndian(header[(IpAddress.Size + 6)..]);
            position += EntryHeader;
            if (length > (uint)(end - position))
            {
                return false;
            }

            domains.Add(new SavedDomain(
                IpAddress.ReadIPv6(header),
                BinaryPrimitives.ReadUInt16BigEndian(header[IpAddress.Size..]),
                BinaryPrimitives.ReadUInt32BigEndian(header[(IpAddress.Size + 2)..]),
                file.AsMemory(position, (int)length)));
            position += (int)length;
        }

        return true;
    }
}
