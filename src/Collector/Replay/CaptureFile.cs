using System.Buffers.Binary;

namespace Collector.Replay;

/// <summary>The packets of one capture file, whatever its format; opened anew for each file of a replay.</summary>
internal sealed class CaptureFile : IDisposable
{
    private readonly CaptureSource _source = new();
    private readonly PcapFormat _pcap;
    private readonly PcapngFormat _pcapng;
    private bool _isPcapng;

    /// <summary>Makes the buffers; no file is open.</summary>
    public CaptureFile()
    {
        _pcap = new PcapFormat(_source);
        _pcapng = new PcapngFormat(_source);
    }

    /// <summary>Bytes consumed of the file that is open.</summary>
    public long BytesRead => _source.BytesRead;

    /// <summary>Why the last step was <see cref="CaptureStep.Damaged"/>; for the operator, without the path.</summary>
    public string Fault => _isPcapng ? _pcapng.Fault : _pcap.Fault;

    /// <summary>True when reading stopped because of the machine, not because of the file's content.</summary>
    public bool IsReadError => _source.IsReadError;

    /// <summary>Opens a file.</summary>
    /// <returns>Null, or a clause for the operator, without the path, that says why it is no capture.</returns>
    public string? Open(string path)
    {
        if (_source.Open(path) is string fault)
        {
            return fault;
        }

        if (!_source.TryPeek(4, out ReadOnlySpan<byte> magic))
        {
            return _source.Fault ?? "the file is too short to be a capture";
        }

        _isPcapng = BinaryPrimitives.ReadUInt32BigEndian(magic) == PcapngFormat.SectionHeader;
        if (_isPcapng)
        {
            _pcapng.Begin();
            return null;
        }

        if (!PcapFormat.IsMagic(magic))
        {
            return WhatElse(magic);
        }

        return _pcap.TryBegin() ? null : _pcap.Fault;
    }

    /// <summary>Reads the next packet.</summary>
    public CaptureStep TryNext(out CapturedFrame frame) => _isPcapng ? _pcapng.TryNext(out frame) : _pcap.TryNext(out frame);

    /// <summary>Closes the file.</summary>
    public void Close() => _source.Close();

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    // What operators have lying beside their captures.
    private static string WhatElse(ReadOnlySpan<byte> magic) => BinaryPrimitives.ReadUInt32BigEndian(magic) switch
    {
        0x28B52FFD => "this is compressed by zstd; unpack it first (zstd -d)",
        0xFD377A58 => "this is compressed by xz; unpack it first (xz -d)",
        0x04224D18 => "this is compressed by lz4; unpack it first (lz4 -d)",
        0x736E6F6F => "this is a snoop capture; convert it first (editcap -F pcap)",
        0xA1B2CD34 or 0x34CDB2A1 => "this is a pcap file of an old variant; convert it first (editcap -F pcap)",
        _ when BinaryPrimitives.ReadUInt16LittleEndian(magic) == 0xA50C => "this is a file of nfcapd, not a capture of packets",
        _ when magic[..3].SequenceEqual("BZh"u8) => "this is compressed by bzip2; unpack it first (bzip2 -d)",
        _ => "this is neither pcap nor pcapng",
    };
}
