#!/usr/bin/env python3
"""An installed wirelab works for a user who may not write where it lies. argv: the build folder, meson."""

import os
import pathlib
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest

BUILD = pathlib.Path(sys.argv[1]).resolve()
MESON = sys.argv[2:]
NOBODY = 65534


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="wirelab-installed-"))
        cls.folder.chmod(0o755)
        subprocess.run([*MESON, "install", "-C", str(BUILD), "--no-rebuild", "--quiet", "--destdir", str(cls.folder / "dest")], check=True, capture_output=True)
        cls.bin = next((cls.folder / "dest").rglob("bin/wirelab")).parent
        cls.prefix = cls.bin.parent
        cls.home = cls.folder / "home"
        cls.home.mkdir()
        for path in [cls.folder / "dest", *(cls.folder / "dest").rglob("*")]:  # as for users who do not own it
            if not path.is_symlink():
                path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
        if os.getuid() == 0:
            os.chown(cls.home, NOBODY, NOBODY)

    @classmethod
    def tearDownClass(cls):
        for path in (cls.folder / "dest").rglob("*"):
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o755)
        shutil.rmtree(cls.folder, ignore_errors=True)

    def run_it(self, *words):
        environment = {"PATH": f"{self.bin}:{os.environ['PATH']}", "HOME": str(self.home), "NO_COLOR": "1", "LANG": "C.UTF-8"}
        other = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
        return subprocess.run(words, cwd=self.home, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, **other)

    def test_places(self):
        for place in ("bin/wirelab", "bin/tracer", "share/man/man1/wirelab.1", "share/man/man1/tracer.1", "share/bash-completion/completions/wirelab",
                      "share/bash-completion/completions/tracer", "share/zsh/site-functions/_wirelab", "share/wirelab/labs/03-closing/lab.toml",
                      "share/wirelab/labs/support/lab.hpp", "libexec/wirelab/labs/03-closing/upload", "libexec/wirelab/labs/peers/peer"):
            self.assertTrue((self.prefix / place).exists(), place)

    def test_every_program_of_the_build_is_there(self):
        for lab in (self.prefix / "share/wirelab/labs").glob("[0-9]*"):
            built = {path.name for path in (BUILD / "labs" / lab.name).iterdir() if path.is_file() and os.access(path, os.X_OK)}
            there = {path.name for path in (self.prefix / "libexec/wirelab/labs" / lab.name).iterdir()}
            self.assertLessEqual(built, there, lab.name)

    def test_what_needs_no_network_of_ones_own(self):
        self.assertIn("03-closing", self.run_it("wirelab", "list").stdout)
        self.assertEqual(self.run_it("wirelab", "trace", "--version").stdout, self.run_it("tracer", "--version").stdout)
        if (BUILD / "bench/wirelab-bench").exists():
            self.assertEqual(self.run_it("wirelab", "bench", "--list").returncode, 0)

    def test_labs_run_and_are_judged(self):
        doctor = self.run_it("wirelab", "doctor")
        if doctor.returncode != 0:
            self.skipTest(doctor.stdout)
        run = self.run_it("wirelab", "run", "12-tls")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertIn("├─ [SYN]", run.stdout)
        traced = self.run_it("wirelab", "run", "01-sockets", "-T", "summary")
        self.assertEqual(traced.returncode, 0, traced.stderr)

        starter = self.run_it("wirelab", "check", "01-sockets", "server")
        self.assertEqual(starter.returncode, 1, starter.stdout + starter.stderr)
        own = self.home / "wirelab/01-sockets"
        self.assertIn(str(self.home / "wirelab"), starter.stderr)
        self.assertNotIn("./wirelab", starter.stdout)
        # What one writes there is what is judged.
        shutil.copyfile(own / "server.cpp", own / "exercise/server.cpp")
        for _ in range(3):  # a run that the machine spoilt is no answer
            mine = self.run_it("wirelab", "check", "01-sockets", "server")
            if mine.returncode != 2:
                break
        self.assertEqual(mine.returncode, 0, mine.stdout + mine.stderr)
        self.assertIn("done on", self.run_it("wirelab", "progress").stdout)
        self.assertEqual(self.run_it("wirelab", "reset", "01-sockets", "server").returncode, 0)
        self.assertNotEqual((own / "server.cpp").read_text(), (own / "exercise/server.cpp").read_text())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
