"""`wirelab grade` from outside: verdicts, containment, formats, interruption, shards."""
import errno
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

import formats
from submissions import GOOD, HASTY

WIRELAB, LABS, PROGRAMS = sys.argv[1:4]
ENVIRONMENT = dict(os.environ, WIRELAB_LABS=LABS, WIRELAB_PROGRAMS=PROGRAMS)

KINDS = {"good": GOOD, "hasty": HASTY, "silent": "import time\ntime.sleep(1000)", "broken": "this is no python"}
DEAF_NOTE = "asked to end (SIGTERM), the server's program went on and was killed"


def has_hosts():
    return subprocess.run([WIRELAB, "doctor"], capture_output=True).returncode == 0


def grade(*words, **options):
    return subprocess.run([WIRELAB, "grade", *map(str, words)], **(dict(capture_output=True, text=True, env=ENVIRONMENT, timeout=240) | options))


def grades(path):
    return {one["submission"]: one for one in json.loads(pathlib.Path(path).read_text())["submissions"]}


class Grade(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="wirelab-grade-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.work = self.folder / "class"

    def hand_in(self, name, text, file="server.py"):
        folder = self.work / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text)
        return folder

    def hand_in_class(self, count, kinds=("good", "hasty")):
        for i in range(count):
            self.hand_in(f"learner{i:03}", KINDS[kinds[i % len(kinds)]])

    def test_verdicts_and_every_format(self):
        self.hand_in("ann", GOOD)
        self.hand_in("bea", HASTY)
        self.hand_in("<cid> & \x1b[31m\"co\"", KINDS["broken"])
        (self.work / "dan").mkdir()
        self.hand_in("eve", "int main( {", "server.cpp")
        out = self.folder / "all.json"
        done = grade("01-sockets", self.work, "--emit", "json", "-o", out)
        self.assertEqual(done.returncode, 1, done.stderr)
        all_grades = grades(out)
        self.assertEqual(len(all_grades), 5)
        self.assertEqual({name: one["verdict"] for name, one in all_grades.items() if name in ("ann", "bea", "dan", "eve")},
                         {"ann": "pass", "bea": "fail", "dan": "fail", "eve": "fail"})
        self.assertEqual(all_grades["dan"]["exercises"][0]["because"], "not handed in")
        self.assertEqual(all_grades["eve"]["exercises"][0]["because"], "it does not compile")
        self.assertTrue(0 < all_grades["bea"]["earned"] < all_grades["bea"]["points"], "partial credit")
        self.assertNotIn("\x1b", done.stderr)

        merged = self.folder / "again.xml"
        grade("--merge", out, "--emit", "junit", "-o", merged)
        self.assertEqual(formats.junit(merged.read_text()), [])
        fixed = dict(ENVIRONMENT, SOURCE_DATE_EPOCH="1769860800")
        for folder in ("once", "again"):
            grade("--merge", out, "--emit", "classroom50", "-o", f"{self.folder / folder}/", env=fixed)
        for file in (self.folder / "once").iterdir():
            self.assertEqual(file.read_text(), (self.folder / "again" / file.name).read_text())
            self.assertEqual(json.loads(file.read_text())["datetime"], "2026-01-31T12:00:00Z")
        for verbosity in ("full", "seen", "none"):
            for name, check in (("gradescope", formats.gradescope), ("exercism", formats.exercism), ("classroom50", formats.classroom50)):
                folder = self.folder / f"{name}-{verbosity}"
                done = grade("--merge", out, "--emit", name, "--verbosity", verbosity, "-o", f"{folder}/")
                files = sorted(folder.iterdir())
                self.assertEqual(len(files), 5, done.stderr)
                for file in files:
                    self.assertEqual(check(json.loads(file.read_text())), [], f"{name} {file.name}")

    def test_evidence_as_far_as_asked(self):
        bea = self.hand_in("bea", HASTY)
        texts = {}
        for verbosity in ("none", "seen", "full"):
            out = self.folder / f"{verbosity}.json"
            grade("01-sockets", bea, "--emit", "gradescope", "--verbosity", verbosity, "-o", out)
            result = json.loads(out.read_text())
            self.assertEqual(formats.gradescope(result), [])
            texts[verbosity] = "".join(test["output"] for test in result["tests"] if test["status"] == "failed")
        self.assertEqual(texts["none"], "")
        self.assertIn("seen:", texts["seen"])
        self.assertNotIn("├", texts["seen"])
        self.assertIn("├", texts["full"], "the ladder")
        for name, check in (("exercism", lambda text: formats.exercism(json.loads(text))), ("junit", formats.junit)):
            out = self.folder / name
            grade("01-sockets", bea, "--emit", name, "-o", out)
            self.assertEqual(check(out.read_text()), [])

    def test_good_work_that_ignores_sigterm_is_told(self):
        deaf = self.hand_in("deaf", "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + GOOD + "signal.pause()\n")
        said = {}
        for name, check in (("gradescope", lambda text: formats.gradescope(json.loads(text))), ("junit", formats.junit)):
            out = self.folder / name
            self.assertEqual(grade("01-sockets", deaf, "--emit", name, "-o", out).returncode, 0)
            said[name] = out.read_text()
            self.assertEqual(check(said[name]), [])
        outputs = {test["name"].split("/")[-1]: test["output"] for test in json.loads(said["gradescope"])["tests"]}
        self.assertIn(DEAF_NOTE, outputs.pop("runs"))
        self.assertEqual(set(outputs.values()), {""})
        self.assertIn("<system-out>note:   " + DEAF_NOTE, said["junit"])

    def test_hostile_work_is_contained_and_named(self):
        secret = self.hand_in("ann", GOOD + "# my own solution")
        self.hand_in("bomb", "import os\nwhile True: os.fork()")
        self.hand_in("hog", "x = []\nwhile True: x.append(b'x' * (1 << 22))")
        self.hand_in("spy", f"import os\nprint('SEES', os.listdir('.'), os.path.exists('{secret}'), os.path.exists('{LABS}/01-sockets'), os.path.exists('{PROGRAMS}/01-sockets'))")
        self.hand_in("include", f'#include "{secret}/server.py"\nint main() {{}}', "server.cpp")
        self.hand_in("deaf", "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(1000)")
        self.hand_in("crier", "while True: print('x' * 4000)")
        machine = socket.create_server(("127.0.0.1", 0))  # what a program might find on the machine that grades
        self.addCleanup(machine.close)
        self.hand_in("knocker", f"import socket\nprint('REACHES', socket.socket().connect_ex(('127.0.0.1', {machine.getsockname()[1]})))")
        out = self.folder / "all.json"
        grade("01-sockets", self.work, "--verbosity", "full", "-o", out)
        all_grades = grades(out)
        self.assertEqual({name: one["verdict"] for name, one in all_grades.items()},
                         {"ann": "pass"} | dict.fromkeys(("bomb", "hog", "spy", "include", "deaf", "crier", "knocker"), "fail"))

        def program(name):
            return next(one for one in all_grades[name]["exercises"][0]["runs"][0]["programs"] if one["under_test"])
        self.assertIn("processes", program("bomb")["limit"])
        self.assertIn("memory", program("hog")["limit"])
        self.assertIn("output", program("crier")["limit"])
        self.assertIn(f"REACHES {errno.ECONNREFUSED}", program("knocker")["output"])
        self.assertTrue(program("deaf")["ignored_sigterm"])
        rule = next(one for one in all_grades["deaf"]["exercises"][0]["runs"][0]["rules"] if one["id"] == "runs")
        self.assertIn(DEAF_NOTE, rule["note"])
        rule = next(one for one in all_grades["knocker"]["exercises"][0]["runs"][0]["rules"] if one["id"] == "runs")
        self.assertIn("the server's program tried to reach 127.0.0.1:", rule["note"])
        self.assertIn("SEES ['server.py'] False False False", program("spy")["output"])
        self.assertNotIn("my own solution", json.dumps(all_grades["include"]))
        self.assertEqual(list(self.folder.glob("*.work")), [], "nothing is left")

    def test_killed_in_the_middle_and_resumed(self):
        self.hand_in_class(14)
        whole, out = self.folder / "whole.json", self.folder / "resumed.json"
        grade("01-sockets", self.work, "-o", whole)
        for how in (signal.SIGKILL, signal.SIGINT):
            running = subprocess.Popen([WIRELAB, "grade", "01-sockets", self.work, "-o", out], stderr=subprocess.DEVNULL, env=ENVIRONMENT)
            journal = pathlib.Path(f"{out}.journal")
            before = journal.read_text().count("\n") if journal.exists() else 1
            while not journal.exists() or journal.read_text().count("\n") < before + 3:
                time.sleep(0.02)
                self.assertIsNone(running.poll(), "it ended before it could be interrupted")
            running.send_signal(how)
            running.wait(60)
            self.assertFalse(out.exists())
        with open(journal, "a") as torn:
            torn.write('{"submission":"learner')  # as if the machine had died while it wrote
        done = grade("01-sockets", self.work, "-o", out)
        self.assertIn("going on", done.stderr)
        self.assertFalse(journal.exists())
        self.assertEqual(out.read_text(), whole.read_text())
        names = [one["submission"] for one in json.loads(out.read_text())["submissions"]]
        self.assertEqual(names, [f"learner{i:03}" for i in range(14)])

    def test_a_change_after_an_interruption_is_graded_anew(self):
        self.hand_in_class(2, ("good",))
        out = self.folder / "out.json"
        grade("01-sockets", self.work, "-o", "/nowhere/out.json", "--journal", self.folder / "j")
        self.hand_in("learner001", HASTY)
        grade("01-sockets", self.work, "-o", out, "--journal", self.folder / "j")
        self.assertEqual({name: one["verdict"] for name, one in grades(out).items()}, {"learner000": "pass", "learner001": "fail"})

    def test_shards_are_the_class(self):
        self.hand_in_class(9, ("good", "hasty", "broken"))
        whole, merged = self.folder / "whole.json", self.folder / "merged.json"
        grade("01-sockets", self.work, "-o", whole)
        parts = []
        for i in range(1, 5):
            parts.append(self.folder / f"part{i}.json")
            grade("01-sockets", self.work, "--shard", f"{i}/4", "-o", parts[-1])
        self.assertEqual(sorted(name for part in parts for name in grades(part)), [f"learner{i:03}" for i in range(9)])
        grade("--merge", *reversed(parts), parts[0], "-o", merged)
        self.assertEqual(merged.read_text(), whole.read_text())
        parts[1].write_text(parts[0].read_text().replace('"pass"', '"fail"', 1))
        self.assertEqual(grade("--merge", *parts, "-o", merged).returncode, 1, "two grades for one learner")

    def test_what_cannot_be_graded_is_said(self):
        self.hand_in("ann", GOOD)
        for words in (["01-sockets", "/nowhere"], ["99-none", self.work], ["01-sockets", self.work, "--exercise", "none"], ["01-sockets", self.work, "--shard", "5/4"], []):
            done = grade(*words)
            self.assertEqual(done.returncode, 2, words)
            self.assertIn("wirelab: ", done.stderr)


if __name__ == "__main__":
    if not has_hosts():
        print("no hosts can be made here: wirelab doctor says why")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1] + sys.argv[4:], verbosity=2)
