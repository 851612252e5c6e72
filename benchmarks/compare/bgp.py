#!/usr/bin/env python3
"""Announces the same synthetic full table to Collector, nfacctd and BIRD, one after the other, each in a network namespace of its own, and prints
what each cost: time and CPU to load it, resident memory, CPU for each change of a churn.

usage: bgp.py [--speakers collector,nfacctd,bird] [--peers 1,4] [--ipv4 1000000] [--ipv6 220000] [--attribute-sets 150000] [--churn 200000]

Needs root, iproute2, nfacctd (Debian package pmacct), bird2 and the .NET SDK. The table counts as loaded when the speaker, after the last octet was
handed to its kernel, uses no more CPU; memory is that of all its processes less what they had before the sessions came up. The announcer shares the
cores, so on two of them load times of several peers at once are those of both.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

from run import Cgroup, ROOT, sh

PORT = 1179
WINDOW = 0.25


def configuration(name, peers, folder):
    """Writes the speaker's configuration; its command line."""
    if name == 'bird':
        path = os.path.join(folder, 'bird.conf')
        sessions = ''.join(
            f'protocol bgp p{i} {{ local 127.0.0.1 port {PORT} as 64999; neighbor 127.0.0.{11 + i} as {65001 + i}; passive; multihop;'
            ' ipv4 { import all; export none; }; ipv6 { import all; export none; }; }\n' for i in range(peers))
        open(path, 'w').write(f'router id 127.0.0.1;\nprotocol device {{ }}\n{sessions}')
        return ['bird', '-f', '-c', path, '-s', os.path.join(folder, 'bird.ctl')]
    path = os.path.join(folder, 'nfacctd.conf')
    lines = ['aggregate: src_as, dst_as', 'plugins: print', 'print_output: json', 'print_refresh_time: 60', f'print_output_file: {folder}/rows',
             'nfacctd_ip: 127.0.0.1', 'nfacctd_port: 29951', 'nfacctd_as: bgp', 'bgp_daemon: true', 'bgp_daemon_ip: 127.0.0.1', f'bgp_daemon_port: {PORT}',
             'bgp_daemon_max_peers: 16']
    open(path, 'w').write('\n'.join(lines) + '\n')
    return [ARGS.collector, 'run', '-f', path] if name == 'collector' else ['nfacctd', '-f', path]


def listens(namespace):
    for f in ('tcp', 'tcp6'):
        text = subprocess.run(['ip', 'netns', 'exec', namespace, 'cat', f'/proc/net/{f}'], capture_output=True, text=True).stdout
        if any(f':{PORT:04X} ' in line and ' 0A ' in line for line in text.splitlines()):
            return True
    return False


def settle(group):
    """Waits until the CPU stands still; the time when it began to."""
    used, since = group.cpu(), time.time()
    while True:
        time.sleep(0.02)
        now = group.cpu()
        if now - used > 0.01:
            used, since = now, time.time()
        elif time.time() - since > WINDOW:
            return since


def measure(name, peers):
    folder = tempfile.mkdtemp(prefix='bgp.', dir=ARGS.dir)
    namespace = f'bgp{os.getpid()}'
    group = Cgroup(f'bgp-compare-{os.getpid()}')
    speaker = announcer = None
    sh('ip', 'netns', 'add', namespace)
    try:
        sh('ip', '-n', namespace, 'link', 'set', 'lo', 'up')
        log = open(os.path.join(folder, 'log'), 'w')
        env = dict(os.environ, TZ='UTC', STATE_DIRECTORY=folder)
        speaker = subprocess.Popen(['ip', 'netns', 'exec', namespace] + configuration(name, peers, folder), stdout=log, stderr=log, preexec_fn=group.enter, env=env)
        deadline = time.time() + 30
        while not listens(namespace):
            if speaker.poll() is not None or time.time() > deadline:
                sys.exit(f'{name} does not listen:\n' + open(os.path.join(folder, 'log')).read())
            time.sleep(0.02)
        announcer = subprocess.Popen(
            ['ip', 'netns', 'exec', namespace, ARGS.announcer, '--target', f'127.0.0.1:{PORT}', '--peers', str(peers), '--ipv4', str(ARGS.ipv4),
             '--ipv6', str(ARGS.ipv6), '--attribute-sets', str(ARGS.attribute_sets)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if not announcer.stdout.readline():
            sys.exit(f'no session with {name}:\n' + open(os.path.join(folder, 'log')).read())
        settle(group)
        before = group.rss()

        def tell(command):
            cpu, begun = group.cpu(), time.time()
            announcer.stdin.write(command + '\n')
            announcer.stdin.flush()
            if not announcer.stdout.readline():
                sys.exit(f'{name} ended the session:\n' + open(os.path.join(folder, 'log')).read())
            seconds = settle(group) - begun
            return seconds, group.cpu() - cpu

        load, load_cpu = tell('load')
        loaded = group.rss()
        churn, churn_cpu = tell(f'churn {ARGS.churn}')
        return {
            'speaker': name, 'peers': peers, 'routes': (ARGS.ipv4 + ARGS.ipv6) * peers, 'load_seconds': round(load, 2), 'load_cpu_seconds': round(load_cpu, 2),
            'before_mib': round(before, 1), 'more_mib': round(loaded - before, 1), 'churn_cpu_us': round(churn_cpu * 1e6 / ARGS.churn, 2),
            'churn_seconds': round(churn, 2), 'after_churn_more_mib': round(group.rss() - before, 1),
        }
    finally:
        for process in (announcer, speaker):
            if process and process.poll() is None:
                process.terminate()
        time.sleep(1)
        for pid in group.pids():
            os.kill(pid, 9)
        for process in (announcer, speaker):
            if process:
                process.wait()
        group.remove()
        sh('ip', 'netns', 'del', namespace)
        if not ARGS.keep:
            shutil.rmtree(folder)


def main():
    global ARGS
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--speakers', default='collector,nfacctd,bird')
    ap.add_argument('--peers', default='1,4')
    ap.add_argument('--ipv4', type=int, default=1_000_000)
    ap.add_argument('--ipv6', type=int, default=220_000)
    ap.add_argument('--attribute-sets', type=int, default=150_000)
    ap.add_argument('--churn', type=int, default=200_000, help='changes, by the first peer')
    ap.add_argument('--keep', action='store_true', help='keep configurations and logs')
    ap.add_argument('--dir', default=None, help='where they go')
    ap.add_argument('--collector', default=os.path.join(ROOT, 'artifacts/publish/collector'))
    ap.add_argument('--announcer', default=os.path.join(ROOT, 'artifacts/announcer/Collector.BgpAnnouncer'))
    ARGS = ap.parse_args()
    for project, target in (('src/Collector', ARGS.collector), ('benchmarks/Collector.BgpAnnouncer', ARGS.announcer)):
        if not os.path.exists(target):
            sh('dotnet', 'publish', os.path.join(ROOT, project), '-c', 'Release', '-o', os.path.dirname(target))
    for peers in ARGS.peers.split(','):
        for name in ARGS.speakers.split(','):
            print(json.dumps(measure(name, int(peers))), flush=True)


if __name__ == '__main__':
    main()
