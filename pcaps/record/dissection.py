"""Flow records and flow samples of a capture as tshark dissects them: the second opinion beside pmacct's."""
import calendar
import re
import time
import xml.etree.ElementTree as ET

from captures import tshark

SOURCE = ('cflow.srcaddr', 'cflow.srcaddrv6')
DESTINATION = ('cflow.dstaddr', 'cflow.dstaddrv6')
RECORD = re.compile(r'Flow \d+$|pdu \d+/\d+$|(Expanded f|F)low sample, seq')


def values(element, *names):
    """The values of the fields with these names below an element, without those of reversed elements (RFC 5103)."""
    return [f.get('show') for f in element.iter('field') if f.get('name') in names and '(Reverse' not in f.get('showname', '')]


def number(element, *names):
    found = values(element, *names)
    return int(found[0], 0) if found else 0


def sampled_packet(element):
    """The outermost IP packet dissected below an element, and the MPLS labels before it; None when there is no such packet."""
    labels = []
    for proto in element.iter('proto'):
        name = proto.get('name')
        if name == 'mpls':
            labels.append(number(proto, 'mpls.label'))
        if name == 'ip':
            carried, length, tos = number(proto, 'ip.proto'), number(proto, 'ip.len'), number(proto, 'ip.dsfield')
        elif name == 'ipv6':
            carried, length, tos = number(proto, 'ipv6.nxt'), 40 + number(proto, 'ipv6.plen'), number(proto, 'ipv6.tclass')
        else:
            continue
        transport = {6: 'tcp', 17: 'udp'}.get(carried)
        return {'source': values(proto, name + '.src')[0], 'destination': values(proto, name + '.dst')[0], 'length': length, 'tos': tos,
                'labels': labels, 'ports': ports(element, transport) if transport else (0, 0)}
    return None


def ports(element, transport):
    """The ports of the outermost TCP or UDP header below an element."""
    proto = next((p for p in element.iter('proto') if p.get('name') == transport), None)
    return (0, 0) if proto is None else (number(proto, transport + '.srcport'), number(proto, transport + '.dstport'))


def flow_time(flow, which, boot):
    """Seconds and microseconds of flow start or end; sysUpTime is counted from boot (milliseconds) in whole seconds, as pmacct does."""
    shown = values(flow, 'cflow.abstime' + which, 'cflow.time' + which)
    if not shown:
        return None
    if re.fullmatch(r'[\d.]+', shown[0]):
        return (boot or 0) // 1000 + int(float(shown[0])), 0
    text, _, fraction = shown[0].removesuffix(' UTC').partition('.')
    seconds = calendar.timegm(time.strptime(text, '%b %d, %Y %H:%M:%S'))
    if seconds < 86400:  # how tshark shows a sysUpTime of 0
        return (boot or 0) // 1000 + seconds, 0
    return seconds, int(fraction[:6])


def netflow_record(flow, boot):
    packets, octets = values(flow, 'cflow.packets'), values(flow, 'cflow.octets')
    if packets or octets:
        return {'source': values(flow, *SOURCE)[0], 'destination': values(flow, *DESTINATION)[0], 'packets': int(packets[0]), 'bytes': int(octets[0]),
                'ports': (number(flow, 'cflow.srcport'), number(flow, 'cflow.dstport')), 'flags': number(flow, 'cflow.tcpflags'),
                'labels': [int(m.group(1)) for f in flow.iter('field') if (m := re.match(r'MPLS-Label\d+: (\d+)', f.get('showname') or f.get('show') or ''))],
                'start': flow_time(flow, 'start', boot), 'end': flow_time(flow, 'end', boot)}
    packet = sampled_packet(flow)  # dataLinkFrameSection
    return packet and {**packet, 'packets': 1, 'bytes': packet['length']}


def sflow_record(sample, _):
    packet, length = sampled_packet(sample), values(sample, 'sflow_245.header.frame_length')
    return {**packet, 'packets': 1, 'bytes': int(length[0])} if packet and length else None


def dissect(path):
    """Every flow record or flow sample, options left out, with the datagram's sequence number; and the number of datagrams."""
    records, datagrams, boot = [], 0, None
    for packet in ET.fromstring(tshark(path, '-T', 'pdml')).iter('packet'):
        for proto in packet.findall('proto'):
            if proto.get('name') not in ('cflow', 'sflow'):
                continue
            datagrams += 1
            for field in proto.iter('field'):
                if field.get('name') == 'cflow.sys_init_time':
                    boot = int(field.get('value'), 16)
            read = netflow_record if proto.get('name') == 'cflow' else sflow_record
            sequence = number(proto, 'cflow.sequence', 'sflow_245.sequence_number')
            for field in proto.iter('field'):
                record = read(field, boot) if RECORD.match(field.get('show') or '') else None
                if record:
                    records.append({**record, 'sequence': sequence})
    return records, datagrams
