#!/usr/bin/env python3
"""The tests of documents themselves: a document that is right passes, one that is wrong does not."""

import pathlib
import subprocess
import sys
import tempfile
import unittest
import unittest.mock

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import commands  # noqa: E402
import excerpt  # noqa: E402
import links  # noqa: E402
import markdown  # noqa: E402

LADDER = """
  1    0.000 ├─ [SYN] Seq=0 MSS=1460 ────▶┤   20.176
  2   40.427 ┤◀──────── [SYN,ACK] Seq=0 Ack=1 ─├   20.228
  3   40.482 ├─ [ACK] Seq=1 Ack=1 ────▶┤   60.836
  4   40.709 ├─ [PSH,ACK] Seq=1 Ack=1 Len=5 ────▶┤   60.957
  5   40.738 ├─ [FIN,PSH,ACK] Seq=6 Ack=1 Len=8 ────▶┤   60.990
  6   81.378 ┤◀──────── [RST,ACK] Seq=1 Ack=14 ─├   60.977
client │ took 5.3 ms
""".splitlines()


class Excerpts(unittest.TestCase):
    def test_segments_are_told_by_kind_and_numbers_are_not_told(self):
        told = excerpt.story(LADDER)
        self.assertEqual(told["client to server"], ["SYN", "data", "FIN"])
        self.assertEqual(told["server to client"], ["SYN,ACK", "RST"])
        self.assertEqual(told["printed"], ["client │ took N ms"])

    def test_an_excerpt_lies_within_the_run_in_order(self):
        self.assertIsNone(excerpt.not_within(["SYN", "FIN"], ["SYN", "data", "FIN"]))
        self.assertEqual(excerpt.not_within(["FIN", "SYN"], ["SYN", "data", "FIN"]), "SYN")

    def test_lines_are_the_same_numbers_aside(self):
        printed = ["id 0x12ab", "took  3 ms", "port 80", "end"]
        self.assertIsNone(excerpt.first_difference(["id 0xffff", "took 12.5 µs"], printed))
        self.assertIsNone(excerpt.first_difference(["id 0xffff", "…", "end"], printed))
        self.assertIsNone(excerpt.first_difference(["id …", "took …"], printed))
        self.assertEqual(excerpt.first_difference(["id 0xffff", "end"], printed), "end")
        self.assertEqual(excerpt.first_difference(["took 3 MB"], printed), "took 3 MB")


class Markdown(unittest.TestCase):
    def test_blocks(self):
        found = list(markdown.blocks("a\n```sh\nx\n```\nb\n```\n$ y\nz\n```\n<!-- needs: a window -->\n<!-- takes: 3 minutes -->\n```cpp file=a/b.cpp\n```\n"))
        self.assertEqual([(one.language, one.lines) for one in found], [("sh", ["x"]), ("", ["$ y", "z"]), ("cpp", [])])
        self.assertEqual((found[2].file, found[2].notes), ("a/b.cpp", {"needs": "a window", "takes": "3 minutes"}))

    def test_commands_in_the_text(self):
        found = list(markdown.inline_commands("`./wirelab list` and `./wirelab run LAB`, `./wirelab hint [LAB]`, `./wirelab\nmyths`\n```\n`./wirelab no`\n```\n"))
        self.assertEqual(found, ["./wirelab list", "./wirelab myths"])

    def test_anchors_are_those_of_github(self):
        self.assertEqual(markdown.anchors("# What `-T json` prints\n## A: b, c!\n## A: b, c!\n"), {"what--t-json-prints", "a-b-c", "a-b-c-1"})


class Links(unittest.TestCase):
    def faults(self, text):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder).resolve()
            (root / "other.md").write_text("# There\n")
            (root / "README.md").write_text(text)
            return list(links.faults_of(root / "README.md", root))

    def test_dead_ones_are_found(self):
        self.assertEqual(self.faults("[a](other.md#there) [b](#here) ![c](https://x.example/y.png)\n# Here\n"), [])
        for dead in ("[a](nowhere.md)", "![a](picture.svg)", "[a](other.md#elsewhere)", "[a](#nowhere)", "[a](/etc/passwd)", '<img src="x.png">'):
            self.assertEqual(len(self.faults(dead)), 1, dead)


class Runs(unittest.TestCase):
    def run_on(self, text):
        with tempfile.TemporaryDirectory() as folder:
            readme = pathlib.Path(folder) / "README.md"
            readme.write_text(text)
            (pathlib.Path(folder) / "out").mkdir()
            return subprocess.run([sys.executable, HERE / "commands.py", folder, folder + "/out", readme], capture_output=True, text=True)

    def test_a_command_that_succeeds(self):
        self.assertEqual(self.run_on("```sh\ntrue   # fine\nfalse  # exit 1: as it says\n```\n").returncode, 0)

    def test_a_command_that_fails(self):
        result = self.run_on("```sh\nfalse\n```\n")
        self.assertEqual(result.returncode, 1)
        self.assertIn("exit 1, expected 0", result.stdout)

    def test_a_file_of_the_document_is_there_for_its_commands(self):
        self.assertEqual(self.run_on("```sh file=a/b\nexit 3\n```\n```sh\nsh a/b  # exit 3: as it says\n```\n").returncode, 0)

    def test_the_tree_itself_stays_as_it_is(self):
        with tempfile.TemporaryDirectory() as folder:
            readme = pathlib.Path(folder) / "README.md"
            readme.write_text("```sh\ntouch new && rm README.md\n```\n")
            (pathlib.Path(folder) / "out").mkdir()
            done = subprocess.run([sys.executable, HERE / "commands.py", folder, folder + "/out", readme], capture_output=True)
            self.assertEqual(done.returncode, 0)
            self.assertEqual(sorted(path.name for path in pathlib.Path(folder).iterdir()), ["README.md", "out"])

    def test_who_waits_in_another_terminal_is_stopped(self):
        server = "python3 -c 'import socket, time; s = socket.create_server((\"127.0.0.1\", 0)); time.sleep(99)' &"
        self.assertEqual(self.run_on(f"```sh\n{server}\ntrue\n```\n").returncode, 0)
        self.assertEqual(self.run_on(f"```sh\n{server}\nfalse\n```\n").returncode, 1)

    def test_what_goes_on_is_interrupted(self):
        self.assertEqual(self.run_on("```sh\npython3 -uc 'import time; print(1); time.sleep(99)' --serve\n```\n").returncode, 0)
        self.assertEqual(self.run_on("```sh\npython3 -uc 'print(1); exit(1)' --serve\n```\n").returncode, 1)

    def test_a_run_that_shows_something_else(self):
        for shown in ("```\n$ echo 'client │ four'\nclient │ five\n```\n", "```\n$ echo four\nfive\n```\n"):
            self.assertEqual(self.run_on(shown).returncode, 1)
            self.assertEqual(self.run_on(shown.replace("five", "four")).returncode, 0)

    def test_a_block_that_nobody_can_run(self):
        self.assertEqual(self.run_on("```\ntrue\n```\n```sh\ntrue\n```\n").returncode, 1)
        self.assertEqual(self.run_on("text\n\n    ./wirelab list\n\n```sh\ntrue\n```\n").returncode, 1)

    def test_what_needs_a_program_that_is_not_here(self):
        block = "<!-- needs: {} -->\n```sh\nfalse\n```\n```sh\ntrue\n```\n"
        self.assertEqual(self.run_on(block.format("no-such-program")).returncode, 0)
        self.assertEqual(self.run_on(block.format("sh")).returncode, 1)

    def test_what_another_script_runs(self):
        script = "```sh file=ci\n{}\n```\n<!-- run by: ci -->\n```sh\n./wirelab test     # all of them\n```\n"
        for line in ("./wirelab test", "WERROR=1 ./wirelab test >log || failed=1"):
            self.assertEqual(self.run_on(script.format(line)).returncode, 0, line)
        for line in ("./wirelab tests", "# ./wirelab test", "true"):
            self.assertEqual(self.run_on(script.format(line)).returncode, 1, line)
        self.assertEqual(self.run_on("<!-- run by: nobody -->\n```sh\ntrue\n```\n").returncode, 1)

    def test_what_takes_its_time(self):
        for note, failed in (("", 1), ("<!-- takes: 2 minutes -->\n", 0)):
            with tempfile.TemporaryDirectory() as folder, unittest.mock.patch.object(commands, "LIMIT", 0.5):
                runner = commands.Runner(pathlib.Path(folder))
                runner.document("a document", note + "```sh\nsleep 1\n```\n")
                self.assertEqual(runner.failed, failed)

    def test_a_document_without_commands(self):
        self.assertNotEqual(self.run_on("nothing").returncode, 0)


if __name__ == "__main__":
    unittest.main()
