#!/usr/bin/env python3
"""Golden files: each line of `cases` is a name and the options of one tracer run in captures/; what
it prints must be expected/NAME. argv: the program, and --update to rewrite the files instead."""

import difflib
import os
import pathlib
import shlex
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


def cases():
    for line in (HERE / "cases").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            name, options = line.split(":", 1)
            yield name.strip(), shlex.split(options)


def printed(tracer, options):
    """Standard output, then standard error and the exit code where they say anything."""
    env = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    result = subprocess.run([tracer, *options], cwd=HERE / "captures", env=env, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    text = result.stdout.decode()
    if result.stderr:
        text += "-- standard error --\n" + result.stderr.decode()
    if result.returncode:
        text += f"-- exit code {result.returncode} --\n"
    return text


def main():
    tracer, update = str(pathlib.Path(sys.argv[1]).resolve()), "--update" in sys.argv
    wrong = count = 0
    names = set()
    for name, options in cases():
        count += 1
        names.add(name)
        path = HERE / "expected" / name
        text = printed(tracer, options)
        if update:
            path.write_text(text)
            continue
        expected = path.read_text() if path.exists() else ""
        if text != expected:
            wrong += 1
            print("tracer " + shlex.join(options))
            sys.stdout.writelines(difflib.unified_diff(expected.splitlines(True), text.splitlines(True), f"expected/{name}", "printed"))
    for stray in sorted(p for p in (HERE / "expected").iterdir() if p.name not in names):
        print(f"expected/{stray.name}: no case is called so")
        wrong += 1
        if update:
            stray.unlink()
    print(f"{count} golden files, {wrong} wrong" + ("" if not wrong or update else "; if the new text is right: tests/golden/update"))
    return 1 if wrong and not update or not count else 0


if __name__ == "__main__":
    sys.exit(main())
