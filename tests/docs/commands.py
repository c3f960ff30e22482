#!/usr/bin/env python3
"""Runs what a README tells people to run.

    commands.py SOURCE BUILD README...

- A block marked `sh` is run line by line, in the root of the clone. A line that ends in `&` is what one
  starts in another terminal; the block then runs in a network of its own, so that no port is taken.
  Behind `  #` stands what the line is about; where that begins with `exit N:`, N is the expected status.
- In any other block, a line that begins with `$ ` is a command, and what follows is what it printed. Run
  again it must show the same: each end sends the same kinds of segments in the same order (data in
  any number of segments, times, ports and plain ACKs aside), and the programs say the same, numbers aside.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

LIMIT = 60  # seconds a command


def blocks(text):
    """(language, lines) of each fenced block."""
    language, lines = None, []
    for line in text.splitlines():
        if line.startswith("```"):
            if language is None:
                language, lines = line[3:].strip(), []
            else:
                yield language, lines
                language = None
        elif language is not None:
            lines.append(line)
    if language is not None:
        sys.exit("a block of code is not closed")


class Runner:
    def __init__(self, source, build):
        self.source = source
        self.places = [("./wirelab trace", f"{build}/tracer/tracer"), ("./wirelab", f"{build}/labs/wirelab"), ("build/", f"{build}/")]
        self.failed = self.count = 0

    def placed(self, command):
        """The command with the build folder that is tested."""
        for short, place in self.places:
            command = re.sub(r"(?<![\w/.])" + re.escape(short) + r"(?=\s|$|\w)", place, command)
        return command

    def shell(self, script, private_network=False):
        words = ["sh", "-c", script]
        if private_network:
            words = ["unshare", "--map-root-user", "--net", "sh", "-c", "ip link set lo up\n" + script]
        environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "80"}
        try:
            return subprocess.run(words, cwd=self.source, env=environment, stdin=subprocess.DEVNULL,
                                  capture_output=True, timeout=LIMIT)
        except subprocess.TimeoutExpired as late:
            return subprocess.CompletedProcess(words, 124, late.stdout or b"", b"still running at the time limit")

    def fault(self, readme, command, why):
        self.failed += 1
        print(f"FAILED {readme}: {command}\n  " + "\n  ".join(why.splitlines()))

    def commands(self, readme, lines):
        """A block of commands: one by one, or as one script where some of them wait for others."""
        parsed = []
        for line in lines:
            command, _, about = line.partition("  #")
            if command.strip() and not command.startswith("#"):
                status = re.match(r" *exit (\d+):", about)
                parsed.append((command.strip(), int(status.group(1)) if status else 0))
        if any(command.endswith("&") for command, _ in parsed):
            self.count += 1
            script = "others=; trap 'kill $others 2>/dev/null' EXIT\n"
            for command, status in parsed:
                if command.endswith("&"):
                    script += self.placed(command) + " others=\"$others $!\"\nfor i in $(seq 200); do [ -n \"$(ss -Hltun)\" ] && break; sleep 0.05; done\n"
                else:
                    script += f"{self.placed(command)}\n[ $? = {status} ] || exit 1\n"
            result = self.shell(script, private_network=True)
            if result.returncode:
                self.fault(readme, "; ".join(c for c, _ in parsed), result.stdout.decode(errors="replace") + result.stderr.decode(errors="replace"))
            return
        for command, status in parsed:
            self.count += 1
            result = self.shell(self.placed(command))
            if result.returncode != status:
                self.fault(readme, command, f"exit {result.returncode}, expected {status}\n" + result.stderr.decode(errors="replace")[-2000:])

    def shown(self, readme, lines):
        """A block that shows a run: `$ command`, then what it printed."""
        at = [i for i, line in enumerate(lines) if line.startswith("$ ")]
        for i, end in zip(at, at[1:] + [len(lines)]):
            self.count += 1
            result = self.shell(self.placed(lines[i][2:]) + " 2>&1")
            printed = result.stdout.decode(errors="replace").splitlines()
            for name, seen in story(printed).items():
                wanted = story(lines[i + 1:end]).get(name, [])
                lacking = not_within(wanted, seen)
                if lacking is not None:
                    self.fault(readme, lines[i], f"{name}: the README shows {lacking!r}, the run has {seen}")


def kinds(row):
    """What a row of a ladder is about: one or two words, or none for a plain ACK."""
    flags = re.search(r"\[([A-Z,]+)\]", row)
    names = flags.group(1).split(",") if flags else []
    found = []
    if "SYN" in names or "RST" in names:
        found.append(",".join(name for name in names if name not in ("PSH",)).replace("RST,ACK", "RST"))
    elif re.search(r"\bLen=[1-9]", row) and flags:
        found.append("data")
    if "FIN" in names:
        found.append("FIN")
    for word in ("UDP", "ICMP"):
        if re.search(rf"\b{word}\b", row):
            text = re.search(r'"[^"]*"', row)
            found.append(word + (" " + text.group(0) if text else ""))
    if re.search(r"\blost\b", row):
        found.append("lost")
    return found


def story(lines):
    """What each end did, and what each program said, in order."""
    told = {"client to server": [], "server to client": [], "printed": []}
    for line in lines:
        row = re.match(r"\s*\d+\s+([\d.]*)\s+(\S.*)", line)
        if re.match(r"\s*\d+\s", line) and row and any(mark in line for mark in "├┤│"):
            way = "server to client" if "◀" in line or re.search(r"lost ✗", line) else "client to server"
            for kind in kinds(line):
                if not told[way] or told[way][-1] != kind or kind.startswith("UDP"):
                    told[way].append(kind)
        elif re.match(r"\s*(client|server) │ ", line):
            told["printed"].append(re.sub(r"[\d.]+", "N", line.strip()))
    told["printed"].sort()  # two programs print at once
    return told


def not_within(wanted, seen):
    """The first of `wanted` that does not follow the others in `seen`; None if all do."""
    rest = iter(seen)
    for one in wanted:
        if one not in rest:
            return one
    return None


def main():
    source, build, *readmes = (str(pathlib.Path(word).resolve()) for word in sys.argv[1:])
    if not shutil.which("unshare") or subprocess.run(["unshare", "--map-root-user", "--net", "true"], capture_output=True).returncode:
        print("skipped: no user namespaces here")
        return 77
    runner = Runner(source, build)
    for readme in readmes:
        for language, lines in blocks(pathlib.Path(readme).read_text()):
            name = os.path.relpath(readme, source)
            if language == "sh":
                runner.commands(name, lines)
            elif not language:
                runner.shown(name, lines)
    if runner.count == 0:
        sys.exit("no command was found")
    print(f"{runner.count - runner.failed} as written, {runner.failed} not")
    return 1 if runner.failed else 0


if __name__ == "__main__":
    sys.exit(main())
