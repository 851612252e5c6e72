"""The captures of this folder, and pmacct 1.7.7 run over one of them."""
import glob
import ipaddress
import json
import os
import struct
import subprocess
import sys
import tempfile

FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
EXPECTED = os.path.join(FOLDER, 'expected')

# Captures that pmacct's pcap_savefile cannot read as they are (it neither reassembles nor knows LINKTYPE_LINUX_SLL2): it gets the
# same UDP datagrams, each whole in one Ethernet frame, as the kernel would have handed them to it.
UNREADABLE = ('ipfix-softflowd-fragments-ipv4', 'ipfix-softflowd-fragments-ipv6', 'netflow9-softflowd-cooked-sll2')


def captures(names=()):
    """{name: path} of all captures, or of the named ones."""
    found = {os.path.basename(p).rsplit('.', 1)[0]: p for p in sorted(glob.glob(os.path.join(FOLDER, '*.pcap*')))}
    missing = [n for n in names if n not in found]
    if missing:
        sys.exit('no such capture: ' + ', '.join(missing))
    return {n: p for n, p in found.items() if not names or n in names}


def tshark(path, *arguments):
    """tshark's output for a capture; its protocol is chosen by the name, because the ports are ours."""
    protocol = 'sflow' if os.path.basename(path).startswith('sflow') else 'cflow'
    ports = [a for p in (2055, 4739, 6343) for a in ('-d', f'udp.port=={p},{protocol}')]
    return subprocess.run(['tshark', '-n', '-r', path, *ports, *arguments], capture_output=True, check=True).stdout


def whole_datagrams(path, target):
    """Writes the capture again, each UDP datagram whole in one Ethernet frame."""
    fields = ['frame.time_epoch', 'ip.src', 'ip.dst', 'ipv6.src', 'ipv6.dst', 'udp.srcport', 'udp.dstport', 'udp.payload']
    rows = tshark(path, '-Y', 'udp', '-T', 'fields', '-E', 'separator=|', '-E', 'occurrence=f', *[a for f in fields for a in ('-e', f)])
    with open(target, 'wb') as out:
        out.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))
        for row in rows.decode().splitlines():
            time, src4, dst4, src6, dst6, sport, dport, payload = row.split('|')
            data = bytes.fromhex(payload.replace(':', ''))
            udp = struct.pack('!HHHH', int(sport), int(dport), 8 + len(data), 0) + data
            src, dst = ipaddress.ip_address(src4 or src6).packed, ipaddress.ip_address(dst4 or dst6).packed
            if src4:
                packet = struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0) + src + dst + udp
            else:
                packet = struct.pack('!IHBB', 0x60000000, len(udp), 17, 64) + src + dst + udp
            frame = bytes.fromhex('020000990002' '020000990001') + (b'\x08\x00' if src4 else b'\x86\xdd') + packet
            seconds, _, fraction = time.partition('.')
            out.write(struct.pack('<IIII', int(seconds), int(fraction[:6]), len(frame), len(frame)) + frame)


def run_pmacct(name, path, conf):
    """The objects that nfacctd or sfacctd 1.7.7 prints for a capture under a configuration."""
    program = 'sfacctd' if name.startswith('sflow') else 'nfacctd'
    with tempfile.TemporaryDirectory() as folder:
        if name in UNREADABLE:
            whole_datagrams(path, os.path.join(folder, 'whole.pcap'))
            path = os.path.join(folder, 'whole.pcap')
        printed = os.path.join(folder, 'out.json')
        with open(os.path.join(folder, 'conf'), 'w') as f:
            f.write(conf + f'daemonize: false\nprint_output_file: {printed}\nprint_refresh_time: 86400\npcap_savefile: {path}\n')
        for _ in range(3):  # on a busy machine its print plugin can be too late for the file's end
            run = subprocess.run([program, '-f', f.name], capture_output=True, timeout=60, env={**os.environ, 'TZ': 'UTC'})
            if run.returncode == 0 and os.path.exists(printed):
                with open(printed) as out:
                    return [json.loads(line) for line in out]
        sys.exit(f'{program} on {name}: exit status {run.returncode}\n{(run.stdout + run.stderr).decode()}')
