#!/usr/bin/python3
"""Takes and drops the exported datagrams, so that no ICMP "port unreachable" disturbs the exporter. Runs until it is ended."""
import select
import socket

SOCKETS = []
for port in (2055, 4739, 6343):
    s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    s.bind(('::', port))
    SOCKETS.append(s)
while True:
    for s in select.select(SOCKETS, [], [])[0]:
        s.recv(65535)
