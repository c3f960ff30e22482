#!/usr/bin/env python3
"""Field by field against tshark's answers, as compare.py beside the captures of $WIRELAB_CORPUS has
them: every gate must hold. argv: the program. Skipped where the variable is not set, or the script
or the answers are not there."""

import os
import pathlib
import subprocess
import sys

SKIPPED = 77


def main():
    corpus = os.environ.get("WIRELAB_CORPUS")
    if not corpus:
        print("WIRELAB_CORPUS is not set: nothing to compare with")
        return SKIPPED
    script, oracle = pathlib.Path(corpus) / "compare.py", pathlib.Path(corpus) / "oracle"
    if not script.exists() or not oracle.is_dir():
        print("no compare.py or no oracle/ beside the captures: nothing to compare with")
        return SKIPPED
    tracer = sys.argv[1]
    other = [word for form in ("summary", "flat", "ladder", "bytes", "json", "ek") for word in ("--also", f"'{tracer}' -r {{file}} -T {form}")]
    result = subprocess.run([sys.executable, script, "--tracer", f"'{tracer}' -r {{file}} -T fields -E header=y {{efields}}",
                             "--captures", corpus, "--oracle", oracle, "--ext", *other],
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    print(result.stdout.decode(errors="replace")[-4000:])
    return result.returncode


if __name__ == "__main__":
    sys.exit(main())
