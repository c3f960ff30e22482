#!/usr/bin/env python3
"""split.py X: from X.pcapng, both ends of a wire, makes X-client.pcap and X-server.pcap: plain
captures that know nothing of each other, the server's clock 3.7 s ahead."""

import pathlib
import struct
import sys

ENHANCED_PACKET, NANOSECOND_MAGIC, ETHERNET = 6, 0xA1B23C4D, 1

stem = pathlib.Path(sys.argv[1])
data = stem.with_suffix(".pcapng").read_bytes()
frames = ([], [])
at = 0
while at < len(data):
    kind, length = struct.unpack_from("<II", data, at)
    if kind == ENHANCED_PACKET:
        interface, high, low, kept, _ = struct.unpack_from("<IIIII", data, at + 8)
        frames[interface].append((high << 32 | low, data[at + 28 : at + 28 + kept]))
    at += length
for end, name, ahead in ((0, "client", 0), (1, "server", 3_700_000_000)):
    records = [struct.pack("<IHHiIII", NANOSECOND_MAGIC, 2, 4, 0, 0, 262144, ETHERNET)]
    for time, frame in frames[end]:
        seconds, nanoseconds = divmod(time + ahead, 10**9)
        records.append(struct.pack("<IIII", seconds, nanoseconds, len(frame), len(frame)) + frame)
    stem.with_name(f"{stem.name}-{name}.pcap").write_bytes(b"".join(records))
