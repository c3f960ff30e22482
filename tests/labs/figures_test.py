#!/usr/bin/env python3
"""The figures of the labs are real runs: each is run again as its metadata says, and what the two have
in common (the outline: nothing that luck decides) must be the same. argv: wirelab, the labs' folder.
Skipped where there are no user namespaces."""

import json
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

SKIPPED = 77
METADATA = "{http://www.w3.org/2000/svg}metadata"


def facts(svg):
    return json.loads(ElementTree.fromstring(svg).find(METADATA).text)


def outline(figure, lab):
    """TLS signatures, and so the number of bytes, differ a little from run to run (DER: 70 to 72 bytes). And
    where each end closes as soon as it has all, their FINs may cross: then not only one ends in TIME-WAIT."""
    if lab != "12-tls":
        return figure["outline"]
    lines = [re.sub(r"\d+ bytes", "some bytes", line) for line in figure["outline"]]
    return [re.sub(r"ends in (CLOSED|TIME-WAIT)$", "is done", line) for line in lines]


def run_again(wirelab, run, wire):
    """A fresh drawing; a run that the machine spoilt is repeated."""
    command = [wirelab, "run", run["lab"], "--scenario", run["scenario"], "--wire", wire, "--seed", str(run["seed"]), "-T", "svg"] + (["--ipv6"] if run["ipv6"] else [])
    for _ in range(3):
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        if done.returncode == 4:
            print(done.stderr.decode())
            sys.exit(SKIPPED)
        if b"inconclusive" not in done.stderr:
            break
    if not done.stdout:
        raise SystemExit(f"{' '.join(command)}: {done.stderr.decode()}")
    return facts(done.stdout)


def main():
    wirelab, labs = sys.argv[1], pathlib.Path(sys.argv[2])
    if subprocess.run([wirelab, "doctor"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60).returncode != 0:
        print("no hosts and wire on this machine: wirelab doctor says why")
        return SKIPPED
    figures = sorted(labs.glob("*/figures/*.svg"))
    wrong = 0
    for path in figures:
        figure = facts(path.read_text())
        run, name = figure["run"], f"{path.parts[-3]}/figures/{path.name}"
        for _ in range(3):  # who is faster on a busy machine may differ: one run like the figure is enough
            fresh = run_again(wirelab, run, run["wire"])
            if outline(fresh, run["lab"]) == outline(figure, run["lab"]):
                break
        if outline(fresh, run["lab"]) != outline(figure, run["lab"]):
            wrong += 1
            print(f"{name} no longer shows what happens:")
            print("\n".join([f"  - {line}" for line in figure["outline"] if line not in fresh["outline"]] + [f"  + {line}" for line in fresh["outline"] if line not in figure["outline"]]))
            print(f"if the new run is right: wirelab run {run['lab']} --scenario {run['scenario']} --figure {path.stem}")
        # The comparison itself: without the wire's rules a figure about a loss is another one.
        if any(" lost " in line for line in figure["outline"]) and run_again(wirelab, run, run["wire"].split(";")[0])["outline"] == figure["outline"]:
            wrong += 1
            print(f"{name}: a run without the loss looks the same")
        pages = [path.parents[1] / "README.md", labs.parent / "docs/gallery/README.md"]
        if not any(f"figures/{path.name}" in page.read_text() for page in pages if page.exists()):
            wrong += 1
            print(f"{name}: neither the lab's README nor the gallery shows it")
    print(f"{len(figures)} figures, {wrong} wrong")
    return 1 if wrong or not figures else 0


if __name__ == "__main__":
    sys.exit(main())
