#!/usr/bin/env python3
"""Writes the seed corpus of the fuzz targets: small inputs that reach far.

    seeds.py FOLDER      makes FOLDER/capture_file, FOLDER/packet, …"""
import os
import struct
import sys

folder = sys.argv[1]


def write(target, name, content):
    os.makedirs(os.path.join(folder, target), exist_ok=True)
    with open(os.path.join(folder, target, name), "wb") as file:
        file.write(content)


def ethernet(kind, payload):
    return bytes([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1]) + struct.pack(">H", kind) + payload


def ipv4(protocol, payload, number=1, fragment=0x4000, reverse=False):
    a, b = bytes([10, 0, 0, 1]), bytes([10, 0, 0, 2])
    if reverse:
        a, b = b, a
    return ethernet(0x0800, struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), number, fragment, 64, protocol, 0, a, b) + payload)


def ipv6(next_header, payload):
    return ethernet(0x86DD, struct.pack(">IHBB", 0x60000000, len(payload), next_header, 64) + bytes(15) + b"\1" + bytes(15) + b"\2" + payload)


def tcp(flags, seq, ack, payload=b"", options=b"", reverse=False, port=80):
    options += b"\1" * (-len(options) % 4)
    ports = (port, 40000) if reverse else (40000, port)
    head = struct.pack(">HHIIBBHHH", *ports, seq, ack, (20 + len(options)) // 4 << 4, flags, 8192, 0, 0)
    return ipv4(6, head + options + payload, reverse=reverse)


def udp(payload, port=53):
    return ipv4(17, struct.pack(">HHHH", 40000, port, 8 + len(payload), 0) + payload)


syn_options = b"\2\4\5\xb4\4\2\1\3\3\7" + b"\x08\x0a" + bytes(8)
dns = struct.pack(">HHHHHH", 1, 0x8180, 1, 1, 0, 0) + b"\3www\7example\3com\0\0\1\0\1\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x0a\0\0\1"
conversation = [
    tcp(0x02, 100, 0, options=syn_options),
    tcp(0x12, 500, 101, options=syn_options, reverse=True),
    tcp(0x10, 101, 501),
    tcp(0x18, 101, 501, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
    tcp(0x10, 501, 128, options=b"\5\x0a" + struct.pack(">II", 200, 300), reverse=True),
    tcp(0x18, 501, 128, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", reverse=True),
    tcp(0x18, 101, 501, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
    tcp(0x11, 128, 542),
    tcp(0x14, 542, 129, reverse=True),
]
hello = b"\x16\x03\x01\x00\x2f\x01\x00\x00\x2b\x03\x03" + bytes(32) + b"\0\0\2\x13\x01\1\0\0\0"
others = [
    udp(dns),
    udp(b"x" * 20, 9),
    ipv4(17, b"\x9c\x40\0\x35\0\x20\0\0" + b"a" * 16, number=7, fragment=0x2000),
    ipv4(17, b"b" * 8, number=7, fragment=0x0003),
    ipv4(1, b"\x08\0\0\0\0\1\0\1ping"),
    ipv4(1, b"\3\3\0\0\0\0\0\0" + tcp(0x02, 1, 0)[14:42]),
    ethernet(0x0806, struct.pack(">HHBBH", 1, 0x0800, 6, 4, 1) + bytes(20)),
    ethernet(0x8100, struct.pack(">HH", 5, 0x0800) + udp(b"y")[14:]),
    ipv6(0, b"\x2c\0\1\4\0\0\0\0" + b"\x11\0\0\1\0\0\0\7" + b"z" * 8),
    ipv6(58, b"\x80\0\0\0\0\1\0\1"),
    tcp(0x18, 1, 1, hello, port=443),
    tcp(0x18, 1, 1, b"220 ready\r\n", port=21, reverse=True),
    tcp(0x18, 1, 1, b"EHLO x\r\nMAIL FROM:<a@b>\r\nDATA\r\n", port=25),
    tcp(0x18, 1, 1, b"*1\r\n$4\r\nPING\r\n", port=6379),
]


def bundle(frames, two=False):
    out = b""
    for frame in frames:
        for kind in (0, 8) if two else (0,):
            out += struct.pack(">BBH", kind, 1, len(frame)) + frame
    return out


def pcap(order, magic, frames):
    return struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 65535, 1) + b"".join(struct.pack(order + "IIII", 1, 2, len(f), len(f)) + f for f in frames)


def block(kind, body):
    body += bytes(-len(body) % 4)
    return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)


def pcapng(frames):
    out = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    out += block(1, struct.pack("<HHI", 1, 0, 65535) + struct.pack("<HHBxxxHH", 9, 1, 9, 0, 0))
    for number, frame in enumerate(frames):
        comment = struct.pack("<HH", 1, 5) + b"hello\0\0\0" + struct.pack("<HHQ", 5, 8, number) + bytes(4)
        out += block(6, struct.pack("<IIIII", 0, 0, number, len(frame), len(frame)) + frame + bytes(-len(frame) % 4) + comment)
    return out + block(3, struct.pack("<I", len(frames[0])) + frames[0])


for order in "<>":
    for magic in (0xA1B2C3D4, 0xA1B23C4D):
        write("capture_file", f"{'le' if order == '<' else 'be'}-{magic:x}", pcap(order, magic, conversation[:3]))
write("capture_file", "pcapng", pcapng(conversation[:3]))
for number, frame in enumerate(conversation + others):
    write("packet", f"frame-{number}", bundle([frame]))
for number, kind in enumerate((1, 4, 5, 6)):
    write("packet", f"link-{kind}", struct.pack(">BBH", kind, 1, 60) + bytes([2, 0, 0, 0]) + conversation[0][10:66])
write("tracking", "conversation", bundle(conversation))
write("tracking", "two-ends", bundle(conversation, True))
write("tracking", "others", bundle(others))


def said(port, *pieces, udp=False):
    """`port`: its place in conversation.cpp's table. Pieces of the client are bytes, the server's come in lists."""
    out = bytes([port | (8 if udp else 0)])
    for piece in pieces:
        content = piece[0] if isinstance(piece, list) else piece
        scale = 8 if len(content) > 255 else 1
        content += bytes(-len(content) % scale)
        out += bytes([isinstance(piece, list) | (2 if scale == 8 else 0), len(content) // scale]) + content
    return out


tls_record = lambda kind, body: bytes([kind, 3, 3]) + struct.pack(">H", len(body)) + body
handshake = lambda kind, body: bytes([kind]) + struct.pack(">I", len(body))[1:] + body
sni = b"\0\0\0\x0e\0\x0c\0\0\x09localhost"
alpn = b"\0\x10\0\x0b\0\x09\x08http/1.1"
versions = b"\0\x2b\0\3\2\3\4"
extensions = sni + alpn + versions
client_hello = handshake(1, b"\3\3" + bytes(32) + b"\0\0\4\x13\1\xc0\x2f\1\0" + struct.pack(">H", len(extensions)) + extensions)
server_hello = handshake(2, b"\3\3" + bytes(32) + b"\0\xc0\x2f\0\0\0")
name = b"\x30\x0e\x31\x0c\x30\x0a\6\3\x55\4\3\x0c\3abc"
certificate = b"\x30\x38\x30\x36\xa0\3\2\1\2\2\1\1\x30\0" + name + b"\x30\0" + name + b"\x30\0"
certificates = struct.pack(">I", len(certificate))[1:] + certificate
conversations = {
    "ftp": said(0, [b"220 ready\r\n"], b"USER a\r\n", [b"331 who\r\n"], b"PASV\r\n", [b"227 ok (10,0,0,2,4,1)\r\n"], b"EPSV\r\n", [b"229 ok (|||1025|)\r\n"],
                b"EPRT |2|::1|1282|\r\n", b"PORT 10,0,0,1,4,2\r\nRETR f\r\n", [b"226-a\r\n b\r\n226 done\r\n"], b"AUTH TLS\r\n", [b"234 go\r\n"], tls_record(22, client_hello)),
    "smtp": said(1, [b"220 x ESMTP\r\n"], b"EHLO y\r\n", [b"250-x\r\n250-PIPELINING\r\n250 STARTTLS\r\n"], b"MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n",
                 [b"250 ok\r\n250 ok\r\n354 go\r\n"], b"Subject: s\r\n\r\n..line\r\n.\r\n", [b"250 kept\r\n"], b"BDAT 3 LAST\r\nabcSTARTTLS\r\n", [b"220 go\r\n"]),
    "dns-tcp": said(2, struct.pack(">H", len(dns)) + dns, [struct.pack(">H", len(dns)) + dns]),
    "dns-udp": said(2, dns, [dns], udp=True),
    "http": said(3, b"GET / HTTP/1.1\r\nHost: x\r\n\r\nHEAD /b HTTP/1.1\r\nHost: x\r\n\r\n", [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"],
                 [b"HTTP/1.1 304 Not\r\nContent-Length: 9\r\n\r\n"], b"POST /c HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n",
                 [b"HTTP/1.1 100 Continue\r\n\r\n"], b"abc", [b"HTTP/1.0 200 OK\r\n\r\nto the end"]),
    "tls": said(4, tls_record(22, client_hello), [tls_record(22, server_hello + handshake(11, struct.pack(">I", len(certificates))[1:] + certificates) + handshake(14, b""))],
                tls_record(20, b"\1") + tls_record(23, bytes(20)), [tls_record(21, b"\2\x28")]),
    "resp": said(6, b"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$2\r\nvv\r\n", [b"+OK\r\n"], b"PING\r\n", [b"-ERR no\r\n:7\r\n$-1\r\n*2\r\n:1\r\n*-1\r\n%1\r\n+a\r\n,1.5\r\n"]),
}
for kind, content in conversations.items():
    write("conversation", kind, content)
filters = ["tcp.analysis.retransmission && ip.addr == 10.0.0.0/8 && !(tcp.port in {80 443})", "tcp contains \"GET\" or frame matches \"g.t\"",
           "all tcp.port > 1024 xor eth.src[0:3] == 02:00:00", "tcp.flags & 0x12 == 0x12 and len(tcp.payload) >= 2", "{tcp.port + 1} * 2 % 7 == -1",
           "ipv6.src == fe80::/10 || frame.time_relative < 1.5", "string(ip.src) ~ r\"^10\\.\" and max(tcp.srcport, tcp.dstport) < 9",
           "ip.src#2 or tcp[13,2-4,-1:] == 0.1.2.3.4", "tcp.port not in {1..1023, 'a', 0x10, 010, 0b1} and count(tcp.port) == 2"]
for number, text in enumerate(filters):
    write("display_filter", f"filter-{number}", text.encode() + b"\0" + bundle(conversation[:4] + others[:6]))
scripts = ["delay 20ms; drop c>s data#3", "c>s where 'udp.length > 100' dup; loss 1%; rate 10Mbit/s; queue 3", "s>c bytes 100-200 corrupt @40; jitter 5ms",
           "syn hold 2; synack drop; fin#1-2 delay 1s; rst dup; ack#4 drop; udp#1 drop; any#5 drop"]
for number, text in enumerate(scripts):
    write("wire_script", f"script-{number}", text.encode() + b"\0" + bundle(conversation + others))
