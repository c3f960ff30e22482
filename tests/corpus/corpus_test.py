#!/usr/bin/env python3
"""Every capture of $WIRELAB_CORPUS through every format: none may crash the tracer, hang it, or
make it print control characters. argv: the program. Skipped where the variable is not set."""

import concurrent.futures
import os
import pathlib
import subprocess
import sys

FORMS = [["-T", "ladder"], ["-T", "ladder", "--width", "60", "--ascii"], ["-T", "ladder", "--width", "132"], ["-T", "flat"], ["-T", "summary"], ["-T", "bytes"], ["-T", "svg"], ["-T", "timeseq"], ["-T", "explain"], ["-T", "html"], ["-T", "mermaid"], ["-T", "plantuml"],
         ["-T", "fields", "-e", "frame.number", "-e", "frame.time_relative", "-e", "ip.addr", "-e", "tcp.analysis.flags", "-e", "udp.payload"]]
CONTROL = bytes(i for i in range(32) if i not in b"\t\n") + b"\x7f"
SKIPPED = 77


def trace(tracer, files, form):
    """What is wrong with this run, or nothing."""
    command = [tracer, *[word for f in files for word in ("-r", str(f))], *form]
    told = " ".join(command)
    try:
        result = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    except subprocess.TimeoutExpired:
        return told + "\n    does not end"
    bad = files[0].name.startswith("bad-")
    if result.returncode not in ((0, 1, 2) if bad else (0,)):
        return f"{told}\n    ends with {result.returncode}: {result.stderr.decode(errors='replace').strip()[-2000:]}"
    if result.stdout.translate(None, CONTROL) != result.stdout:
        return told + "\n    prints control characters"
    if "--ascii" in form and not result.stdout.isascii():
        return told + "\n    is not ASCII"
    return None


def main():
    corpus = os.environ.get("WIRELAB_CORPUS")
    if not corpus:
        print("WIRELAB_CORPUS is not set: no captures to try")
        return SKIPPED
    tracer = sys.argv[1]
    files = sorted(p for p in pathlib.Path(corpus).iterdir() if p.suffix in (".pcap", ".pcapng"))
    jobs = [([f], form) for f in files for form in FORMS]
    for client in pathlib.Path(corpus).glob("pair-*-client.pcap"):
        jobs += [([client, client.with_name(client.name.replace("client", "server"))], form) for form in FORMS[:4]]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        faults = [fault for fault in pool.map(lambda job: trace(tracer, *job), jobs) if fault]
    print("\n".join(faults))
    print(f"{len(files)} captures, {len(jobs)} runs, {len(faults)} wrong")
    return 1 if faults or not files else 0


if __name__ == "__main__":
    sys.exit(main())
