"""`wirelab export` from outside: what a class gets holds no solution and works; Gradescope's scripts write results."""
import json
import os
import pathlib
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest
import zipfile

import formats
from submissions import GOOD, HASTY

WIRELAB, LABS, PROGRAMS = sys.argv[1:4]
REFERENCES = ("server", "client", "any_port", "dual")  # of 01-sockets


def wirelab(*words, **environment):
    return subprocess.run([WIRELAB, *map(str, words)], capture_output=True, text=True, timeout=240, env=dict(os.environ, **environment))


def solutions():
    """Sources that no learner may get, by path in labs/."""
    labs = pathlib.Path(LABS)
    starters = {path.relative_to(labs).parts[0] + "/" + path.name for path in labs.glob("*/exercise/*.cpp")}
    for path in [*labs.glob("*/*.cpp"), *labs.glob("*/wrong/*")]:
        name = path.relative_to(labs)
        if "wrong" in name.parts or str(name) in starters:
            yield str(name), path.read_text()


def lines_of_code(text):
    """What tells a source from others: its longer lines, without comments."""
    return {line.strip() for line in text.splitlines() if len(line.strip()) > 30 and not line.strip().startswith(("//", "#include"))}


class Course(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not (pathlib.Path(PROGRAMS) / "08-async/thinker").exists():
            raise unittest.SkipTest("this compiler has no coroutines: not every reference is built")
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="wirelab-export-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.course = cls.folder / "course"
        cls.done = wirelab("export", "--course", cls.course, WIRELAB_LABS=LABS, WIRELAB_PROGRAMS=PROGRAMS)

    def test_a_whole_tree(self):
        self.assertEqual(self.done.returncode, 0, self.done.stderr)
        for name in ("wirelab", "meson.build", "README.md", "docs/grading.md", "tracer/meson.build", "labs/grader/meson.build",
                     "labs/01-sockets/README.md", "labs/01-sockets/lab.toml", "labs/01-sockets/exercise/server.cpp"):
            self.assertTrue((self.course / name).is_file(), name)
        self.assertTrue(os.access(self.course / "wirelab", os.X_OK))
        for one in self.course.rglob("*"):
            self.assertFalse(one.is_symlink(), one)
        self.assertEqual(wirelab("export", "--course", self.course, WIRELAB_LABS=LABS, WIRELAB_PROGRAMS=PROGRAMS).returncode, 2, "it is not empty")

    def test_no_solution_is_inside(self):
        known = dict(solutions())
        self.assertIn("01-sockets/server.cpp", known)
        self.assertIn("01-sockets/wrong/server_answers_at_once.cpp", known)
        texts = {}
        for path in self.course.rglob("*"):
            name = path.relative_to(self.course)
            self.assertFalse({".git", "build", ".wirelab", "wrong"} & set(name.parts), name)
            if path.is_file() and path.parent.name != "programs":
                texts[str(name)] = path.read_text()
        for name in known:
            self.assertNotIn(f"labs/{name}", texts)
        # Nor under another name: what a learner gets shares fewer lines with a reference than the starter and the
        # other programs of that lab do already.
        for name, text in known.items():
            if "wrong" in name:
                continue
            lab = name.split("/")[0]
            own = lines_of_code(text)
            given = set().union(*(lines_of_code(other) for path, other in texts.items() if path.startswith(("labs/support/", f"labs/{lab}/"))))
            self.assertTrue(own - given, f"every line of {name} is in the course")
        for path in pathlib.Path(LABS).glob("*/lab.toml"):
            public = texts[f"labs/{path.parent.name}/lab.toml"]
            self.assertNotIn("[[exercise.wrong]]", public)
            self.assertNotIn("hidden = true", public)

    def test_programs_are_the_other_ends_and_tell_no_source(self):
        for name in REFERENCES:
            program = self.course / "labs/01-sockets/programs" / name
            self.assertTrue(os.access(program, os.X_OK), name)
            self.assertEqual(program.read_bytes()[:4], b"\x7fELF")
        known = dict(solutions())
        for program in self.course.glob("labs/*/programs/*"):
            source = known[f"{program.parts[-3]}/{program.name}.cpp"].encode()
            self.assertFalse([line for line in source.splitlines() if len(line) > 60 and line in program.read_bytes()], program)

    def test_it_builds_and_checks(self):
        build = self.folder / "build"
        done = subprocess.run(["meson", "setup", build, self.course, "-Dtests=disabled", "-Dbench=disabled"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout[-2000:])
        done = subprocess.run(["ninja", "-C", build, "-n", "labs/wirelab", "labs/peers/peer", "programs"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout[-2000:])
        if not has_hosts():
            self.skipTest("no hosts can be made here")
        # Setting up put the other ends in their places; the peers are as here.
        shutil.copytree(pathlib.Path(PROGRAMS) / "peers", build / "labs/peers", dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.p"))
        there = dict(WIRELAB_LABS=str(self.course / "labs"), WIRELAB_PROGRAMS=str(build / "labs"), WIRELAB_STATE=str(self.folder / "state"))
        starter = wirelab("check", "01-sockets", "server", **there)
        self.assertEqual(starter.returncode, 1, starter.stdout + starter.stderr)
        good = self.folder / "server.cpp"
        good.write_text(known_server())
        done = wirelab("check", "01-sockets", "server", "--file", good, **there)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


def known_server():
    return (pathlib.Path(LABS) / "01-sockets/server.cpp").read_text()


def has_hosts():
    return wirelab("doctor").returncode == 0


class Gradescope(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="wirelab-export-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.zip = self.folder / "autograder.zip"
        done = wirelab("export", "--gradescope", self.zip, "--lab", "01-sockets", "--exercise", "server", WIRELAB_LABS=LABS, WIRELAB_PROGRAMS=PROGRAMS)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.source = self.folder / "autograder/source"
        with zipfile.ZipFile(self.zip) as archive:
            self.assertIsNone(archive.testzip())
            self.modes = {one.filename: stat.S_IMODE(one.external_attr >> 16) for one in archive.infolist()}
            archive.extractall(self.source)
        for name, mode in self.modes.items():
            (self.source / name).chmod(mode)

    def run_autograder(self, text, grader):
        """As Gradescope does, with what setup.sh would have built."""
        (self.source / "wirelab").write_text(grader)
        submission = self.folder / "autograder/submission"
        shutil.rmtree(submission, ignore_errors=True)
        submission.mkdir(parents=True)
        (submission / "server.py").write_text(text)
        done = subprocess.run([self.source / "run_autograder"], capture_output=True, text=True, timeout=240,
                              env=dict(os.environ, AUTOGRADER=str(self.folder / "autograder"), WIRELAB_LABS=LABS, WIRELAB_PROGRAMS=PROGRAMS))
        self.assertEqual(done.returncode, 0, done.stderr)
        result = json.loads((self.folder / "autograder/results/results.json").read_text())
        self.assertEqual(formats.gradescope(result), [])
        return result

    def test_what_the_package_holds(self):
        for name in ("setup.sh", "run_autograder", "wirelab"):
            self.assertEqual(self.modes[name] & 0o111, 0o111, f"{name} is executable")
        for name in ("meson.build", "labs/01-sockets/server.cpp", "labs/01-sockets/client.cpp", "labs/01-sockets/lab.toml", "tracer/meson.build"):
            self.assertIn(name, self.modes)
        self.assertEqual([name for name in self.modes if name.startswith(("/", "build/", ".git/")) or ".." in name.split("/")], [])
        for script in ("setup.sh", "run_autograder"):
            self.assertEqual(subprocess.run(["bash", "-n", self.source / script]).returncode, 0, script)

    def test_results_for_good_and_bad_work(self):
        if not has_hosts():
            self.skipTest("no hosts can be made here")
        grader = f'#!/bin/sh\nexec "{WIRELAB}" "$@"\n'
        good, bad = self.run_autograder(GOOD, grader), self.run_autograder(HASTY, grader)
        points = [sum(test["score"] for test in one["tests"]) for one in (good, bad)]
        most = sum(test["max_score"] for test in good["tests"])
        self.assertEqual(points[0], most)
        self.assertTrue(0 < points[1] < most, points)

    def test_there_is_a_result_whatever_happens(self):
        result = self.run_autograder(GOOD, "#!/bin/sh\nexit 3\n")
        self.assertEqual(result["score"], 0)
        self.assertIn("status 3", result["output"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[4:], verbosity=2)
