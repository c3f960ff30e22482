#!/usr/bin/env python3
"""tracer -T timeseq against tcptrace's own graphs: the same segments, the same retransmissions, the
same ACK steps, for every capture of WIRELAB_CORPUS that holds one TCP connection. argv: the tracer.
Skipped where tcptrace or the captures are missing."""

import collections
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

SVG = "{http://www.w3.org/2000/svg}"
COLOURS = {"white", "green", "red", "blue", "yellow", "purple", "orange", "magenta", "pink"}
SKIPPED = 77
# Where the two are not of one mind, and why.
LEFT_OUT = {
    "frag-ipv4-http-request.pcap": "tcptrace puts no fragments together",
    "tcp-reassembly-mixed.pcap": "frames shorter than their IP packets: tcptrace counts bytes that the capture does not have",
    "lab-simultaneous-open.pcap": "tcptrace does not take the ACK of the first SYN-ACK for an ACK",
}


def run(*command, **more):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, **more)


class Graph:
    """Vertical lines of one direction, as (microseconds, from, to); positions absolute."""

    def __init__(self):
        self.segments, self.again, self.steps = collections.Counter(), collections.Counter(), collections.Counter()


def read_xpl(path):
    graph, colour = Graph(), ""
    for line in path.read_text().splitlines():
        words = line.split()
        if not words:
            continue
        if words[0] in COLOURS and len(words) == 1:
            colour = words[0]
        elif words[0] == "line":
            t1, y1, t2, y2 = float(words[1]), int(words[2]), float(words[3]), int(words[4])
            if t1 != t2 or y1 == y2:
                continue
            mark = (round(t1 * 1e6), y1, y2)
            if colour == "green":
                graph.steps[mark] += 1
            elif colour not in ("yellow", "purple"):
                graph.segments[mark] += 1
                if colour == "red":
                    graph.again[mark] += 1
    return graph


def pieces(mark, flags):
    """tcptrace draws the FIN that comes with data by itself, and of a SYN with data only the SYN."""
    time, first, last = mark
    if "SYN" in flags:
        return [(time, first, first + 1)]
    if "FIN" in flags and last - first > 1:
        return [(time, first, last - 1), (time, last - 1, last)]
    return [mark] if last > first else []


def read_svg(tracer, path):
    exact = run(tracer, "-q", "-c", "1", "-r", path, "-T", "fields", "-e", "frame.time_epoch").stdout.decode().strip()
    whole, fraction = exact.split(".")
    start = int(whole) * 10**9 + int(fraction)
    root = ElementTree.fromstring(run(tracer, "-q", "-r", path, "-T", "timeseq").stdout)
    graphs = {}
    for group in root.iter(SVG + "g"):
        if group.get("class") != "sequence":
            continue
        graph = graphs[int(group.get("data-sender"))] = Graph()
        for one in group:
            words = one.get("class", "").split()
            if words[:1] not in (["segment"], ["ack"]):
                continue
            mark = ((start + int(one.get("data-at"))) // 1000, int(one.get("data-from")), int(one.get("data-to")))
            if words[0] == "ack":
                graph.steps[mark] += mark[1] != mark[2]
                continue
            for piece in pieces(mark, one.get("data-flags").split()):
                graph.segments[piece] += 1
                graph.again[piece] += "again" in words
    return graphs


def moved(marks, offset):
    return collections.Counter({(t, (a + offset) % 2**32, (b + offset) % 2**32): n for (t, a, b), n in marks.items()})


def differences(name, theirs, ours):
    """Both shifted to absolute numbers; ours are relative, so the first segment says by how much."""
    anchor = min(theirs.segments or theirs.steps, default=None)
    own = min(ours.segments or ours.steps, default=None)
    for graph in (theirs, ours):
        for marks in (graph.segments, graph.again, graph.steps):
            for mark in [mark for mark, n in marks.items() if n == 0]:
                del marks[mark]
    if anchor is None and own is None:
        return []
    if anchor is None or own is None:
        return [f"{name}: one graph is empty"]
    offset = anchor[1] - own[1]
    found = []
    for what in ("segments", "again", "steps"):
        a, b = moved(getattr(theirs, what), 0), moved(getattr(ours, what), offset)
        for mark in sorted((a - b).keys() | (b - a).keys())[:6]:
            found.append(f"{name}: {what}: {mark[0] / 1e6:.6f} {mark[1]}-{mark[2]}: tcptrace {a[mark]}, tracer {b[mark]}")
    return found


def main():
    corpus, tcptrace = os.environ.get("WIRELAB_CORPUS"), shutil.which("tcptrace")
    if not corpus or not tcptrace:
        print("needs WIRELAB_CORPUS and tcptrace")
        return SKIPPED
    tracer = str(pathlib.Path(sys.argv[1]).resolve())
    compared, wrong = 0, []
    for path in sorted(pathlib.Path(corpus).glob("*.pcap")):
        if path.name.startswith("bad-") or path.name in LEFT_OUT:
            continue
        summary = run(tracer, "-q", "-r", path, "-T", "summary").stdout.decode().splitlines()
        if sum(line.startswith("TCP ") for line in summary) != 1 or len(summary) != 1:
            continue
        with tempfile.TemporaryDirectory() as folder:
            run(tcptrace, "-n", "-S", path, cwd=folder)
            graphs = sorted(pathlib.Path(folder).glob("*_tsg.xpl"))
            if not graphs:
                continue
            ours = read_svg(tracer, path)
            # Which of a and b is on the left is each program's own choice.
            theirs = [read_xpl(one) for one in graphs]
            best = min(([*differences(path.name + " a2b", theirs[0], ours.get(i, Graph())), *differences(path.name + " b2a", theirs[1] if len(theirs) > 1 else Graph(), ours.get(1 - i, Graph()))] for i in (0, 1)), key=len)
            compared += 1
            wrong += best
    print("\n".join(wrong))
    print(f"{compared} connections compared, {len(wrong)} differences")
    return 1 if wrong or compared < 20 else 0


if __name__ == "__main__":
    sys.exit(main())
