#!/usr/bin/env python3
"""Runs Collector and nfacctd on the same stream, one after the other, each in a network namespace of its own, and prints what each cost.

usage: run.py [--keys 100000] [--rate 1000000] [--seconds 60] [--protocol v9] [--peer collector,nfacctd] [--search] [--bgp [--bgp-at SECONDS]]

Needs root, iproute2, nfacctd (Debian package pmacct) and the .NET SDK. CPU seconds are those of all processes of the peer, children included
(cgroup accounting), so writers that live for a moment count too. Loss is what the generator sent less the sum of packets in the output.
--bgp announces a synthetic full table over BGP, from which both take AS numbers: before the flows, or with --bgp-at while they arrive.
--search raises the rate until packets are lost and prints the highest rate without loss.
"""
import argparse
import glob
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BGP_PORT = 1179
KEYS_B = 'src_host, dst_host, src_port, dst_port, proto, tos, tcpflags, in_iface, out_iface, src_as, dst_as'
NFACCTD_TUNED = ['plugin_pipe_size: 1073741824', 'plugin_buffer_size: 1048576', 'nfacctd_pipe_size: 4194304', 'print_cache_entries: 199999']


def sh(*argv):
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)


class Cgroup:
    """CPU and memory of a process and all its descendants."""

    def __init__(self, name):
        self.v2 = os.path.exists('/sys/fs/cgroup/cgroup.controllers')
        bases = ['/sys/fs/cgroup'] if self.v2 else ['/sys/fs/cgroup/cpuacct', '/sys/fs/cgroup/memory']
        self.dirs = [os.path.join(b, name) for b in bases]
        for d in self.dirs:
            os.makedirs(d, exist_ok=True)

    def enter(self):
        for d in self.dirs:
            with open(os.path.join(d, 'cgroup.procs'), 'w') as f:
                f.write(str(os.getpid()))

    def read(self, name):
        for d in self.dirs:
            p = os.path.join(d, name)
            if os.path.exists(p):
                return open(p).read()
        return ''

    def cpu(self):
        if self.v2:
            return int(re.search(r'usage_usec (\d+)', self.read('cpu.stat')).group(1)) / 1e6
        return int(self.read('cpuacct.usage')) / 1e9

    def rss(self):
        """Resident memory of all processes right now, in MiB; what they share is counted once."""
        total = 0
        for pid in self.pids():
            try:
                total += int(re.search(r'^Pss:\s+(\d+) kB', open(f'/proc/{pid}/smaps_rollup').read(), re.M).group(1))
            except (OSError, AttributeError):
                pass
        return total / 1024

    def pids(self):
        return [int(p) for p in self.read('cgroup.procs').split()]

    def remove(self):
        for d in self.dirs:
            for _ in range(50):
                try:
                    os.rmdir(d)
                    break
                except OSError:
                    time.sleep(0.1)


class Peer:
    def __init__(self, name, args, folder, namespace):
        self.name, self.args, self.folder, self.namespace = name, args, folder, namespace
        self.out = os.path.join(folder, 'rows')
        self.log = os.path.join(folder, 'log')
        os.makedirs(self.out)

    def command(self):
        a = self.args
        conf = [f'aggregate: {KEYS_B}', 'plugins: print', 'print_output: json', f'print_refresh_time: {a.refresh}', 'nfacctd_ip: 127.0.0.1',
                f'nfacctd_port: {a.port}', f'print_output_file: {self.out}/rows', 'print_output_file_append: true', 'nfacctd_time_new: true']
        if a.bgp:
            agents = os.path.join(self.folder, 'agents.map')
            open(agents, 'w').write('bgp_ip=127.0.0.11 ip=0.0.0.0/0\n')
            conf += ['nfacctd_as: bgp', 'bgp_daemon: true', 'bgp_daemon_ip: 127.0.0.1', f'bgp_daemon_port: {BGP_PORT}', f'bgp_agent_map: {agents}']
        if self.name == 'nfacctd':
            conf += NFACCTD_TUNED
        path = os.path.join(self.folder, 'nfacctd.conf')
        open(path, 'w').write('\n'.join(conf) + '\n')
        return [a.collector, 'run', '-f', path, '--workers', str(a.workers)] if self.name == 'collector' else ['nfacctd', '-f', path]

    def start(self):
        self.group = Cgroup(f'collector-compare-{os.getpid()}')
        argv = ['ip', 'netns', 'exec', self.namespace] + self.command()
        env = dict(os.environ, TZ='UTC', STATE_DIRECTORY=self.folder)
        self.process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=open(self.log, 'w'), preexec_fn=self.group.enter, env=env)
        begun = time.time()
        while not self.bound():
            if self.process.poll() is not None or time.time() - begun > 30:
                sys.exit(f'{self.name} does not listen:\n' + open(self.log).read())
            time.sleep(0.01)
        return time.time() - begun

    def bound(self):
        port = f':{self.args.port:04X} '
        for f in ('udp', 'udp6'):
            text = subprocess.run(['ip', 'netns', 'exec', self.namespace, 'cat', f'/proc/net/{f}'], capture_output=True, text=True).stdout
            if port in text:
                return True
        return False

    def stop(self):
        cpu = self.group.cpu()
        self.process.send_signal(signal.SIGINT)
        for _ in range(600):
            if not self.group.pids():
                break
            if self.name == 'nfacctd':
                # Its core only looks at signals between two datagrams.
                for pid in self.group.pids():
                    try:
                        os.kill(pid, signal.SIGINT)
                    except ProcessLookupError:
                        pass
            time.sleep(0.1)
        else:
            for pid in self.group.pids():
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        cpu = self.group.cpu()
        self.group.remove()
        return cpu

    def totals(self):
        """Rows, packets and octets of the output."""
        rows = packets = octets = 0
        for f in glob.glob(self.out + '/*'):
            for line in open(f):
                if '"packets": ' in line:
                    rows += 1
                    packets += int(line.rsplit('"packets": ', 1)[1].split(',')[0])
                    octets += int(line.rsplit('"bytes": ', 1)[1].split('}')[0])
        return rows, packets, octets


def announce(args, namespace):
    """A router with a full table, its session established."""
    announcer = subprocess.Popen(['ip', 'netns', 'exec', namespace, args.announcer, '--target', f'127.0.0.1:{BGP_PORT}'],
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if not announcer.stdout.readline():
        sys.exit('no BGP session')
    return announcer


def load(announcer, group):
    """Announces the table and waits until the peer has digested it."""
    announcer.stdin.write('load\n')
    announcer.stdin.flush()
    announcer.stdout.readline()
    used = -1.0
    while group.cpu() - used > 0.02:
        used = group.cpu()
        time.sleep(0.5)


def measure(name, args, rate, seconds):
    folder = tempfile.mkdtemp(prefix='compare.', dir=args.dir)
    namespace = f'compare{os.getpid()}'
    sh('ip', 'netns', 'add', namespace)
    try:
        sh('ip', '-n', namespace, 'link', 'set', 'lo', 'up')
        peer = Peer(name, args, folder, namespace)
        started = peer.start()
        time.sleep(2)
        idle = peer.group.rss()
        announcer = announce(args, namespace) if args.bgp else None
        if announcer and not args.bgp_at:
            load(announcer, peer.group)
        before = peer.group.cpu()
        argv = ['ip', 'netns', 'exec', namespace, args.generator, '--protocol', args.protocol, '--target', f'127.0.0.1:{args.port}', '--keys', str(args.keys),
                '--rate', str(rate), '--duration', str(seconds), '--sources', str(args.sources), '--seed', str(args.seed)]
        generator = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        peak, begun, loaded = 0.0, time.time(), not args.bgp_at
        while generator.poll() is None:
            peak = max(peak, peer.group.rss())
            if announcer and not loaded and time.time() - begun >= args.bgp_at:
                announcer.stdin.write('load\n')
                announcer.stdin.flush()
                loaded = True
            time.sleep(0.2)
        out, err = generator.communicate()
        if generator.returncode:
            sys.exit(f'the generator failed: {err}')
        sent = json.loads(out)
        time.sleep(args.refresh + 3 if name == 'nfacctd' else 2)
        peak = max(peak, peer.group.rss())
        cpu = peer.stop() - (before if args.bgp and not args.bgp_at else 0)
        if announcer:
            announcer.kill()
            announcer.wait()
        rows, packets, octets = peer.totals()
        result = {
            'peer': name, 'protocol': args.protocol, 'keys': args.keys, 'asked_rate': rate, 'rate': round(sent['records'] / sent['seconds']),
            'sent_records': sent['records'], 'sent_packets': sent['packets'], 'packets': packets, 'lost': sent['packets'] - packets,
            'octets_lost': sent['octets'] - octets, 'rows': rows, 'cpu_seconds': round(cpu, 2), 'cpu_per_million': round(cpu / sent['records'] * 1e6, 4),
            'start_seconds': round(started, 3), 'idle_mib': round(idle, 1), 'peak_mib': round(peak, 1),
        }
        if args.keep:
            result['log'] = peer.log
        if name == 'collector':
            result['notes'] = [ln.strip() for ln in open(peer.log) if re.search(r'pause|drop|bgp peer', ln)][-5:]
        return result
    finally:
        sh('ip', 'netns', 'del', namespace)
        if not args.keep:
            shutil.rmtree(folder)


def search(name, args):
    """The highest rate without loss, by steps of an eighth."""
    good, rate = None, args.rate
    while True:
        r = measure(name, args, int(rate), args.search_seconds)
        print(json.dumps(r), flush=True)
        if r['lost'] or r['rate'] < rate * 0.97:
            return good
        good, rate = r, rate * 1.125


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--peer', default='collector,nfacctd')
    ap.add_argument('--protocol', default='v9')
    ap.add_argument('--keys', type=int, default=100_000)
    ap.add_argument('--rate', type=int, default=1_000_000)
    ap.add_argument('--seconds', type=int, default=60)
    ap.add_argument('--sources', type=int, default=1)
    ap.add_argument('--seed', type=int, default=1)
    ap.add_argument('--port', type=int, default=29950)
    ap.add_argument('--refresh', type=int, default=10)
    ap.add_argument('--workers', type=int, default=1)
    ap.add_argument('--bgp', action='store_true')
    ap.add_argument('--bgp-at', type=float, default=0, help='seconds after the first flow at which the table is announced; 0: before the flows')
    ap.add_argument('--search', action='store_true')
    ap.add_argument('--search-seconds', type=int, default=15)
    ap.add_argument('--keep', action='store_true', help='keep the output and the logs')
    ap.add_argument('--dir', default='/dev/shm' if os.path.isdir('/dev/shm') else None, help='where the output goes (default: memory)')
    ap.add_argument('--collector', default=os.path.join(ROOT, 'artifacts/publish/collector'))
    ap.add_argument('--generator', default=os.path.join(ROOT, 'artifacts/generator/Collector.LoadGenerator'))
    ap.add_argument('--announcer', default=os.path.join(ROOT, 'artifacts/announcer/Collector.BgpAnnouncer'))
    args = ap.parse_args()
    for project, target in (('benchmarks/Collector.BgpAnnouncer', args.announcer), ('src/Collector', args.collector), ('benchmarks/Collector.LoadGenerator', args.generator)):
        if not os.path.exists(target):
            sh('dotnet', 'publish', os.path.join(ROOT, project), '-c', 'Release', '-o', os.path.dirname(target))
    for name in args.peer.split(','):
        if args.search:
            best = search(name, args)
            print(json.dumps({'peer': name, 'lossless_rate': best and best['rate']}), flush=True)
        else:
            print(json.dumps(measure(name, args, args.rate, args.seconds)), flush=True)


if __name__ == '__main__':
    main()
