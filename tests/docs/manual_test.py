#!/usr/bin/env python3
"""Manual pages and completion know the options that the programs have, and no others. argv: wirelab, tracer, the tree."""

import pathlib
import re
import shutil
import subprocess
import sys
import unittest

WIRELAB, TRACER, ROOT = (pathlib.Path(word).resolve() for word in sys.argv[1:4])
BASH = ROOT / "docs/completion/wirelab.bash"
ZSH = ROOT / "docs/completion/_wirelab"


def said(*words):
    done = subprocess.run([str(word) for word in words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    return done.stdout + done.stderr


def options(*words):
    """Of a program's help."""
    found = set()
    for names in re.findall(r"^  (-\S+)", said(*words, "--help"), flags=re.M):
        found |= {re.sub(r"[{:].*", "", name) for name in names.split(",")}
    return found


def subcommands():
    return set(re.findall(r"^  ([a-z]+)  ", said(WIRELAB, "--help").partition("Subcommands:")[2], flags=re.M))


def documented(page):
    """Options that have an entry in a manual page."""
    entries = re.findall(r"^\.It (.*Fl.*)$", (ROOT / "docs/man" / page).read_text(), flags=re.M)
    return {"-" + name for entry in entries for name in re.findall(r"Fl (\S+)", entry)}


def completed(shell_words):
    """What bash offers for the last word."""
    script = f"source '{BASH}'\nCOMP_WORDS=({' '.join(repr(str(word)) for word in shell_words)})\nCOMP_CWORD=$((${{#COMP_WORDS[@]}}-1))\n"
    script += f"{'_tracer' if shell_words[0] == TRACER else '_wirelab'}\nprintf '%s\\n' \"${{COMPREPLY[@]}}\""
    return set(said("bash", "-c", script).split())


class Manual(unittest.TestCase):
    def test_tracer_has_every_option(self):
        self.assertEqual(documented("tracer.1"), options(TRACER))

    def test_wirelab_has_every_option_of_every_subcommand(self):
        there = options(WIRELAB) | options(WIRELAB, "dev", "check")
        for name in subcommands() - {"trace", "dev"}:
            there |= options(WIRELAB, name)
        there = {one for one in there if not one.startswith("--benchmark")}
        self.assertEqual(documented("wirelab.1"), there)

    def test_wirelab_has_every_subcommand(self):
        text = (ROOT / "docs/man/wirelab.1").read_text()
        for name in subcommands():
            self.assertRegex(text, rf"(?m)^\.(It )?Cm {name}\b", name)

    def test_pages_are_well_formed(self):
        if not shutil.which("mandoc") and not shutil.which("man"):
            self.skipTest("neither mandoc nor man")
        for page in ("wirelab.1", "tracer.1"):
            path = ROOT / "docs/man" / page
            if shutil.which("mandoc"):
                faults = [line for line in said("mandoc", "-Tlint", "-Wwarning", path).splitlines() if "mandoc.db" not in line]
                self.assertEqual(faults, [])
            if shutil.which("man"):
                done = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", str(path)], stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
                self.assertEqual(done.stderr.decode(), "")


class Completion(unittest.TestCase):
    def test_subcommands(self):
        self.assertEqual(completed([WIRELAB, ""]), subcommands())

    def test_options_of_every_subcommand(self):
        for name in subcommands() - {"trace", "dev"}:
            self.assertEqual(completed([WIRELAB, name, "-"]), options(WIRELAB, name), name)
        self.assertEqual(completed([WIRELAB, "trace", "-"]), options(TRACER))
        self.assertEqual(completed([TRACER, "-"]), options(TRACER))
        self.assertEqual(completed([WIRELAB, "dev", "check", "--s"]), {"--seeds"})

    def test_labs_scenarios_exercises_formats_fields(self):
        self.assertEqual(completed([WIRELAB, "run", "03"]), {"03-closing"})
        self.assertEqual(completed([WIRELAB, "run", "03-closing", "--scenario", "half"]), {"half-close"})
        self.assertEqual(completed([WIRELAB, "check", "03-closing", "pol"]), {"polite_server"})
        self.assertEqual(completed([WIRELAB, "dev", ""]), {"check"})
        self.assertEqual(completed([TRACER, "-T", "ti"]), {"timeseq"})
        self.assertIn("tcp.seq", completed([TRACER, "-e", "tcp.se"]))
        every = completed([TRACER, "-T", ""])
        self.assertEqual(every, set(re.search(r"the formats are (.*)", said(TRACER, "-r", "x", "-T", "nosuch")).group(1).replace(",", " ").split()))

    def test_zsh_offers_the_same(self):
        if not shutil.which("zsh"):
            self.skipTest("no zsh")
        for words in ([WIRELAB, "c"], [WIRELAB, "run", "0"], [WIRELAB, "run", "03-closing", "--scenario", "b"], [WIRELAB, "check", "--"], [TRACER, "-T", ""],
                      [WIRELAB, "trace", "-e", ""]):
            script = "_describe() { print -l -- ${(P)2} }\n_files() { }\nwords=(" + " ".join(repr(str(word)) for word in words) + ")\nCURRENT=${#words}\n" + ZSH.read_text()
            offered = {line.replace("\\:", ";").partition(":")[0] for line in said("zsh", "-f", "-c", script).splitlines()}
            self.assertLessEqual(completed(words), offered, words)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
