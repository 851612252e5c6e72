#!/usr/bin/python3
"""Compares expected/NAME.json with tshark's dissection of each capture.

usage: check.py [NAME ...]

For every pair of flow source and destination address the number of records, the packets and the bytes must agree, and with them their
sums. Exit status 1 when any capture differs.
"""
import collections
import json
import os
import re
import sys
import xml.etree.ElementTree as ET

from captures import EXPECTED, captures, tshark

SOURCE = ('cflow.srcaddr', 'cflow.srcaddrv6')
DESTINATION = ('cflow.dstaddr', 'cflow.dstaddrv6')


def values(element, *names):
    """The values of the fields with these names below an element, without those of reversed elements (RFC 5103)."""
    return [f.get('show') for f in element.iter('field') if f.get('name') in names and '(Reverse' not in f.get('showname', '')]


def inner(element):
    """Source, destination and length of the outermost IP packet dissected below an element, or None."""
    for proto in element.iter('proto'):
        if proto.get('name') == 'ip':
            return values(proto, 'ip.src')[0], values(proto, 'ip.dst')[0], int(values(proto, 'ip.len')[0])
        if proto.get('name') == 'ipv6':
            return values(proto, 'ipv6.src')[0], values(proto, 'ipv6.dst')[0], 40 + int(values(proto, 'ipv6.plen')[0])
    return None


def netflow_record(flow):
    packets, octets = values(flow, 'cflow.packets'), values(flow, 'cflow.octets')
    if packets or octets:
        return values(flow, *SOURCE)[0], values(flow, *DESTINATION)[0], int(packets[0]), int(octets[0])
    sampled = inner(flow)  # dataLinkFrameSection: one packet
    return (sampled[0], sampled[1], 1, sampled[2]) if sampled else None


def sflow_record(sample):
    sampled, length = inner(sample), values(sample, 'sflow_245.header.frame_length')
    return (sampled[0], sampled[1], 1, int(length[0])) if sampled and length else None


def dissected(path):
    """[(source, destination, packets, bytes)] of all flow records or flow samples, options left out, and the number of datagrams."""
    records, datagrams = [], 0
    for packet in ET.fromstring(tshark(path, '-T', 'pdml')).iter('packet'):
        for proto in packet.findall('proto'):
            if proto.get('name') not in ('cflow', 'sflow'):
                continue
            datagrams += 1
            read = netflow_record if proto.get('name') == 'cflow' else sflow_record
            for field in proto.iter('field'):
                if re.match(r'Flow \d+$|pdu \d+/\d+$|(Expanded f|F)low sample, seq', field.get('show') or ''):
                    record = read(field)
                    if record:
                        records.append(record)
    return records, datagrams


def totals(records):
    table = collections.defaultdict(lambda: [0, 0, 0])
    for source, destination, flows, packets, octets in records:
        for i, n in enumerate((flows, packets, octets)):
            table[source, destination][i] += n
    return table


def main():
    failed = 0
    for name, path in captures(sys.argv[1:]).items():
        records, datagrams = dissected(path)
        seen = totals((s, d, 1, p, b) for s, d, p, b in records)
        with open(os.path.join(EXPECTED, name + '.json')) as f:
            expected = totals((r['ip_src'], r['ip_dst'], r['flows'], r['packets'], r['bytes']) for r in map(json.loads, f))
        differences = [(k, seen.get(k, [0, 0, 0]), expected.get(k, [0, 0, 0])) for k in sorted(set(seen) | set(expected)) if seen.get(k) != expected.get(k)]
        sums = [sum(v[i] for v in seen.values()) for i in range(3)]
        print(f'{"FAIL" if differences else "ok  "} {name:40} {datagrams:3} datagrams {sums[0]:3} records {sums[1]:5} packets {sums[2]:7} bytes')
        for (source, destination), a, b in differences[:10]:
            print(f'       {source} -> {destination}: tshark {a}, expected {b} (records, packets, bytes)')
        failed += bool(differences)
    print(f'{failed} captures differ' if failed else 'all agree')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
