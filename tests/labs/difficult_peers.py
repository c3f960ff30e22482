#!/usr/bin/env python3
"""The labs' reference programs against the other ends that nobody wants to have: whatever comes, a program
ends by itself or waits for the next client; it never crashes, never hangs, and a sanitizer finds nothing.

    difficult_peers.py WIRELAB LAB...
"""

import collections
import concurrent.futures
import os
import subprocess
import sys

STREAM = ["dribble", "pieces", "coalesce", "half-close", "early-close", "reset", "disappear", "silent", "keep-open"]
DATAGRAMS = ["burst", "twice", "reversed", "empty", "large", "silent"]

# Lab, side, program, what the peer says. Each program meets two manners, others than its neighbours: together
# they meet all.
PROGRAMS = [
    ("00-layers", "server", "hear {port}", "--send hello"),
    ("01-sockets", "server", "server {port}", "--bytes 9000"),
    ("01-sockets", "server", "any_port", "--bytes 9000"),
    ("01-sockets", "server", "dual {port}", "--bytes 9000"),
    ("01-sockets", "client", "client server {port}", "--send 'received nothing\\n'"),
    ("01-sockets", "client", "caller server {port} last", "--send x"),
    ("02-streams", "server", "line_server {port}", "--send 'a\\nbc\\n\\nd'"),
    ("02-streams", "server", "line_server {port}", "--bytes 3000"),
    ("02-streams", "server", "frame_server {port}", "--send '\\x00\\x00\\x00\\x05hello\\x00\\x00\\x00\\x00\\x00\\x01'"),
    ("02-streams", "server", "frame_server {port}", "--send '\\x7f\\xff\\xff\\xff and no more'"),
    ("02-streams", "server", "answer {port}", "--bytes 250"),
    ("02-streams", "client", "upload server {port} 200000", "--send 'received some\\n'"),
    ("02-streams", "client", "line_client server {port} one two", "--send 'what?\\n'"),
    ("02-streams", "client", "frame_client server {port} hello", "--send '\\xff\\xff\\xff\\xffhello'"),
    ("02-streams", "client", "frame_client server {port} hello", "--send '\\x00\\x00\\x00\\x00'"),
    ("02-streams", "client", "ask server {port} plain", "--send 'okokokokok'"),
    ("03-closing", "server", "polite_server {port}", "--bytes 5000"),
    ("03-closing", "server", "lingering_server {port}", "--send 'question\\nand more'"),
    ("03-closing", "server", "rude_server {port}", "--send 'question\\nand more'"),
    ("03-closing", "server", "reader {port}", "--send hello"),
    ("03-closing", "client", "upload server {port}", "--send 'received all\\n'"),
    ("03-closing", "client", "fetch server {port}", "--bytes 5000"),
    ("03-closing", "client", "write_on server {port} error", "--send goodbye"),
    ("04-udp", "server", "server {port}", "--udp --count 5 --send ping"),
    ("04-udp", "server", "reliable_receiver {port}", "--udp --count 3 --send '0 hello'"),
    ("04-udp", "server", "reliable_receiver {port}", "--udp --count 3 --send '99999999999999999999 x'"),
    ("04-udp", "server", "short_read {port}", "--udp --count 5 --send ping"),
    ("04-udp", "client", "client server {port}", "--udp --send pong"),
    ("04-udp", "client", "reliable_sender server {port}", "--udp --send 12345678901234567890"),
]


def meetings(labs):
    used = collections.Counter()
    for lab, side, program, says in PROGRAMS:
        if lab not in labs:
            continue
        udp = "--udp" in says
        manners = DATAGRAMS if udp else STREAM
        for _ in range(2):
            manner = manners[used[side, udp] % len(manners)]
            used[side, udp] += 1
            peer = f"peer {manner} {'server ' if side == 'server' else ''}{{port}} --seed 7 --wait 200 {says}"
            yield lab, program, peer, ["--server", program, "--client", peer] if side == "server" else ["--server", peer, "--client", program]


def fault(wirelab, meeting):
    lab, program, peer, words = meeting
    run = subprocess.run([wirelab, "run", lab, *words, "--wire", "", "--time-limit", "15"], capture_output=True, timeout=120,
                         env={**os.environ, "NO_COLOR": "1"})
    said = run.stderr.decode(errors="replace")
    name = program.split()[0]
    for sign in ("Sanitizer", "runtime error:", f"({program}) died of signal", f"({program}) was still running"):
        if sign in said:
            return f"{lab} {name}, {peer}: {sign}\n{said[-3000:]}"
    if run.returncode not in (0, 1):
        return f"{lab} {name}, {peer}: wirelab ended with {run.returncode}\n{said[-1000:]}"
    return None


def main():
    wirelab, labs = sys.argv[1], sys.argv[2:]
    if subprocess.run(["unshare", "--map-root-user", "--net", "true"], capture_output=True).returncode:
        print("skipped: no user namespaces here")
        return 77
    all_meetings = list(meetings(labs))
    if not all_meetings:
        sys.exit("no program of these labs is listed")
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        faults = [one for one in pool.map(lambda meeting: fault(wirelab, meeting), all_meetings) if one]
    print("\n\n".join(faults))
    print(f"{len(all_meetings) - len(faults)} meetings went well, {len(faults)} did not")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
