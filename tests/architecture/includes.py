#!/usr/bin/env python3
"""Checks the #include lines of the tree against the table below: an include points to an earlier
layer, or to tracer/bytes, never to a later one. Prints each line that does not."""

import pathlib
import re
import sys

# Folder -> folders that its files may include, its own apart. The longest folder that matches counts.
LAYERS = ["bytes", "capture", "wire", "tracking", "fields", "diagram", "render"]
TRACER = ["tracer/" + layer for layer in LAYERS]
TABLE = {
    "tracer/bytes": [],
    "tracer/capture": ["tracer/bytes"],
    "tracer/wire": ["tracer/bytes"],
    "tracer/tracking": ["tracer/bytes", "tracer/wire"],
    "tracer/fields": ["tracer/bytes", "tracer/wire", "tracer/tracking"],
    "tracer/diagram": ["tracer/bytes", "tracer/wire", "tracer/tracking"],
    "tracer/render": ["tracer/bytes", "tracer/diagram", "tracer/fields"],
    "tracer/live": TRACER,
    "tracer/cli": TRACER + ["tracer/live"],
    "labs/support": [],
    "labs/testbed": ["labs/support", "tracer/bytes", "tracer/capture", "tracer/wire"],
    "labs/grader": ["labs/testbed", "labs/support", "tracer"],
    "labs/cli": ["labs", "bench", "tracer"],
    "labs": ["labs/support"],  # the numbered ones: POSIX, and the library the lab is about
    # HTTP is read and answered by lab 06's code in whatever way bytes come and go.
    "labs/07-threads": ["labs/support", "labs/06-http-server"],
    "labs/08-async": ["labs/support", "labs/06-http-server"],
    "labs/12-tls": ["labs/support", "labs/05-http-client", "labs/06-http-server", "labs/07-threads"],
    "bench": ["labs/testbed", "labs/support", "tracer"],
}
ONLY_USER_OF_PCAP = "tracer/capture/live_pcap.cpp"
COMPARED_WITH_PCAP = "bench/tracer_speed/tracer_speed.cpp"  # measures us against the bare library

LAB = re.compile(r"labs/[0-9][0-9]-[^/]*/")
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')


def longest(path, folders):
    """The most special of `folders` that `path` lies in."""
    found = [one for one in folders if path.startswith(one + "/")]
    return max(found, key=len, default=None)


def faults_of(name, text):
    """The lines of one file that break the table, as (line number, line, why)."""
    home = longest(name, TABLE)
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        kind, target = match.groups()
        if target.startswith("pcap") and (target == "pcap.h" or target.startswith("pcap/")):
            if name not in (ONLY_USER_OF_PCAP, COMPARED_WITH_PCAP):
                yield number, line, "only " + ONLY_USER_OF_PCAP + " knows libpcap"
            continue
        if kind == "<" or home is None:
            continue
        numbered = LAB.match(name)  # a lab and its exercises are read as one folder
        if "/" not in target:
            if not numbered:
                yield number, line, "name it from the root of the tree"
            continue
        own = numbered.group() if numbered else str(pathlib.PurePosixPath(name).parent) + "/"
        if target.startswith(own) or (home != "labs" and longest(target, TABLE) == home):
            continue
        if not any(target.startswith(one + "/") for one in TABLE[home]):
            yield number, line, home + " may include " + (", ".join(TABLE[home]) or "nothing of ours")


def check(root):
    files = [p for top in ("tracer", "labs", "bench") for p in sorted((root / top).rglob("*"))
             if p.suffix in (".hpp", ".cpp", ".h")]
    count = 0
    for path in files:
        name = path.relative_to(root).as_posix()
        for number, line, why in faults_of(name, path.read_text(encoding="utf-8")):
            print(f"{name}:{number}: {line.strip()}\n    {why}")
            count += 1
    print(f"{len(files)} files, {count} wrong include lines")
    return 1 if count or not files else 0


def self_test():
    """The check itself: what it must find and what it must leave alone."""
    wrong = [("tracer/bytes/a.hpp", '#include "tracer/wire/tcp.hpp"'),
             ("tracer/wire/a.cpp", '#include "tracer/tracking/tracker.hpp"'),
             ("tracer/render/a.cpp", '#include "tracer/capture/source.hpp"'),
             ("tracer/wire/a.cpp", '#include "labs/testbed/testbed.hpp"'),
             ("tracer/wire/a.cpp", "#include <pcap/pcap.h>"),
             ("labs/01-sockets/a.cpp", '#include "tracer/bytes/bytes.hpp"'),
             ("labs/01-sockets/a.cpp", '#include "labs/02-other/b.hpp"'),
             ("labs/07-threads/a.cpp", '#include "labs/08-async/b.hpp"'),
             ("labs/testbed/a.cpp", '#  include "tracer/tracking/tracker.hpp"')]
    right = [("labs/06-http-server/exercise/a.cpp", '#include "labs/06-http-server/b.hpp"'),
             ("labs/07-threads/a.hpp", '#include "labs/06-http-server/b.hpp"'),
             ("tracer/wire/a.cpp", '#include "tracer/bytes/bytes.hpp"'),
             ("tracer/wire/a.cpp", '#include "tracer/wire/tcp.hpp"'),
             ("tracer/cli/a.cpp", '#include "tracer/capture/live.hpp"'),
             ("labs/01-sockets/a.cpp", '#include "labs/support/lab.hpp"'),
             ("labs/01-sockets/a.cpp", "#include <sys/socket.h>"),
             (ONLY_USER_OF_PCAP, "#include <pcap/pcap.h>"),
             ("tracer/wire/a.cpp", '// #include "labs/testbed/testbed.hpp"')]
    for name, line in wrong:
        assert list(faults_of(name, line)), f"not found: {name}: {line}"
    for name, line in right:
        assert not list(faults_of(name, line)), f"wrongly found: {name}: {line}"


if __name__ == "__main__":
    self_test()
    sys.exit(check(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
