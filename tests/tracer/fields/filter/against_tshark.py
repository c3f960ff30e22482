#!/usr/bin/env python3
"""Do tracer and tshark select the same frames, and refuse the same filters?

    against_tshark.py TRACER [FILTERS]

Needs tshark 4.0 and the captures in $WIRELAB_CORPUS; exits 77 (skipped) without them."""
import concurrent.futures
import os
import shutil
import subprocess
import sys

tracer = sys.argv[1]
filters = sys.argv[2] if len(sys.argv) > 2 else os.path.join(os.path.dirname(__file__), "filters.txt")
corpus = os.environ.get("WIRELAB_CORPUS")
if not corpus or not shutil.which("tshark"):
    print("skipped: needs tshark and WIRELAB_CORPUS")
    sys.exit(77)
version = subprocess.run(["tshark", "--version"], capture_output=True, text=True).stdout
if " 4.0." not in version.split("\n")[0]:
    print("skipped: the filters are those of tshark 4.0")
    sys.exit(77)


def selected(command, text):
    ran = subprocess.run(command + ["-Y", text, "-T", "fields", "-e", "frame.number"], capture_output=True, text=True, timeout=120)
    return ran.returncode, ran.stdout.split(), ran.stderr


def compare(case):
    part, capture, text = case
    path = os.path.join(corpus, capture)
    if not os.path.exists(path):
        return f"skip {capture}: not in the corpus"
    code, ours, said = selected([tracer, "-r", path], text)
    theirs_code, theirs, their_words = selected(["tshark", "-n", "-r", path], text)
    if part == "refuse":
        if code != 2 or theirs_code != 2:
            return f"FAIL {text}: must be refused: tracer exits {code}, tshark {theirs_code}"
        if "^" not in said or "hint:" not in said:
            return f"FAIL {text}: no caret or no hint: {said}"
        return None
    if theirs_code != 0:
        return f"FAIL {text}: tshark refuses it: {their_words}"
    if code != 0:
        return f"FAIL {text}: tracer exits {code}: {said}"
    if ours != theirs:
        extra, missing = sorted(set(ours) - set(theirs), key=int)[:8], sorted(set(theirs) - set(ours), key=int)[:8]
        return f"FAIL {capture}: {text}: {len(ours)} frames, tshark {len(theirs)}; too many {extra}, missing {missing}"
    return None


cases, part = [], ""
with open(filters, encoding="utf-8") as lines:
    for line in lines:
        line = line.strip()
        if line.startswith("["):
            part = line.strip("[]")
        elif line and not line.startswith("#"):
            capture, text = line.split(": ", 1)
            cases.append((part, capture, text))
with concurrent.futures.ThreadPoolExecutor(2) as pool:
    faults = [fault for fault in pool.map(compare, cases) if fault]
print("\n".join(faults))
failed = [fault for fault in faults if fault.startswith("FAIL")]
refused = sum(part == "refuse" for part, _, _ in cases)
print(f"{len(cases) - len(faults)} of {len(cases)} agree ({refused} of them refusals)")
sys.exit(1 if failed else 0)
