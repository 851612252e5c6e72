using System.Buffers.Binary;
using Collector.Flows.Extras;
using Collector.Flows.Sequences;
using Collector.Flows.Templates.Options;
using Collector.Flows.Templates.Plans;
using Collector.Flows.Templates.Saved;

namespace Collector.Flows.Templates;

/// <summary>Decodes the Sets of NetFlow v9 and IPFIX messages. One per worker; keeps its place between calls when a batch is full.</summary>
internal sealed partial class MessageDecoder
{
    private const int SetHeaderLength = 4;

    private readonly DecoderOptions _options;
    private readonly TemplateTable _templates;
    private readonly ExportDomainTable _domains;
    private readonly OptionsReader _optionsReader;
    private readonly VariableRecord _variableRecord = new();
    private readonly PlanContext _context;

    private ExportDomain? _domain;
    private ExportHeader _header;
    private RecordPlan? _plan;
    private FlowRecord _prototype;
    private int _position;
    private int _setStart;
    private int _setEnd;
    private uint _recordNumber;
    private uint _exportSeconds;

    // The Set that is being decoded may be an earlier one, which waited for its template: then its bytes lie with its domain.
    private HeldSet _held;
    private bool _isHeld;
    private int _nextHeld;
    private int _nextSet;

    // What the sequence number of the next message depends on.
    private ulong _message;
    private uint _dataRecords;
    private int _undecodedSets;
    private bool _isDamaged;
    private bool _isOpen;

    internal MessageDecoder(DecoderOptions options, ValueTable values, SourceTable sources)
    {
        _options = options;
        _templates = new TemplateTable(options);
        _domains = new ExportDomainTable(options, sources, _templates);
        _optionsReader = new OptionsReader(options);
        _context = new PlanContext(values, _templates) { FrameFields = PacketPointers.Of(options.CustomFields) };
    }

    /// <summary>Starts a message.</summary>
    internal void Begin(in Datagram datagram, in ExportHeader header)
    {
        _header = header;
        _domain = _domains.Get(datagram.Source, header.Version, header.Domain, datagram.ArrivalTime);
        _exportSeconds = ExportClock.Read(header.ExportSeconds, datagram.ArrivalTime, _domain.Counters, _options);
        _context.Domain = _domain;
        _context.SourcePort = datagram.SourcePort;
        _context.ArrivalTime = datagram.ArrivalTime;
        SetClock(header, _exportSeconds);
        _nextSet = header.Length;
        _plan = null;
        _recordNumber = 0;
        (_message, _dataRecords, _undecodedSets) = (_message + 1, 0, 0);
        _isDamaged = header.Fault != DecodeFault.None;
        (_isOpen, _isHeld, _nextHeld) = (true, false, 0);
        SourceCounters counters = _domain.Counters;
        counters.Datagrams++;
        counters.DecodedDatagrams++;
        counters.DecodedOctets += datagram.Payload.Length;
        counters.Octets += datagram.Payload.Length;
        counters.LastSeen = datagram.ArrivalTime;
        if (header.Fault != DecodeFault.None)
        {
            counters.Count(header.Fault);
        }
    }

    /// <summary>Decodes until the batch is full or the message ends.</summary>
    /// <returns>True when the batch is full and there may be more.</returns>
    internal bool Continue(in Datagram datagram, FlowBatch batch)
    {
        ReadOnlySpan<byte> message = datagram.Payload[.._header.End];
        while (_plan is not null || TryBeginHeld(datagram) || TryBeginSet(message, datagram))
        {
            if (_plan is null)
            {
                continue;
            }

            if (!TryDecodeRecords(_isHeld ? _domain!.Held!.ContentOf(_held) : message, batch))
            {
                return true;
            }

            EndSet(datagram);
        }

        if (_isOpen)
        {
            _isOpen = false;
            End(datagram);
        }

        return false;
    }

    /// <summary>What is saved of the domains, see <see cref="DatagramDecoder.TakeChanged"/>.</summary>
    internal ExportDomainTable Domains => _domains;

    /// <summary>Puts back what was saved of a domain; false when it is damaged.</summary>
    internal bool Restore(SavedDomain saved, long now)
    {
        ExportDomain domain = _domains.Get(saved.Source, saved.Version, saved.Domain, now);
        bool isWhole = new DomainReader(_templates, now - (_options.MaxSavedAge * 1_000_000L)).TryRead(saved.Content.Span, domain);
        (domain.SavedRevision, domain.SavedLastSeen) = (domain.SaveRevision, now);
        return isWhole;
    }

    /// <summary>Nothing more will come: Sets that wait for their template are given up.</summary>
    internal void Finish() => _domains.End();

    /// <summary>Bytes held for templates that are missing.</summary>
    internal long HeldBytes => _domains.HeldBytes;

    private void End(in Datagram datagram)
    {
        bool hasUptime = _header.Version == 9;
        _domain!.Counters.Observe(datagram.SourcePort, new SequencePoint
        {
            Sequence = _header.Sequence,
            Records = _dataRecords,
            IsComplete = _undecodedSets == 0 && !_isDamaged,
            Stamp = hasUptime ? _header.SysUpTime : _header.ExportSeconds,
            HasUptime = hasUptime,
            ArrivalTime = datagram.ArrivalTime,
        });
    }

    // After a template has come, what waited for it is decoded before the message goes on, in the order in which it came.
    private bool TryBeginHeld(in Datagram datagram)
    {
        _isHeld = false;
        if (!_domain!.HasNewTemplate)
        {
            return false;
        }

        if (_domain.Held is { Count: > 0 } held)
        {
            if (_nextHeld == 0)
            {
                held.Expire(datagram.ArrivalTime);
            }

            for (; held.Next(ref _nextHeld) is { } set; _nextHeld++)
            {
                if (_templates.Find(_domain, set.TemplateId, set.Port, datagram.ArrivalTime) is { } template)
                {
                    held.Take(_nextHeld++);
                    BeginHeld(set, template, datagram);
                    return true;
                }
            }
        }

        _domain.Held?.Trim();
        _domain.HasNewTemplate = false;
        _nextHeld = 0;
        SetClock(_header, _exportSeconds);
        _context.SourcePort = datagram.SourcePort;
        _context.ArrivalTime = datagram.ArrivalTime;
        return false;
    }

    private void BeginHeld(in HeldSet set, Template template, in Datagram datagram)
    {
        (_held, _isHeld) = (set, true);
        _undecodedSets -= set.Message == _message ? 1 : 0;
        SetClock(set.Header, set.ExportSeconds);
        _context.SourcePort = set.Port;
        _context.ArrivalTime = set.ArrivalTime;
        ReadOnlySpan<byte> content = _domain!.Held!.ContentOf(set);
        (_setStart, _position, _setEnd) = (0, 0, content.Length);
        BeginData(template, content, datagram);
    }

    private void SetClock(in ExportHeader header, uint exportSeconds)
    {
        _context.ExportSeconds = exportSeconds;
        _context.SysUpTime = header.SysUpTime;
    }

    // False at the end of the message. A Set with data for a known template leaves its plan behind; all others are done here.
    private bool TryBeginSet(ReadOnlySpan<byte> message, in Datagram datagram)
    {
        ReadOnlySpan<byte> rest = message[_nextSet..];
        if (rest.Length < SetHeaderLength)
        {
            return false;
        }

        ushort id = BinaryPrimitives.ReadUInt16BigEndian(rest);
        int length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
        if (length < SetHeaderLength)
        {
            // Zero bytes to the end are padding: some devices fill the datagram up.
            if (rest.IndexOfAnyExcept((byte)0) >= 0)
            {
                _domain!.Counters.Count(DecodeFault.BadSetLength);
                _isDamaged = true;
            }

            _nextSet = message.Length;
            return false;
        }

        if (length > rest.Length)
        {
            // What is complete of the last Set is good.
            _domain!.Counters.Count(DecodeFault.Truncated);
            _isDamaged = true;
            length = rest.Length;
        }

        _setStart = _position = _nextSet + SetHeaderLength;
        _setEnd = _nextSet += length;
        BeginSet(id, message[_position.._setEnd], datagram);
        return true;
    }

    private void BeginSet(ushort id, ReadOnlySpan<byte> set, in Datagram datagram)
    {
        int kind = _header.Version == 9 ? id : id - 2;
        if (id < 256 && kind is 0 or 1)
        {
            _templates.ReadSet(_domain!, kind == 1, set, datagram.SourcePort, datagram.ArrivalTime);
            return;
        }

        if (id < 256)
        {
            _domain!.Counters.Count(DecodeFault.ReservedSet);
            return;
        }

        Template? template = _templates.Find(_domain!, id, datagram.SourcePort, datagram.ArrivalTime);
        if (template is null)
        {
            Hold(id, set, datagram);
            return;
        }

        if ((_options.DiscardSuspectSets || _templates.IsWatched(template, datagram.ArrivalTime)) && IsSuspect(template, set))
        {
            _domain!.Counters.Count(DecodeFault.SuspectTemplate);
            if (template.IsProvisional)
            {
                // What was remembered from before the restart is wrong: the data waits for what the exporter announces now.
                _templates.Distrust(_domain, template);
                Hold(id, set, datagram);
                return;
            }

            if (_options.DiscardSuspectSets)
            {
                _isDamaged = true;
                return;
            }
        }

        BeginData(template, set, datagram);
    }

    private void Hold(ushort id, ReadOnlySpan<byte> set, in Datagram datagram)
    {
        _undecodedSets++;
        _domain!.NoteMissing(id, datagram.ArrivalTime);
        var held = new HeldSet { TemplateId = id, Port = datagram.SourcePort, Header = _header, ExportSeconds = _exportSeconds, Message = _message, ArrivalTime = datagram.ArrivalTime };
        if (!_domain.TryHold(held, set))
        {
            _domain.Counters.Count(DecodeFault.MissingTemplate);
        }
    }

    // Padding is zero (RFC 7011 §3.3.1): other bytes behind the last record tell that records are longer or shorter than the template says.
    private static bool IsSuspect(Template template, ReadOnlySpan<byte> set) =>
        !template.IsVariable && set[(set.Length - (set.Length % template.MinimumLength))..].IndexOfAnyExcept((byte)0) >= 0;

    private void BeginData(Template template, ReadOnlySpan<byte> set, in Datagram datagram)
    {
        if (template.IsOptions)
        {
            ReadOptions(template.OptionsPlan, set);
            if (!_options.AccountOptions)
            {
                return;
            }
        }

        BeginRecords(template.PlanFor(_options), template.Id, datagram);
    }

    private void BeginRecords(RecordPlan plan, ushort template, in Datagram datagram)
    {
        _plan = plan;
        _prototype = _isHeld ? Prototype(plan, template, _held.Header, _held.ExportSeconds, _held.ArrivalTime, datagram)
            : Prototype(plan, template, _header, _exportSeconds, datagram.ArrivalTime, datagram);
        _context.MplsLabels = plan.MplsLabels;
        _context.MplsLabelCount = plan.MplsLabels.Length;
        _context.Section = plan.Section;
    }

    private void ReadOptions(OptionsPlan plan, ReadOnlySpan<byte> set)
    {
        while (!VariableRecord.IsPadding(set, plan.MinimumLength))
        {
            int length = _optionsReader.Read(plan, set, _domain!);
            if (length < 0)
            {
                _domain!.Counters.Count(DecodeFault.BadRecord);
                _isDamaged = true;
                return;
            }

            _domain!.Counters.OptionsRecords++;
            CountData(1);
            set = set[length..];
        }
    }
}
