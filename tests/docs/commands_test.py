#!/usr/bin/env python3
"""The runner of READMEs itself: a README that is right passes, one that is wrong does not."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import commands  # noqa: E402

LADDER = """
  1    0.000 ├─ [SYN] Seq=0 MSS=1460 ────▶┤   20.176
  2   40.427 ┤◀──────── [SYN,ACK] Seq=0 Ack=1 ─├   20.228
  3   40.482 ├─ [ACK] Seq=1 Ack=1 ────▶┤   60.836
  4   40.709 ├─ [PSH,ACK] Seq=1 Ack=1 Len=5 ────▶┤   60.957
  5   40.738 ├─ [FIN,PSH,ACK] Seq=6 Ack=1 Len=8 ────▶┤   60.990
  6   81.378 ┤◀──────── [RST,ACK] Seq=1 Ack=14 ─├   60.977
client │ took 5.3 ms
""".splitlines()


class Stories(unittest.TestCase):
    def test_segments_are_told_by_kind_and_numbers_are_not_told(self):
        told = commands.story(LADDER)
        self.assertEqual(told["client to server"], ["SYN", "data", "FIN"])
        self.assertEqual(told["server to client"], ["SYN,ACK", "RST"])
        self.assertEqual(told["printed"], ["client │ took N ms"])

    def test_an_excerpt_lies_within_the_run_in_order(self):
        self.assertIsNone(commands.not_within(["SYN", "FIN"], ["SYN", "data", "FIN"]))
        self.assertEqual(commands.not_within(["FIN", "SYN"], ["SYN", "data", "FIN"]), "SYN")

    def test_blocks(self):
        found = list(commands.blocks("a\n```sh\nx\n```\nb\n```\n$ y\nz\n```\n"))
        self.assertEqual(found, [("sh", ["x"]), ("", ["$ y", "z"])])


class Runs(unittest.TestCase):
    def run_on(self, text):
        with tempfile.TemporaryDirectory() as folder:
            readme = pathlib.Path(folder) / "README.md"
            readme.write_text(text)
            return subprocess.run([sys.executable, HERE / "commands.py", folder, folder, readme], capture_output=True, text=True)

    def test_a_command_that_succeeds(self):
        self.assertEqual(self.run_on("```sh\ntrue   # fine\nfalse  # exit 1: as it says\n```\n").returncode, 0)

    def test_a_command_that_fails(self):
        result = self.run_on("```sh\nfalse\n```\n")
        self.assertEqual(result.returncode, 1)
        self.assertIn("exit 1, expected 0", result.stdout)

    def test_who_waits_in_another_terminal_is_stopped(self):
        server = "python3 -c 'import socket, time; s = socket.create_server((\"127.0.0.1\", 0)); time.sleep(99)' &"
        self.assertEqual(self.run_on(f"```sh\n{server}\ntrue\n```\n").returncode, 0)
        self.assertEqual(self.run_on(f"```sh\n{server}\nfalse\n```\n").returncode, 1)

    def test_a_run_that_shows_something_else(self):
        shown = "```\n$ echo 'client │ four'\nclient │ five\n```\n"
        self.assertEqual(self.run_on(shown).returncode, 1)
        self.assertEqual(self.run_on(shown.replace("five", "four")).returncode, 0)

    def test_a_readme_without_commands(self):
        self.assertNotEqual(self.run_on("nothing").returncode, 0)


if __name__ == "__main__":
    unittest.main()
