#!/usr/bin/python3
"""Makes the captures of this folder: sFlow that no exporter at hand sends. Needs python3-scapy for the packets inside the samples.

Every number is fixed, so the files come out the same each time. tshark shows what is in them: tshark -r FILE -d udp.port==6343,sflow -V
"""
import socket
import struct
from pathlib import Path

from scapy.all import Ether, IP, IPv6, TCP, UDP, ICMP, ARP, Dot1Q, GRE, Raw, wrpcap, raw
from scapy.contrib.mpls import MPLS
from scapy.layers.vxlan import VXLAN

HERE = Path(__file__).parent
AGENT, AGENT2 = "10.77.0.1", "10.77.0.2"


def u32(*numbers):
    return b"".join(struct.pack(">I", n) for n in numbers)


def u64(*numbers):
    return b"".join(struct.pack(">Q", n) for n in numbers)


def opaque(content):
    return u32(len(content)) + content + bytes(-len(content) % 4)


def address(text):
    return u32(1) + socket.inet_aton(text) if "." in text else u32(2) + socket.inet_pton(socket.AF_INET6, text)


def record(format_, body):
    return u32(format_, len(body)) + body


def datagram(sequence, *samples, agent=AGENT, sub_agent=0):
    return u32(5) + address(agent) + u32(sub_agent, sequence, 1000, len(samples)) + b"".join(samples)


def flow(number, *records):
    return record(1, u32(number, 1, 100, 100 * number, 0, number, 1000 + number, len(records)) + b"".join(records))


def header(packet, cut=128, protocol=1):
    content = raw(packet)
    return record(1, u32(protocol, len(content) + 4, 4) + opaque(content[:cut]))


def counters(number, source, *records):
    return record(2, u32(number, source, len(records)) + b"".join(records))


def expanded_counters(number, class_, index, *records):
    return record(4, u32(number, class_, index, len(records)) + b"".join(records))


def old_datagram(version, sequence, *samples):
    return u32(version) + address(AGENT) + u32(sequence, 1000, len(samples)) + b"".join(samples)


def old_flow(number, packet, *extensions):
    return u32(1, number, 1, 100, 100 * number, 0, number, 1000 + number) + packet + u32(len(extensions)) + b"".join(extensions)


def old_counters(number, type_, body):
    return u32(2, number, 3, 20, type_) + body


def old_header(packet):
    content = raw(packet)
    return u32(1, 1, len(content) + 4) + opaque(content)


def write(name, payloads):
    frames = []
    for i, payload in enumerate(payloads):
        frame = Ether(src="02:00:00:00:00:0a", dst="02:00:00:00:00:0b") / IP(src="192.0.2.1", dst="192.0.2.100") / UDP(sport=6343, dport=6343) / Raw(payload)
        frame.time = 1_700_000_000 + i * 0.25
        frames.append(frame)
    wrpcap(str(HERE / name), frames)


OUTER = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
INNER = Ether(src="02:00:00:00:00:11", dst="02:00:00:00:00:12")
FOUR = IP(src="192.168.0.1", dst="192.168.0.2", tos=4) / TCP(sport=1111, dport=80, flags="SA") / Raw(bytes(40))
SIX = IPv6(src="2001:db8::1", dst="2001:db8::2", tc=0x40) / UDP(sport=53, dport=54) / Raw(bytes(20))
TUNNEL = IP(src="198.51.100.1", dst="198.51.100.2")


def typed(type_, payload):
    return Raw(raw(OUTER)[:12] + bytes.fromhex(type_) + raw(payload))


HEADERS = [
    OUTER / FOUR,
    OUTER / SIX,
    OUTER / Dot1Q(vlan=100, prio=3) / FOUR,
    typed("005caaaa030000000800", FOUR),
    OUTER / MPLS(label=100, s=1) / FOUR,
    OUTER / IP(src="192.168.0.1", dst="192.168.0.2") / ICMP(),
    OUTER / IP(src="192.168.0.1", dst="192.168.0.2", flags="MF") / TCP(sport=1111, dport=80) / Raw(bytes(40)),
    OUTER / IP(src="192.168.0.1", dst="192.168.0.2", frag=10, proto=6) / Raw(bytes(60)),
    OUTER / TUNNEL / UDP(sport=5, dport=4789) / VXLAN(vni=0x1234, flags="Instance") / INNER / FOUR,
    OUTER / TUNNEL / FOUR,
    # What sfacctd 1.7.7 leaves out: it does not know these types, or two tags.
    typed("81006064810000c80800", FOUR),
    typed("88a86064810000c80800", FOUR),
    typed("91006064810000c80800", FOUR),
    typed("93006064" "0800", FOUR),
    typed("88641100000100520021", FOUR),
    typed("8847000641ff00000000", INNER / FOUR),
]

GENERIC = u32(7, 6) + u64(10**10) + u32(1, 3) + u64(123456789012345) + u32(1, 2, 3, 4, 5, 6) + u64(2**64 - 2) + u32(11, 12, 13, 14, 2**32 - 1, 1)
ETHERNET = u32(*range(1, 14))
TOKEN_RING = u32(*range(1, 19))
VG = u32(1) + u64(2) + u32(3) + u64(4) + u32(5, 6, 7, 8, 9) + u64(10) + u32(11) + u64(12, 13, 14)
VLAN = u32(99) + u64(2**40) + u32(2, 3, 4, 5)
PROCESSOR = u32(100, 200, 300) + u64(2**33, 2**32)
BLOCKS = {1: GENERIC, 2: ETHERNET, 3: TOKEN_RING, 4: VG, 5: VLAN, 1001: PROCESSOR}

SWITCH, ROUTER = u32(1, 200, 5, 300, 6), u32(2) + address("203.0.113.9") + u32(24, 16)
GATEWAY = {2: u32(3, 65001, 65002, 65003, 0), 4: u32(3, 65001, 65002, 65003, 2, 2, 2, 65010, 65011, 1, 2, 65020, 65021, 2, 65000 << 16 | 1, 0xFFFFFF01, 150)}
USER, URL = u32(4) + opaque(b"alice") + opaque(b"bob"), u32(5, 1) + opaque(b"http://192.0.2.1/")


def main():
    write("sflow5-headers.pcap", [datagram(i + 1, flow(i + 1, header(packet))) for i, packet in enumerate(HEADERS)])
    write("sflow5-counters.pcap", [
        datagram(1, counters(1, 3, record(1, GENERIC), record(2, ETHERNET))),
        datagram(2, *[counters(i + 2, 4, record(format_, BLOCKS[format_])) for i, format_ in enumerate((3, 4, 5, 1001))], counters(9, 4, record(2004, bytes(72))), agent=AGENT2),
        datagram(3, expanded_counters(3, 0, 2**24 + 3, record(1, GENERIC), record(5, VLAN)), counters(4, 2 << 24 | 5, record(1, GENERIC)), sub_agent=9),
        datagram(4, flow(1, header(OUTER / FOUR)), counters(5, 3, record(1, GENERIC))),
    ])
    for version in (2, 4):
        write(f"sflow{version}.pcap", [
            old_datagram(version, 1, old_flow(1, old_header(OUTER / FOUR), SWITCH, ROUTER, GATEWAY[version]), old_flow(2, old_header(OUTER / SIX))),
            old_datagram(version, 2, old_flow(3, u32(2, 55, 17) + socket.inet_aton("203.0.113.3") + socket.inet_aton("203.0.113.4") + u32(10, 20, 0, 0x28)),
                         old_flow(4, u32(3, 66, 17) + socket.inet_pton(socket.AF_INET6, "2001:db8::1") + socket.inet_pton(socket.AF_INET6, "2001:db8::2") + u32(10, 20, 0, 0x28), SWITCH)),
            old_datagram(version, 3, old_counters(5, 2, GENERIC + ETHERNET), old_counters(6, 7, VLAN), old_counters(7, 1, GENERIC), old_flow(8, old_header(OUTER / FOUR))),
            old_datagram(version, 4, old_flow(9, old_header(OUTER / FOUR), USER, URL), old_flow(10, old_header(OUTER / FOUR))),
        ])


if __name__ == "__main__":
    main()
