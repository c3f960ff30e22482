#!/usr/bin/env python3
"""The programs whose packets the golden captures hold: traffic.py tcp|udp server|client."""

import os
import socket
import sys
import time

transport, role = sys.argv[1:3]
host, port = os.environ.get("WIRELAB_PEER", "server"), int(os.environ["WIRELAB_PORT"])
family = socket.AF_INET6 if ":" in host else socket.AF_INET

if transport == "tcp" and role == "server":
    listener = socket.create_server(("", port), family=family)
    connection, _ = listener.accept()
    received = 0
    while piece := connection.recv(65536):
        received += len(piece)
    connection.sendall(b"%d bytes arrived\n" % received)
    connection.close()
elif transport == "tcp":
    connection = socket.create_connection((host, port))
    connection.sendall(b"dear server\n" + b"x" * 7000)
    connection.shutdown(socket.SHUT_WR)
    while connection.recv(4096):
        pass
elif role == "server":
    datagrams = socket.socket(family, socket.SOCK_DGRAM)
    datagrams.bind(("", port))
    for _ in range(4):
        message, peer = datagrams.recvfrom(2048)
        datagrams.sendto(b"you said: " + message, peer)
else:
    datagrams = socket.socket(family, socket.SOCK_DGRAM)
    datagrams.connect((host, port))
    datagrams.settimeout(0.2)
    for number in range(1, 6):
        datagrams.send(b"message %d" % number)
        try:
            datagrams.recv(2048)
        except OSError:
            pass
    datagrams.send(b"anybody there?")
    time.sleep(0.2)
