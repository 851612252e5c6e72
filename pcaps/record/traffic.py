#!/usr/bin/python3
"""Makes the traffic that the exporters watch (never the export itself), always the same bytes.

usage: traffic.py KIND OUT.pcap [--seconds S]

KIND  mixed   DNS, HTTP, HTTPS, SSH, NTP, ping, echo, over IPv4 and IPv6
      ipv4    the IPv4 half of it
      ipv6    the IPv6 half of it
      vlan    mixed, 802.1Q-tagged with the VLAN ids 100 and 200 and priorities, plus a few untagged
      tunnel  VXLAN, GRE and MPLS frames around IPv4
      many    120 short connections from many hosts
      filler  4000 packets of one flow from port 9 to port 9
"""
import argparse
import random

from scapy.layers.dns import DNS, DNSQR, DNSRR
from scapy.layers.inet import GRE, ICMP, IP, TCP, UDP
from scapy.layers.inet6 import ICMPv6EchoReply, ICMPv6EchoRequest, IPv6
from scapy.layers.l2 import Dot1Q, Ether
from scapy.layers.vxlan import VXLAN
from scapy.packet import Raw
from scapy.contrib.mpls import MPLS
from scapy.utils import PcapWriter

EPOCH = 1767268800  # 2026-01-01 12:00:00 UTC
CLIENT, SERVER = '02:00:00:00:0a:01', '02:00:00:00:0b:01'


class Traffic:
    """Collects frames; every frame is one step later than the one before."""

    def __init__(self):
        self.frames = []

    def add(self, there, layers, tag=None):
        """One frame towards the server (there) or back."""
        ether = Ether(src=CLIENT, dst=SERVER) if there else Ether(src=SERVER, dst=CLIENT)
        self.frames.append(ether / Dot1Q(vlan=tag[0], prio=tag[1]) / layers if tag else ether / layers)

    def write(self, path, seconds):
        writer = PcapWriter(path, linktype=1, sync=False)
        for i, frame in enumerate(self.frames):
            frame.time = EPOCH + i * seconds / len(self.frames)
            writer.write(frame)
        writer.close()


def ip(version, src, dst, tos=0):
    return IP(src=src, dst=dst, tos=tos, ttl=60) if version == 4 else IPv6(src=src, dst=dst, tc=tos, hlim=60, fl=0x12345)


def tcp_session(t, version, client, server, sport, dport, sizes, tag=None, tos=0, end='F'):
    """Handshake, the payload sizes (positive: to the server, negative: back) and an end by FIN or RST."""
    seq = {True: 1000, False: 9000}

    def segment(there, flags, size=0):
        src, dst = (client, server) if there else (server, client)
        ports = (sport, dport) if there else (dport, sport)
        t.add(there, ip(version, src, dst, tos) / TCP(sport=ports[0], dport=ports[1], flags=flags, seq=seq[there],
                                                      ack=seq[not there] if 'A' in flags else 0, window=64000)
              / Raw(b'x' * size), tag)
        seq[there] += size + (1 if set(flags) & set('SF') else 0)

    segment(True, 'S')
    segment(False, 'SA')
    segment(True, 'A')
    for size in sizes:
        segment(size > 0, 'PA', abs(size))
        segment(size < 0, 'A')
    if end == 'R':
        segment(True, 'RA')
        return
    segment(True, 'FA')
    segment(False, 'FA')
    segment(True, 'A')


def udp_exchange(t, version, client, server, sport, dport, payload_there, payload_back, tag=None, tos=0):
    t.add(True, ip(version, client, server, tos) / UDP(sport=sport, dport=dport) / payload_there, tag)
    if payload_back is not None:
        t.add(False, ip(version, server, client, tos) / UDP(sport=dport, dport=sport) / payload_back, tag)


def dns(name, kind, data):
    question = DNS(id=7, rd=1, qd=DNSQR(qname=name, qtype=kind))
    return question, DNS(id=7, qr=1, rd=1, ra=1, qd=DNSQR(qname=name, qtype=kind), an=DNSRR(rrname=name, type=kind, rdata=data))


def family(t, version, tag=None):
    a, b = ('10.1.{}.{}', '192.0.2.{}') if version == 4 else ('2001:db8:1:{:x}::{:x}', '2001:db8:f::{:x}')
    host, server = (lambda n, m: a.format(n, m)), (lambda n: b.format(n))
    question, answer = dns('www.example.com', 'A' if version == 4 else 'AAAA', server(80))
    udp_exchange(t, version, host(1, 1), server(53), 40001, 53, question, answer, tag)
    udp_exchange(t, version, host(2, 9), server(53), 40002, 53, question, answer, tag)
    tcp_session(t, version, host(1, 1), server(80), 50001, 80, [300, -1400, -1400, -612], tag)
    tcp_session(t, version, host(1, 1), server(80), 50002, 443, [517, -1380, 93, -290, 800, -1400], tag, tos=0x28)
    tcp_session(t, version, host(3, 7), server(22), 50003, 22, [21, -21, 36, -52], tag, tos=0x10)
    tcp_session(t, version, host(3, 8), server(25), 50004, 25, [], tag, end='R')
    udp_exchange(t, version, host(4, 4), server(123), 123, 123, Raw(b'\x23' + bytes(47)), Raw(b'\x24' + bytes(47)), tag, tos=0xb8)
    udp_exchange(t, version, host(4, 5), server(99), 33434, 33435, Raw(b'p' * 32), None, tag)
    for n in range(3):
        there, back = (ICMP(type=8, id=5, seq=n), ICMP(type=0, id=5, seq=n)) if version == 4 else \
            (ICMPv6EchoRequest(id=5, seq=n), ICMPv6EchoReply(id=5, seq=n))
        t.add(True, ip(version, host(5, 5), server(1)) / there / Raw(b'e' * 56), tag)
        t.add(False, ip(version, server(1), host(5, 5)) / back / Raw(b'e' * 56), tag)


def tunnel(t):
    inner = Ether(src='02:00:00:00:0c:01', dst='02:00:00:00:0d:01') / IP(src='172.16.0.1', dst='172.16.0.2') / TCP(sport=1234, dport=80, flags='PA') / Raw(b'i' * 200)
    for _ in range(3):
        t.add(True, ip(4, '10.9.0.1', '10.9.0.2') / UDP(sport=55555, dport=4789) / VXLAN(vni=7001, flags='Instance') / inner)
        t.add(True, ip(4, '10.9.0.3', '10.9.0.4') / GRE(proto=0x800) / inner[IP])
    for label in (24001, 24002):
        t.add(True, MPLS(label=label, s=0, ttl=60) / MPLS(label=16, s=1, ttl=60) / inner[IP])


def many(t):
    rng = random.Random(20260101)
    for n in range(120):
        client = f'10.{rng.randrange(200)}.{rng.randrange(250)}.{rng.randrange(1, 250)}'
        server = f'198.51.100.{rng.randrange(1, 250)}'
        if n % 5:
            tcp_session(t, 4, client, server, 20000 + n, rng.choice([80, 443, 8080]), [rng.randrange(20, 1300)])
        else:
            udp_exchange(t, 4, client, server, 20000 + n, 443, Raw(b'q' * rng.randrange(40, 1300)), Raw(b'q' * rng.randrange(40, 1300)))


def filler(t):
    for _ in range(4000):
        t.add(True, ip(4, '10.1.9.9', '192.0.2.9') / UDP(sport=9, dport=9) / Raw(b'f' * 60))


def make(kind):
    t = Traffic()
    if kind in ('mixed', 'ipv4'):
        family(t, 4)
    if kind in ('mixed', 'ipv6'):
        family(t, 6)
    if kind == 'vlan':
        family(t, 4, (100, 0))
        family(t, 6, (200, 5))
        udp_exchange(t, 4, '10.1.6.1', '192.0.2.53', 40003, 53, Raw(b'u' * 40), Raw(b'u' * 90))
    if kind == 'tunnel':
        tunnel(t)
    if kind == 'many':
        many(t)
    if kind == 'filler':
        filler(t)
    return t


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('kind', choices=['mixed', 'ipv4', 'ipv6', 'vlan', 'tunnel', 'many', 'filler'])
    parser.add_argument('file')
    parser.add_argument('--seconds', type=float, default=2.0, help='time from the first to the last frame')
    options = parser.parse_args()
    make(options.kind).write(options.file, options.seconds)


if __name__ == '__main__':
    main()
