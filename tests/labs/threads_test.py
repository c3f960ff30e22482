#!/usr/bin/env python3
"""The programs of labs 07 and 08, built with ThreadSanitizer, under clients that come at once: it must find
nothing, and must find the race in the starter of an exercise. argv: the folder of the sanitized programs, that of
the labs' programs."""

import concurrent.futures
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "http"))
from running import ask, free_port, running  # noqa: E402

ENVIRONMENT = {**os.environ, "TSAN_OPTIONS": "halt_on_error=0:exitcode=66"}
# The sanitizer of these compilers cannot live with much randomness in the layout of memory.
FIXED = ["setarch", "-R"] if shutil.which("setarch") and not subprocess.run(["setarch", "-R", "true"], capture_output=True).returncode else []
GET = b"GET /hello.txt HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Races(unittest.TestCase):
    def reported(self, name, *words, clients):
        """What the sanitizer says of the program while `clients(port)` runs."""
        port = free_port()
        with tempfile.TemporaryFile() as said:
            with running([*FIXED, SANITIZED / f"{name}_tsan", *[str(word).format(port=port) for word in words]], port, stdout=subprocess.DEVNULL,
                         stderr=said, env=ENVIRONMENT) as program:
                clients(port)
                if name == "graceful":
                    program.send_signal(signal.SIGTERM)
                    self.assertEqual(program.wait(60), 0)
            said.seek(0)
            return said.read().decode(errors="replace")

    def client(self, name, port):
        subprocess.run([LABS / "07-threads" / name, "localhost", str(port)], capture_output=True, timeout=60)

    def crowd(self, port):
        """40 clients, each with four requests on a connection, by turns whole and byte by byte."""
        with concurrent.futures.ThreadPoolExecutor(40) as many:
            for replies in many.map(lambda i: ask(port, GET * 4, dribble=i % 8 == 0), range(40)):
                self.assertEqual([status for status, _, _ in replies], [200] * 4)

    def site(self, name, *words):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "hello.txt").write_text("hello\n")
            return self.reported(name, *words, "{port}", folder, "20", clients=self.crowd)

    def test_a_lock_is_enough(self):
        self.assertEqual(self.reported("tickets", "{port}", clients=lambda port: self.client("queuers", port)), "")

    def test_without_it_there_is_a_race(self):
        said = self.reported("tickets_unlocked", "{port}", clients=lambda port: self.client("queuers", port))
        self.assertIn("data race", said)

    def test_the_pool_of_two(self):
        self.assertEqual(self.reported("pool_of_two", "{port}", clients=lambda port: self.client("visitors", port)), "")

    def test_closing_time(self):
        def some_stay(port):
            with socket.create_connection(("127.0.0.1", port)) as first, socket.create_connection(("127.0.0.1", port)) as second:
                first.sendall(b"x\n")
                second.sendall(b"x\n")
                self.assertTrue(first.recv(100) and second.recv(100))

        self.assertEqual(self.reported("graceful", "{port}", clients=some_stay), "")

    def test_a_thread_for_each(self):
        self.assertEqual(self.site("threads", "threads"), "")

    def test_a_pool(self):
        self.assertEqual(self.site("threads", "pool"), "")

    def test_a_reactor(self):
        self.assertEqual(self.site("reactor"), "")


if __name__ == "__main__":
    SANITIZED, LABS = (pathlib.Path(word) for word in sys.argv[1:3])
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
