#!/usr/bin/env python3
"""The learner's loop from outside: check, hint, reset, progress, replay, watch, over a lab of the tests'
own whose wrong solutions are known. Usage: check_test.py WIRELAB TRACER LABS PROGRAMS"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

WIRELAB, TRACER, LABS, PROGRAMS = map(os.path.abspath, sys.argv[1:5])

PYTHON_SERVER = """
import os, socket, sys, threading
listener = socket.create_server(("", int(sys.argv[1])))
def serve(client):
    count = 0
    try:
        while piece := client.recv(4096):
            count += len(piece)
        client.sendall(b"received %d bytes\\n" % count)
    except OSError:
        pass
    client.close()
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],)).start()
"""
# Right for one client at a time; nobody else is served meanwhile.
PYTHON_SEQUENTIAL = PYTHON_SERVER.replace("threading.Thread(target=serve, args=(listener.accept()[0],)).start()", "serve(listener.accept()[0])")
SOCAT = "socat -t 5 TCP-LISTEN:{port},fork SYSTEM:'n=$(wc -c); echo received $n bytes'"
SOCAT_ONCE = SOCAT.replace(",fork", "")  # ends with its first client


class Loop(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="wirelab-test-"))
        shutil.copytree(LABS, self.folder / "labs")
        self.lab = self.folder / "labs" / "90-letters"
        self.state = self.folder / "state"
        self.env = dict(os.environ, WIRELAB_LABS=str(self.folder / "labs"), WIRELAB_PROGRAMS=PROGRAMS, WIRELAB_STATE=str(self.state))

    def tearDown(self):
        shutil.rmtree(self.folder)

    def wirelab(self, *words):
        done = subprocess.run([WIRELAB, "--width", "80", *words], env=self.env, cwd=self.folder, capture_output=True, text=True, timeout=120, check=False)
        return done.returncode, done.stdout + done.stderr

    def last_run(self):
        runs = sorted((self.state / "runs").glob("*.json"), key=lambda path: int(path.stem))
        return json.loads(runs[-1].read_text())

    def records(self):
        runs = sorted((self.state / "runs").glob("*.json"), key=lambda path: int(path.stem))
        return [json.loads(path.read_text()) for path in runs]

    def failed(self):
        return {rule["id"] for record in self.records() for rule in record["rules"] if rule["verdict"] == "fail"}


class Check(Loop):
    def test_reference_passes(self):
        code, said = self.wirelab("check", "90", "client", "--solution")
        self.assertEqual(code, 0, said)
        self.assertIn("pass", said)
        record = self.last_run()
        self.assertEqual((record["lab"], record["exercise"], record["verdict"], record["version"]), ("90-letters", "client", "pass", 1))
        self.assertEqual(record["earned"], record["points"])
        self.assertTrue(pathlib.Path(record["trace"]).exists())

    def test_unread_request_is_named_with_its_bytes_reason_and_repair(self):
        code, said = self.wirelab("check", "90", "server", "--file", str(self.lab / "wrong/letter_server_unread.cpp"))
        self.assertEqual(code, 1, said)
        words = " ".join(said.split())
        for part in ["closed its socket with 20000 bytes unread", "[RST,ACK]", "reason", "throw away data", "repair", "until recv() returns 0", "wirelab check 90-letters server", "wirelab replay", "wirelab hint"]:
            self.assertIn(part, words)
        self.assertLessEqual(max(len(line) for line in said.splitlines() if "/" not in line), 80, said)
        rule = next(rule for record in self.records() for rule in record["rules"] if rule["id"] == "no-rst")
        self.assertEqual((rule["verdict"], rule["points"], rule["earned"]), ("fail", 2, 0))
        self.assertIn(f"#{rule['packets'][0]}", rule["seen"])
        self.assertIn("RST", rule["ladder"])

    def test_backlog_is_not_service(self):
        code, said = self.wirelab("check", "90", "server", "--file", str(self.lab / "wrong/letter_server_sequential.cpp"))
        self.assertEqual(code, 1, said)
        self.assertIn("overlap", self.failed())
        self.assertIn("accept() fetches them one by one", " ".join(said.split()))
        self.assertIn("waits in recv()", " ".join(said.split()) + json.dumps(self.records()))

    def test_sanitizer_names_the_line(self):
        code, said = self.wirelab("check", "90", "server", "--file", str(self.lab / "wrong/letter_server_crashes.cpp"))
        self.assertEqual(code, 1, said)
        self.assertRegex(" ".join(said.split()), r"ended by a sanitizer, after #\d+.*heap-buffer-overflow .*letter_server_crashes.cpp:\d+")

    def test_signal_is_named(self):
        code, said = self.wirelab("check", "90", "echo-server", "--server", "sh -c 'kill -SEGV $$'")
        self.assertEqual(code, 1, said)
        self.assertIn("crashed with signal 11 (Segmentation fault)", " ".join(said.split()))

    def test_hang_names_the_call(self):
        script = "import socket,sys; s=socket.create_server((\"\", int(sys.argv[1]))); c,_=s.accept(); d,_=s.accept()"
        code, said = self.wirelab("check", "90", "server", "--server", f"python3 -c '{script}' {{port}}")
        self.assertEqual(code, 1, said)
        self.assertIn("accept()", json.dumps(self.records()))

    def test_program_that_ignores_sigterm_is_named(self):
        """It need not be wrong for that; but whoever reads the verdict, or wonders about a peer that hangs, is told."""
        note = "asked to end (SIGTERM), the server's program went on and was killed"
        deaf = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        never_accepts = "import socket, sys\nlistener = socket.create_server((\"\", int(sys.argv[1])))\nwhile True: signal.pause()\n"
        for name, program, expected, peer in ("good", PYTHON_SERVER, 0, "is done"), ("idle", never_accepts, 1, "hangs"):
            (self.folder / f"{name}.py").write_text(deaf + program)
            code, said = self.wirelab("check", "90", "server", "--server", f"python3 {name}.py {{port}}")
            self.assertEqual(code, expected, said)
            self.assertIn(note, " ".join(said.split()))
            for record in self.records()[-3:]:  # of this check
                steps = [step["text"] for step in record["steps"]]
                self.assertIn(f"the server's program is stopped: its peer {peer}", steps)
                self.assertIn("the server's program goes on after SIGTERM and is killed", steps)
                self.assertEqual(next(rule["note"] for rule in record["rules"] if rule["id"] == "runs"), note)
        self.assertNotIn("note", self.wirelab("check", "90", "server", "--solution")[1])

    def test_program_that_turns_to_its_own_host_is_told(self):
        """The address that worked with both programs on one machine: refused here, for another reason than one thinks."""
        for at, refused in ("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("10.0.0.2", None):
            code, said = self.wirelab("check", "90", "client", "--client", f"python3 -c 'import socket; socket.create_connection((\"{at}\", 9)) # {{server}} {{port}}'")
            self.assertEqual(code, 1, said)
            note = next(rule["note"] for rule in self.last_run()["rules"] if rule["id"] == "runs")
            self.assertEqual(note, f"the client's program tried to reach {refused}: that is its own host, neither the other one nor this machine" if refused else "")
            self.assertEqual("note" in said, refused is not None, said)

    def test_compile_error_is_shown_as_the_compiler_said_it(self):
        (self.lab / "exercise/echo_client.cpp").write_text("int main() { return nothing; }\n")
        code, said = self.wirelab("check", "90", "client")
        self.assertEqual(code, 1)
        self.assertIn("echo_client.cpp:1:21: error:", said)

    def test_questions_are_judged_one_by_one(self):
        code, said = self.wirelab("check", "90", "offsets")
        self.assertEqual(code, 1, said)
        capture = self.state / "captures/90-letters-offsets.pcapng"
        ports = subprocess.run([TRACER, "-r", capture, "-Y", "udp && frame.interface_id == 0", "-T", "fields", "-e", "udp.srcport"], capture_output=True, text=True, check=True).stdout.split()
        (self.lab / "exercise/answers.toml").write_text(f"ip-offset = 0x0e\nip-length = 20\nudp-offset = 35\nsource-port = {ports[0]}\n")
        code, said = self.wirelab("check", "90", "offsets")
        self.assertEqual(code, 1, said)
        verdicts = {rule["id"]: rule["verdict"] for rule in self.last_run()["rules"]}
        self.assertEqual(verdicts, {"ip-offset": "pass", "ip-length": "pass", "udp-offset": "fail", "source-port": "pass"})
        (self.lab / "exercise/answers.toml").write_text(f"ip-offset = 14\nip-length = 20\nudp-offset = 34\nsource-port = {ports[0]}\n")
        code, said = self.wirelab("check", "90", "offsets")
        self.assertEqual(code, 0, said)


class Languages(Loop):
    def verdict(self, command):
        code, said = self.wirelab("check", "90", "server", "--server", command)
        return code, self.failed(), said

    def test_python(self):
        (self.folder / "server.py").write_text(PYTHON_SERVER)
        code, failed, said = self.verdict("python3 server.py {port}")
        self.assertEqual((code, failed), (0, set()), said)

    def test_python_sequential(self):
        (self.folder / "server.py").write_text(PYTHON_SEQUENTIAL)
        code, failed, said = self.verdict("python3 server.py {port}")
        self.assertEqual((code, failed), (1, {"overlap", "runs"}), said)

    @unittest.skipUnless(shutil.which("socat"), "no socat here")
    def test_shell(self):
        code, failed, said = self.verdict(SOCAT)
        self.assertEqual((code, failed), (0, set()), said)

    @unittest.skipUnless(shutil.which("socat"), "no socat here")
    def test_shell_that_serves_once(self):
        code, failed, said = self.verdict(SOCAT_ONCE)
        self.assertEqual(code, 1, said)
        self.assertTrue({"overlap", "survives"} <= failed <= {"overlap", "survives", "runs"}, (failed, said))

    def test_script_in_the_place_of_the_starter(self):
        (self.lab / "exercise/letter_server.cpp").unlink()
        (self.lab / "exercise/letter_server.py").write_text(PYTHON_SERVER)
        code, said = self.wirelab("check", "90", "server")
        self.assertEqual(code, 0, said)


class Learning(Loop):
    def test_hint_by_hint_and_back_to_the_start(self):
        starter = (self.lab / "exercise/echo_server.cpp").read_text()
        code, said = self.wirelab("check", "90", "echo-server")
        self.assertEqual(code, 1, said)
        code, said = self.wirelab("progress")
        self.assertRegex(said, r"90-letters +echo-server +1 try, fails by ")
        code, first = self.wirelab("hint", "90", "server")
        code, second = self.wirelab("hint", "90", "server")
        self.assertNotIn("hint 2", first)
        self.assertIn("hint 1", second)
        self.assertIn("hint 2", second)
        shutil.copy(self.lab / "echo_server.cpp", self.lab / "exercise/echo_server.cpp")
        code, said = self.wirelab("check", "90", "echo-server")
        self.assertEqual(code, 0, said)
        code, said = self.wirelab("progress")
        self.assertRegex(said, r"90-letters +echo-server +2 tries, done on ")
        self.assertIn("1 of 4 exercises done", said)
        code, said = self.wirelab("reset", "90", "echo-server")
        self.assertEqual(code, 0, said)
        self.assertEqual((self.lab / "exercise/echo_server.cpp").read_text(), starter)
        self.assertTrue((self.lab / "exercise/echo_server.cpp.mine-1").exists())

    def test_commands_at_the_same_time_lose_nothing(self):
        """As in two terminals: each command adds to what the others have written down meanwhile."""
        commands = [["check", "90", "server", "--server", SOCAT]] * 3 + [["check", "90", "echo-server"]] * 3 + [["check", "90", "client", "--solution"]] * 2
        commands += [["hint", "90", "server"]] * 2
        running = [subprocess.Popen([WIRELAB, *words], env=self.env, cwd=self.folder, stdout=subprocess.PIPE, text=True) for words in commands]
        said = [one.communicate(timeout=120)[0] for one in running]
        progress = self.wirelab("progress")[1]
        self.assertRegex(progress, r"90-letters +server +3 tries", said)
        self.assertRegex(progress, r"90-letters +echo-server +3 tries")
        self.assertRegex((self.state / "progress").read_text(), r"90-letters/server .*hint:\S+=2\n")
        told = sorted(int(line.split()[3]) for text in said for line in text.splitlines() if line.startswith("replay "))
        self.assertEqual(len(told), len(set(told)), "each failure has a run of its own to replay")
        runs = sorted(int(path.stem) for path in (self.state / "runs").glob("*.json"))
        self.assertEqual(runs, list(range(1, len(runs) + 1)))
        scenarios = {name: len({record["scenario"] for record in self.records() if record["exercise"] == name}) for name in ("server", "echo-server", "client")}
        self.assertEqual(len(runs), 3 * scenarios["server"] + 3 * scenarios["echo-server"] + 2 * scenarios["client"])

    def test_replay_shows_an_earlier_run(self):
        self.wirelab("check", "90", "echo-server", "--solution")
        self.wirelab("check", "90", "echo-server", "--seed", "7", "--solution")
        code, said = self.wirelab("replay", "1")
        self.assertEqual(code, 0, said)
        self.assertIn("datagrams, seed 1", said)
        self.assertIn("ping 5", said)
        code, said = self.wirelab("replay", "2", "--packet", "1")
        self.assertEqual(code, 0, said)
        self.assertIn("udp.dstport", said)
        code, said = self.wirelab("replay", "1", "--packet", "999")
        self.assertEqual(code, 2, said)
        code, said = self.wirelab("replay", "9")
        self.assertEqual(code, 2, said)

    def watch(self, **more):
        """Saves the right solution while the starter is watched; gives what was said of each."""
        process = subprocess.Popen([WIRELAB, "watch", "90", "echo-server"], env=dict(self.env, **more), cwd=self.folder, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        timer = threading.Timer(60, process.kill)
        timer.start()
        verdicts = []
        for line in process.stdout:
            if line.startswith("echo-server: "):
                verdicts.append(line.split()[1])
            if line.startswith("watching"):
                if len(verdicts) == 2:
                    break
                fresh = self.lab / "exercise/echo_server.cpp.new"
                shutil.copy(self.lab / "echo_server.cpp", fresh)
                os.replace(fresh, self.lab / "exercise/echo_server.cpp")  # as editors save
        process.terminate()
        process.stdout.close()
        process.wait()
        timer.cancel()
        return verdicts

    def test_watch_checks_again_on_save(self):
        self.assertEqual(self.watch(), ["fail", "pass"])

    def test_watch_works_without_inotify(self):
        self.assertEqual(self.watch(WIRELAB_POLL="1"), ["fail", "pass"])

    def test_unknown_names_are_told(self):
        code, said = self.wirelab("check", "90", "sever")
        self.assertEqual(code, 2)
        self.assertIn("server", said)
        code, said = self.wirelab("check", "91")
        self.assertEqual(code, 2)


if __name__ == "__main__":
    if subprocess.run(["unshare", "-Urn", "true"], capture_output=True, check=False).returncode != 0:
        print("no user namespaces here")
        sys.exit(77)
    unittest.main(argv=[sys.argv[0], "-v", *sys.argv[5:]])
