"""Captures made for the tests beside this file: frames that nobody would send."""

import struct


def pcap(frames, gap_us=1000):
    records = [struct.pack("<IIII", 1_700_000_000 + i * gap_us // 1_000_000, i * gap_us % 1_000_000, len(f), len(f)) + f for i, f in enumerate(frames)]
    return struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1) + b"".join(records)


def ip(protocol, payload, source, destination, number):
    return bytes.fromhex("020000000002020000000001") + b"\x08\x00" + struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), number & 0xFFFF, 0, 64, protocol, 0, bytes(source), bytes(destination)) + payload


def tcp(payload, seq, ack, flags, from_client=True, port=40000, number=0):
    ports = (port, 80) if from_client else (80, port)
    ends = ([10, 0, 0, 1], [10, 0, 0, 2])
    header = struct.pack(">HHIIBBHHH", *ports, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, 0x50, flags, 64240, 0, 0)
    return ip(6, header + payload, *(ends if from_client else ends[::-1]), number)


def udp(payload, port, number=0):
    return ip(17, struct.pack(">HHHH", port, 7000, 8 + len(payload), 0) + payload, [10, 0, 0, 1], [10, 0, 0, 2], number)


def conversation(payloads):
    """A handshake, then each payload from the client, acknowledged."""
    frames = [tcp(b"", 1000, 0, 0x02), tcp(b"", 5000, 1001, 0x12, False), tcp(b"", 1001, 5001, 0x10)]
    seq = 1001
    for payload in payloads:
        frames.append(tcp(payload, seq, 5001, 0x18, number=len(frames)))
        seq += len(payload)
        frames.append(tcp(b"", 5001, seq, 0x10, False, number=len(frames)))
    return frames


HOSTILE = [
    b"GET /</script><script>document.title='owned'</script><!-- HTTP/1.1\r\nHost: x\"><img src=x onerror=alert(1)>\r\n\r\n",
    "\u202eevil\u2066 bidi \u2029 overrides\r\n".encode() + b"\x00\x1b[31mred\x1b]0;title\x07\x00",
    b"<svg onload=alert(1)>]]></svg>&lt;&amp;%s%n" + b"\xff\xfe\xc3\x28",
    b"GET / HTTP/1.1\r\nX-Long: " + b"A<" * 30_000 + b"\r\n\r\n",
]
