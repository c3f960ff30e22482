#!/usr/bin/env python3
"""The SVG ladder as a reader of the file sees it: slants are the measured delays, no two texts
overlap, all lies inside. argv: the tracer. With WIRELAB_CORPUS also on all its captures."""

import json
import math
import os
import pathlib
import subprocess
import sys
import unittest
import xml.etree.ElementTree as ElementTree

TRACER = str(pathlib.Path(sys.argv.pop(1)).resolve())
CAPTURES = pathlib.Path(__file__).resolve().parents[2] / "golden" / "captures"
LABS = CAPTURES.parents[2] / "labs"
SVG = "{http://www.w3.org/2000/svg}"
COLUMN = 7.23  # pixels, of the widest of the fonts named in the style sheet


def tracer(*options):
    done = subprocess.run([TRACER, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    return done.stdout.decode(), done.returncode


class Picture:
    def __init__(self, *options, text=None):
        self.text = text if text else tracer("-q", "-T", "svg", *options)[0]
        self.root = ElementTree.fromstring(self.text)
        self.facts = json.loads(self.root.find(SVG + "metadata").text)
        self.packets = [g for g in self.root.iter(SVG + "g") if "data-p" in g.attrib]
        self.axis = self.facts["axis"]

    def height(self, nanoseconds):
        for (t1, y1), (t2, y2) in zip(self.axis, self.axis[1:]):
            if t1 <= nanoseconds <= t2 and t1 < t2:
                return y1 + (y2 - y1) * (nanoseconds - t1) / (t2 - t1)
        return self.axis[0][1]

    def boxes(self):
        """A text's corners, clockwise."""
        for text in self.root.iter(SVG + "text"):
            words = "".join(text.itertext())
            size = 15 / 12 if "name" in text.get("class", "") else 1
            wide = len(words) * COLUMN * size
            x, y = float(text.get("x", 0)), float(text.get("y", 0))
            anchor = text.get("text-anchor", "start")
            x -= {"start": 0, "middle": wide / 2, "end": wide}[anchor]
            corners = [(x, y - 9 * size), (x + wide, y - 9 * size), (x + wide, y + 2.4 * size), (x, y + 2.4 * size)]
            if transform := text.get("transform"):
                move, turn = transform.split(") ")
                dx, dy = (float(one) for one in move.removeprefix("translate(").split())
                angle = math.radians(float(turn.removeprefix("rotate(").rstrip(")")))
                corners = [(dx + a * math.cos(angle) - b * math.sin(angle), dy + a * math.sin(angle) + b * math.cos(angle)) for a, b in corners]
            yield words, corners


def apart(a, b):
    """Is there a line between two convex shapes (an edge of one of them)?"""
    for shape in (a, b):
        for (x1, y1), (x2, y2) in zip(shape, shape[1:] + shape[:1]):
            nx, ny = y2 - y1, x1 - x2
            of_a = [nx * x + ny * y for x, y in a]
            of_b = [nx * x + ny * y for x, y in b]
            if max(of_a) <= min(of_b) + 1e-6 or max(of_b) <= min(of_a) + 1e-6:
                return True
    return False


def corpus():
    folder = os.environ.get("WIRELAB_CORPUS")
    return sorted(pathlib.Path(folder).glob("*.pcap*")) if folder else []


class Drawn(unittest.TestCase):
    def check_texts(self, picture, name):
        boxes = sorted(picture.boxes(), key=lambda one: min(y for _, y in one[1]))
        width, height = float(picture.root.get("width")), float(picture.root.get("height"))
        for i, (words, corners) in enumerate(boxes):
            self.assertTrue(all(0 <= x <= width and 0 <= y <= height for x, y in corners), f"{name}: {words!r} leaves the picture")
            bottom = max(y for _, y in corners)
            for other, others in boxes[i + 1:]:
                if min(y for _, y in others) > bottom:
                    break
                self.assertTrue(apart(corners, others), f"{name}: {words!r} and {other!r} overlap")

    def check_clocks(self, picture, name):
        columns = {}
        for text in picture.root.iter(SVG + "text"):
            if text.get("class") == "time":
                columns.setdefault(text.get("x"), []).append(float(text.get("y")))
        for ys in columns.values():
            ys.sort()
            for a, b in zip(ys, ys[1:]):
                self.assertGreaterEqual(b - a, 15.8, f"{name}: clocks closer than 16 pixels")

    def test_nothing_overlaps(self):
        for path in sorted(CAPTURES.glob("*.pcap*")) + corpus():
            with self.subTest(path.name):
                text, code = tracer("-q", "-T", "svg", "-r", str(path))
                if not text:
                    self.assertNotEqual(code, 0)
                    continue
                picture = Picture("-r", str(path))
                self.check_texts(picture, path.name)
                self.check_clocks(picture, path.name)
                for (_, above), (_, below) in zip(picture.axis, picture.axis[1:]):
                    self.assertLessEqual(above, below)

    def test_nothing_overlaps_in_the_figures_of_the_labs(self):
        figures = sorted(LABS.glob("*/figures/*.svg"))
        self.assertTrue(figures)
        for path in figures:
            picture = Picture(text=path.read_text())
            self.check_texts(picture, path.name)
            self.check_clocks(picture, path.name)

    def test_slants_in_the_figures_of_the_labs_are_the_delays_that_they_state(self):
        for path in sorted(LABS.glob("*/figures/*.svg")):
            picture, measured = Picture(text=path.read_text()), 0
            for (t1, y1), (t2, y2) in zip(picture.axis, picture.axis[1:]):
                self.assertTrue(t1 <= t2 and y1 <= y2, f"{path.name}: time runs down")
            for group in picture.packets:
                if "data-arrived" not in group.attrib or "data-left" not in group.attrib:
                    continue
                shaft = next(line for line in group.iter(SVG + "line") if line.get("class") == "shaft")
                self.assertAlmostEqual(float(shaft.get("y1")), picture.height(int(group.get("data-left"))), delta=1)
                self.assertAlmostEqual(float(shaft.get("y2")), picture.height(int(group.get("data-arrived"))), delta=1)
                measured += 1
            self.assertGreater(measured, 0, path.name)

    def test_slants_are_the_measured_delays(self):
        measured = evenly = 0
        for name in ("loss", "fates", "udp"):
            path = str(CAPTURES / f"{name}.pcapng")
            times = {}
            for line in tracer("-r", path, "-T", "fields", "-e", "frame.packet_id", "-e", "frame.interface_id", "-e", "frame.time_epoch")[0].splitlines():
                packet, host, seconds = line.split("\t")
                whole, fraction = seconds.split(".")
                times.setdefault(int(packet), {}).setdefault(int(host), int(whole) * 10**9 + int(fraction))
            picture = Picture("-r", path)
            rate = picture.facts["typical_height"] / picture.facts["typical_ns"]
            for group in picture.packets:
                if "data-arrived" not in group.attrib:
                    continue
                left, arrived, lane = int(group.get("data-left")), int(group.get("data-arrived")), int(group.get("data-from"))
                shaft = next(line for line in group.iter(SVG + "line") if line.get("class") == "shaft")
                y1, y2 = float(shaft.get("y1")), float(shaft.get("y2"))
                seen = times[int(group.get("data-p"))]
                self.assertEqual(arrived - left, seen[1 - lane] - seen[lane])
                self.assertAlmostEqual(y1, picture.height(left), delta=1)
                self.assertAlmostEqual(y2, picture.height(arrived), delta=1)
                measured += 1
                stretch = [(b[1] - a[1]) - rate * (b[0] - a[0]) for a, b in zip(picture.axis, picture.axis[1:]) if a[0] < arrived and b[0] > left]
                if all(abs(one) < 0.2 for one in stretch):
                    self.assertAlmostEqual(y2 - y1, rate * (arrived - left), delta=1)
                    evenly += 1
        self.assertGreater(measured, 30)
        self.assertGreater(evenly, 3)

    def test_structure(self):
        picture = Picture("-r", str(CAPTURES / "fates.pcapng"))
        self.assertEqual(picture.root.get("role"), "graphics-document")
        self.assertTrue(picture.root.find(SVG + "title").text and picture.root.find(SVG + "desc").text)
        roles = [g.get("data-role") for g in picture.packets if g.get("data-role")]
        self.assertEqual(roles, ["duplicated", "corrupted", "late", "duplicate-ack", "duplicate-ack", "duplicate-ack", "again"])
        for number, group in enumerate(picture.packets, 1):
            self.assertEqual((group.get("id"), group.get("data-p")), (f"p{number}", str(number)))
            self.assertTrue(group.get("aria-label").startswith(f"Packet {number}, "))
        ids = [e.get("id") for e in picture.root.iter() if e.get("id")]
        self.assertEqual(len(ids), len(set(ids)))

    def test_the_ending_of_the_file_picks_the_format(self):
        path = pathlib.Path(os.environ.get("TMPDIR", "/tmp")) / f"svg_test_{os.getpid()}.svg"
        try:
            tracer("-r", str(CAPTURES / "udp.pcapng"), "-o", str(path))
            self.assertTrue(path.read_text().startswith("<svg "))
        finally:
            path.unlink(missing_ok=True)


if __name__ == "__main__":
    unittest.main()
