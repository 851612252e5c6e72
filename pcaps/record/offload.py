#!/usr/bin/python3
"""Turns transmit checksum offload of the named interfaces off, so that recordings carry finished UDP checksums ("ethtool -K NAME tx off")."""
import array
import fcntl
import socket
import struct
import sys

SIOCETHTOOL, ETHTOOL_STXCSUM = 0x8946, 0x17
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    for name in sys.argv[1:]:
        command = array.array('B', struct.pack('II', ETHTOOL_STXCSUM, 0))
        fcntl.ioctl(s, SIOCETHTOOL, struct.pack('16sP', name.encode(), command.buffer_info()[0]))
