#!/usr/bin/env python3
"""-T json and -T ek: every line is JSON, byte ranges lie in the frame, values agree with -T fields.

    json_test.py TRACER        also reads each capture of $WIRELAB_CORPUS, if it is set"""
import glob
import json
import os
import struct
import subprocess
import sys
import tempfile

tracer = sys.argv[1]
payload = b'{"a": "\\"\n\x00\xff\xc3\xa9"}'


def capture():
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 40 + len(payload), 1, 0x4000, 64, 6, 0, bytes([10, 0, 0, 1]), bytes([10, 0, 0, 2]))
    tcp = struct.pack(">HHIIBBHHH", 8080, 80, 5, 9, 0x50, 0x18, 8192, 0, 0)
    frame = bytes([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0]) + ip + tcp + payload
    header = struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, 1)
    return header + b"".join(struct.pack("<IIII", 1700000000 + i, 123456789, len(frame) - i, len(frame)) + frame[: len(frame) - i] for i in range(30))


def lines(path, *words):
    ran = subprocess.run([tracer, "-r", path, *words], capture_output=True, timeout=300)
    assert ran.returncode in (0, 1), (path, words, ran.returncode, ran.stderr)
    assert b"\r" not in ran.stdout
    return [json.loads(line.decode("utf-8"), object_pairs_hook=once) for line in ran.stdout.splitlines()]


def once(pairs):
    assert len(dict(pairs)) == len(pairs), f"a key twice: {[key for key, _ in pairs]}"
    return dict(pairs)


def check(path):
    objects = lines(path, "-T", "json")
    for number, one in enumerate(objects, 1):
        assert one["schema"] == "wirelab-frame-1" and one["number"] == number
        for field in one["fields"]:
            if "at" in field:
                assert field["size"] > 0 and field["at"] + field["size"] <= one["captured"], (path, number, field)
    bulk = lines(path, "-T", "ek")
    assert len(bulk) == 2 * len(objects), path
    for index, document in zip(bulk[::2], bulk[1::2]):
        assert index["index"]["_index"].startswith("packets-") and "frame" in document["layers"]
    return objects, bulk


with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
    file.write(capture())
    file.flush()
    objects, bulk = check(file.name)
    assert len(objects) == 30
    assert objects[0]["time"] == "1700000000.123456789"
    fields = {field["name"]: field for field in objects[0]["fields"]}
    assert fields["tcp.dstport"] == {"name": "tcp.dstport", "value": 80, "at": 36, "size": 2}, fields["tcp.dstport"]
    assert fields["ip.src"]["value"] == "10.0.0.1" and fields["ip.flags.df"]["value"] is True
    assert [field["value"] for field in objects[0]["fields"] if field["name"] == "tcp.port"] == [8080, 80]
    assert "value" not in fields["tcp"]
    document = bulk[1]
    assert document["timestamp"] == "1700000000123"
    assert document["layers"]["tcp"]["tcp_tcp_port"] == ["8080", "80"] and document["layers"]["tcp"]["tcp_tcp_flags_push"] is True
    some = lines(file.name, "-T", "json", "-e", "tcp.port", "-Y", "frame.number in {2, 4}")
    assert [one["number"] for one in some] == [2, 4] and all(field["name"] == "tcp.port" for one in some for field in one["fields"])
    some = lines(file.name, "-T", "ek", "-e", "tcp.port", "-e", "udp.port", "-Y", "frame.number == 1")
    assert some[1]["layers"] == {"tcp_port": ["8080", "80"]}, some

read = 0
for path in sorted(glob.glob(os.path.join(os.environ.get("WIRELAB_CORPUS", "/nonexistent"), "*.pcap*"))):
    if subprocess.run([tracer, "-r", path, "-T", "summary"], capture_output=True).returncode == 2:
        continue  # not a capture at all
    check(path)
    read += 1
print(f"ok, {read} captures of the corpus")
