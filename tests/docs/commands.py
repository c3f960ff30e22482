#!/usr/bin/env python3
"""Runs what a document tells people to run, in a scratch folder that is like a clone.

    commands.py SOURCE BUILD DOCUMENT...

- A block marked `sh` is run line by line, in the root of the clone. A line that ends in `&` is what one
  starts in another terminal; the block then runs in a network of its own, so that no port is taken.
  Behind `  #` stands what the line is about; where that begins with `exit N:`, N is the expected status.
  What goes on until Ctrl-C (watch, --serve) gets a Ctrl-C as soon as it has said something.
- In a block without a language, a line that begins with `$ ` is a command, and what follows is what it
  printed; a line `…` is what was left out. Run again it must show the same: a ladder tells the same story,
  other text has the same lines, numbers aside (excerpt.py).
- A block marked `LANGUAGE file=PATH` is a file: it is written into the clone before what follows is run.
- `./wirelab …` in the text is run too, if no word of it is a placeholder in capitals.
- Before a block may stand, each on a line of its own: `<!-- needs: PROGRAM -->`, run only where that is
  installed; `<!-- takes: N minutes -->`, if a command takes longer than one; `<!-- run by: PATH -->`, for what
  cannot run within itself: that script must hold the same commands.
"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import clone
import excerpt
import markdown

LIMIT = 60  # seconds a command


def parsed(line):
    """(command, expected status) of a line of a block of commands; None if it holds none."""
    command, _, about = line.partition("  #")
    if not command.strip() or command.startswith("#"):
        return None
    status = re.match(r" *exit (\d+):", about)
    return command.strip(), int(status.group(1)) if status else 0


def endless(command):
    return bool(re.search(r"^\./wirelab watch\b|\s--serve\b", command))


class Runner:
    def __init__(self, folder):
        self.folder = folder
        self.failed = self.count = 0
        self.limit = LIMIT

    def environment(self):
        return {**os.environ, "NO_COLOR": "1", "COLUMNS": "80", "HOME": str(self.folder)}

    def shell(self, script, private_network=False):
        words = ["sh", "-c", script]
        if private_network:
            words = ["unshare", "--map-root-user", "--net", "sh", "-c", "ip link set lo up\n" + script]
        try:
            return subprocess.run(words, cwd=self.folder, env=self.environment(), stdin=subprocess.DEVNULL,
                                  capture_output=True, timeout=self.limit)
        except subprocess.TimeoutExpired as late:
            return subprocess.CompletedProcess(words, 124, late.stdout or b"", b"still running at the time limit")

    def until_interrupted(self, command):
        """Starts it, waits until it says something, and presses Ctrl-C. The status, or 124 if it says or does nothing."""
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(["sh", "-c", "exec " + command], cwd=self.folder, env=self.environment(), stdin=subprocess.DEVNULL,
                                       stdout=said, stderr=subprocess.STDOUT, start_new_session=True)
            end = time.monotonic() + LIMIT
            while process.poll() is None and time.monotonic() < end and os.fstat(said.fileno()).st_size == 0:
                time.sleep(0.05)
            time.sleep(0.5)
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGINT)
            try:
                status = process.wait(timeout=LIMIT)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                status = process.wait() and 124
            said.seek(0)
            return subprocess.CompletedProcess(command, 0 if status in (0, 130, -signal.SIGINT) else status, said.read(), b"")

    def fault(self, document, command, why):
        self.failed += 1
        print(f"FAILED {document}: {command}\n  " + "\n  ".join(why.splitlines()))

    def one(self, document, command, expected):
        self.count += 1
        result = None
        for _ in range(3):  # a run that the machine spoilt is no answer
            result = self.until_interrupted(command) if endless(command) else self.shell(command)
            if result.returncode in expected or b"inconclusive" not in result.stdout + result.stderr:
                break
        if result.returncode not in expected:
            said = (result.stdout[-1000:] + result.stderr[-2000:]).decode(errors="replace")
            self.fault(document, command, f"exit {result.returncode}, expected {' or '.join(map(str, expected))}\n{said}")

    def commands(self, document, lines):
        """A block of commands: one by one, or as one script where some of them wait for others."""
        found = [one for one in map(parsed, lines) if one]
        if not any(command.endswith("&") for command, _ in found):
            for command, status in found:
                self.one(document, command, [status])
            return
        self.count += 1
        script = "others=; trap 'kill $others 2>/dev/null' EXIT\n"
        for command, status in found:
            if command.endswith("&"):
                script += command + " others=\"$others $!\"\nfor i in $(seq 200); do [ -n \"$(ss -Hltun)\" ] && break; sleep 0.05; done\n"
            else:
                script += f"{command}\n[ $? = {status} ] || exit 1\n"
        result = self.shell(script, private_network=True)
        if result.returncode:
            self.fault(document, "; ".join(c for c, _ in found), (result.stdout + result.stderr).decode(errors="replace"))

    def run_elsewhere(self, document, lines, path):
        """A block of commands that the script at `path` runs, each on a line of its own."""
        script = self.folder / path
        there = [line.partition("#")[0] for line in script.read_text().splitlines()] if script.is_file() else []
        for command, _ in filter(None, map(parsed, lines)):
            self.count += 1
            if not any(re.search(rf"(^|[\s=;&|]){re.escape(command)}($|[\s;&|>])", line) for line in there):
                self.fault(document, command, f"{path} does not run it")

    def shown(self, document, lines):
        """A block that shows a run: `$ command`, then what it printed."""
        at = [i for i, line in enumerate(lines) if line.startswith("$ ")]
        if at != sorted(set(at)) or not at or at[0] != 0:
            self.fault(document, lines[0] if lines else "a block", "it has no language and does not begin with `$ command`")
            return
        for i, end in zip(at, at[1:] + [len(lines)]):
            self.count += 1
            why = None
            for _ in range(3):  # a run that the machine spoilt is no answer
                result = self.shell(lines[i][2:] + " 2>&1")
                printed = result.stdout.decode(errors="replace").splitlines()
                why = excerpt.difference(lines[i + 1:end], printed)
                if why is None or not any("inconclusive" in line for line in printed):
                    break
            if why is not None:
                self.fault(document, lines[i], why)

    def document(self, name, text):
        for block in markdown.blocks(text):
            needs, takes, elsewhere = map(block.notes.get, ("needs", "takes", "run by"))
            self.limit = LIMIT * 3 * int(takes.split()[0]) if takes else LIMIT
            if needs and not shutil.which(needs):
                print(f"skipped, {name}:{block.line}: there is no {needs} here")
            elif elsewhere:
                self.run_elsewhere(name, block.lines, elsewhere)
            elif block.file:
                path = self.folder / block.file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("\n".join(block.lines) + "\n")
            elif block.language == "sh":
                self.commands(name, block.lines)
            elif not block.language or (block.language == "text" and block.lines[:1] and block.lines[0].startswith("$ ")):
                self.shown(name, block.lines)
        for line in markdown.prose(text).splitlines():
            if re.match(r"    +(\./wirelab |tracer |build/|\$ )", line):
                self.fault(name, line.strip(), "a command in an indented block: use a fence, so that it is run")
        for command in dict.fromkeys(markdown.inline_commands(text)):
            # An exercise that nobody has done yet fails its check, and that is what one should see.
            self.one(name, command, [0, 1] if " check " in command else [0])
        self.limit = LIMIT


def main():
    source, build, *documents = (pathlib.Path(word).resolve() for word in sys.argv[1:])
    if not shutil.which("unshare") or subprocess.run(["unshare", "--map-root-user", "--net", "true"], capture_output=True).returncode:
        print("skipped: no user namespaces here")
        return 77
    with tempfile.TemporaryDirectory(prefix="wirelab-docs-") as folder:
        runner = Runner(clone.make(source, build, folder))
        for document in documents:
            runner.document(os.path.relpath(document, source), document.read_text())
    if runner.count == 0:
        sys.exit("no command was found")
    print(f"{runner.count - runner.failed} as written, {runner.failed} not")
    return 1 if runner.failed else 0


if __name__ == "__main__":
    sys.exit(main())
