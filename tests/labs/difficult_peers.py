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
    ("05-http-client", "client", "get http://server:{port}/a", "--send 'HTTP/1.1 200 OK\\r\\nContent-Length: 99999999999\\r\\n\\r\\nx'"),
    ("05-http-client", "client", "get http://server:{port}/a", "--send 'HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nffffffffffffffff\\r\\nx'"),
    ("05-http-client", "client", "two_on_one server {port} /a /b", "--send 'HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhelloHTTP/1.1 2'"),
    ("05-http-client", "client", "unchunk server {port} /a", "--send 'HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n5\\r\\nhello\\r\\n-1\\r\\n'"),
    ("05-http-client", "client", "impatient server {port} /a 1000", "--bytes 3000"),
    ("06-http-server", "server", "server {port} $WIRELAB_LAB/www 1", "--send 'GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\nGET'"),
    ("06-http-server", "server", "server {port} $WIRELAB_LAB/www 1", "--bytes 30000"),
    ("06-http-server", "server", "too_large {port}", "--bytes 40000"),
    ("06-http-server", "server", "lengths {port}", "--send 'POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 5\\r\\n\\r\\nhel'"),
    ("06-http-server", "server", "below_root {port} $WIRELAB_LAB/www", "--send 'GET /%00/../%zz HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n'"),
    ("07-threads", "server", "tickets {port}", "--send 'next\\nnext'"),
    ("07-threads", "server", "pool_of_two {port}", "--bytes 5000"),
    ("07-threads", "server", "server pool {port} $WIRELAB_LAB/../06-http-server/www 1 2", "--send 'GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\nGET'"),
    ("07-threads", "client", "queuers server {port}", "--send 'ticket 9\\nticket x\\n'"),
    ("08-async", "server", "server {port} $WIRELAB_LAB/../06-http-server/www 1", "--send 'GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\nGET'"),
    ("08-async", "server", "server {port} $WIRELAB_LAB/../06-http-server/www 1", "--bytes 30000"),
    ("08-async", "server", "poll_echo {port}", "--bytes 20000"),
    ("08-async", "server", "reactor_echo {port}", "--bytes 20000"),
    ("12-tls", "server", "letter {port} $WIRELAB_BUILT/certificates/server.pem", "--send '\\x16\\x03\\x01\\x02\\x00\\x01\\x00\\x01\\xfc'"),
    ("12-tls", "server", "https_server {port} $WIRELAB_BUILT/certificates/server.pem $WIRELAB_LAB/../06-http-server/www", "--bytes 5000"),
    ("12-tls", "client", "reader server {port} $WIRELAB_BUILT/certificates/ca.pem", "--send '\\x16\\x03\\x03\\x00\\x7a\\x02\\x00\\x00\\x76'"),
    ("12-tls", "client", "https_get --ca $WIRELAB_BUILT/certificates/ca.pem https://server:{port}/", "--bytes 3000"),
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
