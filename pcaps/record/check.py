#!/usr/bin/python3
"""Compares expected/NAME.json with tshark's dissection of each capture.

usage: check.py [NAME ...]

For every pair of flow source and destination address the number of records, the packets and the bytes must agree, and with them their
sums; and the README's row must tell the right numbers of datagrams and records. Exit status 1 when any capture differs.
"""
import collections
import json
import os
import re
import sys

from captures import EXPECTED, FOLDER, captures
from dissection import dissect


def totals(records):
    table = collections.defaultdict(lambda: [0, 0, 0])
    for source, destination, *counts in records:
        for i, n in enumerate(counts):
            table[source, destination][i] += n
    return table


def readme_rows():
    """{capture: (datagrams, records)} as the README's table tells."""
    with open(os.path.join(FOLDER, 'README.md')) as f:
        rows = (re.match(r'\| ([\w-]+)\.pcap(?:ng)? \|.*\| (\d+) \| (\d+) \|$', line) for line in f)
        return {m.group(1): (int(m.group(2)), int(m.group(3))) for m in rows if m}


def main():
    failed, told = 0, readme_rows()
    for name, path in captures(sys.argv[1:]).items():
        records, datagrams = dissect(path)
        seen = totals((r['source'], r['destination'], 1, r['packets'], r['bytes']) for r in records)
        with open(os.path.join(EXPECTED, name + '.json')) as f:
            expected = totals((r['ip_src'], r['ip_dst'], r['flows'], r['packets'], r['bytes']) for r in map(json.loads, f))
        differences = [(k, seen.get(k), expected.get(k)) for k in sorted(set(seen) | set(expected)) if seen.get(k) != expected.get(k)]
        sums = [sum(v[i] for v in seen.values()) for i in range(3)]
        print(f'{"FAIL" if differences else "ok  "} {name:40} {datagrams:3} datagrams {sums[0]:3} records {sums[1]:5} packets {sums[2]:7} bytes')
        for (source, destination), a, b in differences[:10]:
            print(f'       {source} -> {destination}: tshark {a}, expected {b} (records, packets, bytes)')
        if told.get(name) != (datagrams, sums[0]):
            print(f'       README.md tells {told.get(name)}, not {datagrams} datagrams and {sums[0]} records')
        failed += bool(differences) or told.get(name) != (datagrams, sums[0])
    print(f'{failed} captures differ' if failed else 'all agree')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
