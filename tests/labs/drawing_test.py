#!/usr/bin/env python3
"""`wirelab run LAB -o FILE`: the ending of the file says what is drawn. argv: wirelab. Skipped where
there are no hosts and no wire."""

import pathlib
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

WIRELAB = sys.argv.pop(1)
SVG = "{http://www.w3.org/2000/svg}"


def run(*words):
    return subprocess.run([WIRELAB, "run", "04-udp", "--scenario", "lost-datagram", *map(str, words)], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)


class Drawing(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_a_ladder_as_svg(self):
        path = self.folder / "run.svg"
        done = run("-o", path)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn(b"<svg", done.stdout)
        root = ElementTree.fromstring(path.read_text())
        names = [text.text for text in root.iter(SVG + "text") if text.get("class") == "name"]
        self.assertEqual(names, ["client", "server"])
        lost = [g for g in root.iter(SVG + "g") if g.get("data-role") == "lost"]
        self.assertEqual(len(lost), 1)
        self.assertIn('"ping 3"', lost[0].get("data-label"))
        self.assertNotIn("data-arrived", lost[0].attrib)

    def test_a_report_as_html(self):
        path = self.folder / "run.html"
        self.assertEqual(run("-o", path).returncode, 0)
        self.assertTrue(path.read_text().startswith("<!DOCTYPE html>"))

    def test_where_nothing_can_be_written_nothing_is_claimed(self):
        done = run("-o", self.folder / "missing" / "run.svg")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(b"run.svg", done.stderr)


if __name__ == "__main__":
    if subprocess.run([WIRELAB, "doctor"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60).returncode != 0:
        print("no hosts and wire on this machine: wirelab doctor says why")
        sys.exit(77)
    unittest.main()
