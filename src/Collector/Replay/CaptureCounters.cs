namespace Collector.Replay;

/// <summary>What became of the packets of a replay.</summary>
/// <remarks>
/// Written by the reading thread; others may read each number at any time. After a read these hold:
/// Packets = Datagrams − Reassembled + Fragments + NotIp + NotUdp + Bad + UnknownLinkType, and
/// reassemblies begun = Reassembled + ReassemblyBad + ReassemblyOverlap + ReassemblyTimeout + ReassemblyEvicted + ReassembliesPending.
/// </remarks>
public sealed class CaptureCounters
{
    /// <summary>Packets of all kinds.</summary>
    public long Packets;

    /// <summary>UDP datagrams handed out.</summary>
    public long Datagrams;

    /// <summary>Octets of their payloads, as far as captured.</summary>
    public long Octets;

    /// <summary>Packets that carry neither IPv4 nor IPv6 (ARP, LLDP ...).</summary>
    public long NotIp;

    /// <summary>IP packets that carry no UDP, those of BGP sessions included.</summary>
    public long NotUdp;

    /// <summary>Packets whose headers are cut off or contradict themselves (lengths, versions), also single fragments.</summary>
    public long Bad;

    /// <summary>Packets of interfaces whose link type is not read.</summary>
    public long UnknownLinkType;

    /// <summary>Datagrams handed out of whose payload the capture holds only the beginning (snaplen).</summary>
    public long Truncated;

    /// <summary>Fragments of UDP datagrams with good headers.</summary>
    public long Fragments;

    /// <summary>Of those: cut by the snaplen, so of no use.</summary>
    public long FragmentsTruncated;

    /// <summary>Of those: bytes already there, ignored.</summary>
    public long FragmentsDuplicate;

    /// <summary>Reassemblies begun.</summary>
    public long ReassembliesBegun;

    /// <summary>Datagrams handed out that came in fragments.</summary>
    public long Reassembled;

    /// <summary>Reassemblies given up because the whole was no valid UDP datagram, or came in too many separate pieces.</summary>
    public long ReassemblyBad;

    /// <summary>Reassemblies given up because fragments overlapped in part or disagreed about the end (RFC 5722).</summary>
    public long ReassemblyOverlap;

    /// <summary>Reassemblies given up because fragments were missing after 30 s of capture time.</summary>
    public long ReassemblyTimeout;

    /// <summary>Reassemblies given up, oldest first, because too many were open.</summary>
    public long ReassemblyEvicted;

    /// <summary>Reassemblies open now: at the end of the last file, datagrams of which fragments are missing.</summary>
    public long ReassembliesPending;

    /// <summary>Files that ended in the middle of a packet or held what their format does not allow; each was one warning.</summary>
    public long DamagedFiles;
}
