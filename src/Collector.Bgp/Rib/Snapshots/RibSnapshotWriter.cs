using Collector.Net;

namespace Collector.Bgp.Rib.Snapshots;

/// <summary>Saves the routes of all peers while sessions and workers go on.</summary>
public static class RibSnapshotWriter
{
    private const int Chunk = 512;

    /// <summary>Writes the table; the writer lock is held for some hundred routes at a time.</summary>
    /// <param name="table">What to save.</param>
    /// <param name="stream">Where to; it is not flushed or closed.</param>
    /// <param name="stop">Ends it early.</param>
    /// <remarks>
    /// The result is no picture of one moment: a route that changes meanwhile is in it as before or as after. Memory of what is withdrawn meanwhile is
    /// only used again when it is done.
    /// </remarks>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="IOException">The stream's.</exception>
    public static SnapshotSummary Write(RouteTable table, Stream stream, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        using var output = new SnapshotOutput(stream);
        DateTimeOffset made = table.Time.GetUtcNow();
        output.Write(SnapshotFormat.Magic);
        output.Write(SnapshotFormat.Version);
        output.Write((ulong)((made - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond));

        // As long as this reader does not quiesce no handle gets another meaning, so a set is written once for all peers.
        using RouteReader reader = table.CreateReader();
        var sets = new Dictionary<uint, uint>();
        var summary = new SnapshotSummary(made, 0, 0, 0, 0);
        foreach (RoutePeer peer in table.Peers.Peers)
        {
            if (table.Rib(peer.Index) is { Paths: > 0 } rib)
            {
                WritePeer(output, peer.Description);
                long routes = WriteRoutes(table, rib, reader, output, sets, stop);
                summary = summary with { Peers = summary.Peers + 1, Routes = summary.Routes + routes };
            }
        }

        summary = summary with { AttributeSets = sets.Count };
        output.Write(SnapshotFormat.EndRecord);
        output.Write((ulong)summary.Peers);
        output.Write((ulong)summary.AttributeSets);
        output.Write((ulong)summary.Routes);
        output.Finish();
        return summary;
    }

    private static long WriteRoutes(RouteTable table, AdjRibIn rib, RouteReader reader, SnapshotOutput output, Dictionary<uint, uint> sets, CancellationToken stop)
    {
        var entries = new RouteEntry[Chunk];
        var cursor = default(RouteCursor);
        long routes = 0;
        for (bool more = true; more;)
        {
            stop.ThrowIfCancellationRequested();
            int count;
            lock (table.WriterLock)
            {
                more = rib.Read(ref cursor, entries, out count);
            }

            foreach (ref readonly RouteEntry entry in entries.AsSpan(0, count))
            {
                if (!sets.TryGetValue(entry.Attributes, out uint number))
                {
                    number = (uint)sets.Count;
                    sets.Add(entry.Attributes, number);
                    WriteAttributes(output, reader, table.Attributes[entry.Attributes]);
                }

                WriteRoute(output, entry.Nlri, number);
            }

            routes += count;
        }

        return routes;
    }

    private static void WritePeer(SnapshotOutput output, PeerDescription peer)
    {
        output.Write(SnapshotFormat.PeerRecord);
        output.Write(peer.Address);
        output.Write(peer.Port);
        output.Write(peer.RouterId);
        output.Write(peer.AsNumber);
        output.Write(peer.AddPathFamilies);
    }

    private static void WriteAttributes(SnapshotOutput output, RouteReader reader, in RouteAttributes set)
    {
        output.Write(SnapshotFormat.AttributesRecord);
        output.Write((ushort)set.Present);
        output.Write(set.Origin);
        output.Write(set.NextHop);
        output.Write(set.LocalPreference);
        output.Write(set.Med);
        output.Write(set.Aigp);
        output.Write(set.OnlyToCustomer);
        output.WriteValue(reader.Value(set.AsPath));
        output.WriteValue(reader.Value(set.StandardCommunities));
        output.WriteValue(reader.Value(set.ExtendedCommunities));
        output.WriteValue(reader.Value(set.LargeCommunities));
    }

    private static void WriteRoute(SnapshotOutput output, in Nlri nlri, uint attributes)
    {
        output.Write(SnapshotFormat.RouteRecord);
        output.Write((byte)((byte)nlri.Family | (nlri.PathId != 0 ? SnapshotFormat.HasPathId : 0) | (nlri.Label != 0 ? SnapshotFormat.HasLabel : 0)));
        output.Write(attributes);
        if (nlri.PathId != 0)
        {
            output.Write(nlri.PathId);
        }

        if (nlri.Label != 0)
        {
            output.Write(nlri.Label);
        }

        if (nlri.Family.IsVpn())
        {
            output.Write(nlri.RouteDistinguisher);
        }

        Span<byte> address = stackalloc byte[IpAddress.Size];
        nlri.Prefix.WriteTo(address);
        output.Write(nlri.Length);
        output.Write(address.Slice(nlri.Family.IsIPv4() ? 12 : 0, (nlri.Length + 7) / 8));
    }
}
