#!/usr/bin/env python3
"""Runs a tracer, built with sanitizers, over captures: whole, cut at every 97th byte, and with every
31st byte flipped.

  mutate.py TRACER CAPTURE... [--step 97] [--flip 31] [--jobs 2] [--most 400]

Says which input made it crash, hang or complain, and exits 1 then. At most --most cuts a capture,
spread evenly, so that large captures do not take forever."""
import argparse, concurrent.futures, os, subprocess, sys, tempfile

BAD = (b"AddressSanitizer", b"runtime error:", b"LeakSanitizer", b"terminate called")
MODES = (["-T", "fields"], ["-T", "bytes"], ["-T", "summary"])


def run(tracer, path, fields):
    for mode in MODES:
        extra = [w for f in fields for w in ("-e", f)] if mode[1] == "fields" else []
        try:
            p = subprocess.run([tracer, "-r", path] + mode + extra, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=60)
        except subprocess.TimeoutExpired:
            return "hangs with " + mode[1]
        if p.returncode < 0 or p.returncode > 125 or any(b in p.stderr for b in BAD):
            return "%s: exit %d: %s" % (mode[1], p.returncode, p.stderr.decode("utf-8", "replace")[:2000])
    return None


def variants(data, step, flip, most):
    yield "whole", data
    cuts = list(range(step, len(data), step))
    for at in cuts[::max(1, len(cuts) // most)]:
        yield "cut at %d" % at, data[:at]
    for start in (0, 7, 24 + 16):  # from the very start; later; and past the first headers
        flipped = bytearray(data)
        for at in range(start, len(data), flip):
            flipped[at] ^= 0xff
        yield "flipped from %d" % start, bytes(flipped)
    # The container stays readable: only packet bytes change, a few at a time.
    for start in range(200, min(len(data), 200 + flip * 8), flip):
        flipped = bytearray(data)
        for at in range(start, len(data), flip * 37):
            flipped[at] ^= 1 << (start % 8)
        yield "sparsely flipped from %d" % start, bytes(flipped)


def one(tracer, capture, fields, args):
    data = open(capture, "rb").read()
    found = []
    with tempfile.TemporaryDirectory() as room:
        path = os.path.join(room, "x")
        for name, bytes_ in variants(data, args.step, args.flip, args.most):
            with open(path, "wb") as f:
                f.write(bytes_)
            problem = run(tracer, path, fields)
            if problem:
                found.append("%s, %s: %s" % (capture, name, problem))
                if len(found) >= 3:
                    break
    return found


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("tracer"); ap.add_argument("captures", nargs="+")
    ap.add_argument("--step", type=int, default=97); ap.add_argument("--flip", type=int, default=31)
    ap.add_argument("--jobs", type=int, default=2); ap.add_argument("--most", type=int, default=400)
    args = ap.parse_args()
    listed = subprocess.run([args.tracer, "--fields"], capture_output=True, text=True).stdout
    fields = [line.split()[0] for line in listed.splitlines() if line.split()]
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        results = list(pool.map(lambda c: one(args.tracer, c, fields, args), args.captures))
    problems = [p for found in results for p in found]
    for p in problems:
        print(p)
    print("%d captures, %d problems" % (len(args.captures), len(problems)))
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
