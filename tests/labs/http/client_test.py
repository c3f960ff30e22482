#!/usr/bin/env python3
"""Lab 05's get, against every shape of response and against servers that we did not write.

    client_test.py GET BY_HAND SHAPES SERVER     programs of labs 05 and 06
"""

import contextlib
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

from running import free_port, nginx, running

STORY = b"Once upon a time there was a byte.\nIt had a sequence number, and was content.\n"


def get(*words, status=0):
    """What it printed, and what it said about it."""
    done = subprocess.run([GET, *map(str, words)], capture_output=True, timeout=60)
    assert done.returncode == status, (done.returncode, done.stderr)
    return done.stdout, done.stderr.decode()


class Shapes(unittest.TestCase):
    """The reading, whatever the pieces."""

    def test_every_shape_whole_and_dribbled(self):
        for mode in ([], ["dribble"]):
            port = free_port()
            with self.subTest(mode), running([SHAPES, port, *mode], port, stderr=subprocess.DEVNULL):
                at = f"http://127.0.0.1:{port}"
                out, said = get(at + "/story", at + "/chunked", at + "/hints", at + "/a/moved", at + "/close", at + "/story")
                self.assertEqual(out, STORY * 6)
                self.assertEqual(re.findall(r"on a (\w+) connection", said), ["new", "kept", "kept", "kept", "kept", "new"])
                out, said = get("--head", at + "/story", at + "/chunked", at + "/story")
                self.assertEqual((out, said.count("new connection")), (b"", 1))
                for path, why in (("/circle", "a circle?"), ("/short", "922 bytes too early"), ("/two-lengths", "several Content-Length: 5, 50")):
                    self.assertIn(why, get(at + path, status=1)[1])
                self.assertIn("404", get(at + "/nothing", status=1)[1])
                self.assertEqual(subprocess.run([BY_HAND, "127.0.0.1", str(port), "/story"], capture_output=True, timeout=20).stdout.split(b"\r\n\r\n")[1], STORY)

    def test_patience_ends_however_busy_the_server_is(self):
        port = free_port()
        with running([SHAPES, port], port, stderr=subprocess.DEVNULL):
            for path in ("/silent", "/drip"):
                self.assertIn("no time left", get("--within", 500, f"http://127.0.0.1:{port}{path}", status=1)[1])

    def test_bad_urls_are_told(self):
        for url, why in (("example.org", "no http://"), ("ftp://a/", "neither"), ("http:///x", "no host"), ("http://a:b/", "no number"),
                         ("http://me@a/", "misleads"), ("http://[::1/", "no ']'"), ("http://a/b c", "blanks"),
                         ("http://a/\r\nX: y", "blanks"), ("https://a/", "lab 12"), ("http://127.0.0.1:1/", "refused")):
            self.assertIn(why, get(url, status=1)[1])
        self.assertEqual(subprocess.run([GET], capture_output=True).returncode, 2)
        self.assertEqual(subprocess.run([GET, "--within"], capture_output=True).returncode, 2)


class Odd(unittest.TestCase):
    """A server that says one thing and goes."""

    def said(self, *replies, status=0, words=()):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]

            def serve():
                for reply in replies:
                    client, _ = listener.accept()
                    with client:
                        client.recv(65536)
                        client.sendall(reply)
                        with contextlib.suppress(OSError):  # it may be gone already
                            client.shutdown(socket.SHUT_WR)
                            client.recv(65536)

            thread = threading.Thread(target=serve)
            thread.start()
            try:
                return get(*words, f"http://127.0.0.1:{port}/a/b?c", status=status)
            finally:
                thread.join()

    def test_responses(self):
        ok = b"HTTP/1.1 200 OK\r\n"
        for reply, body in ((ok + b"Content-Length: 3, 3\r\n\r\nabc", b"abc"), (ok + b"content-LENGTH:3\r\n\r\nabcdef", b"abc"),
                            (ok + b"Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n3\r\nabc\r\n0\r\n\r\n", b"abc"),
                            (ok + b"A: b\r\n c\r\n\r\nabc", b"abc"), (b"HTTP/1.1 200\r\nContent-Length: 1\r\n\r\na", b"a"),
                            (b"HTTP/1.1 204 No Content\r\n\r\n", b""), (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", b""),
                            (ok + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nT: u\r\n\r\n", b"abc")):
            with self.subTest(reply):
                self.assertEqual(self.said(reply)[0], body)

    def test_faults(self):
        ok = b"HTTP/1.1 200 OK\r\n"
        chunked = ok + b"Transfer-Encoding: chunked\r\n\r\n"
        for reply in (b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/2 200\r\n\r\n", b"HTTP/1.1 2x0 OK\r\n\r\n", ok + b"Content-Length: -1\r\n\r\n",
                      ok + b"Content-Length: 5, 6\r\n\r\nabcdef", ok + b"Content-Length: 99999999999999999999999\r\n\r\n", ok + b"nonsense\r\n\r\n",
                      ok + b"A: b\n\n", ok[:9], ok, chunked + b"zz\r\n", chunked + b"ffffffffffffffffff\r\n", chunked + b"3\r\nabcd\r\n0\r\n\r\n",
                      chunked + b"3\r\nab", chunked + b"3\r\nabc\r\n", chunked + b"3\r\nabc\r\n0\r\n", ok + b"Transfer-Encoding: gzip\r\n\r\nabc",
                      ok + b"X: " + b"y" * 100_000 + b"\r\n\r\n", ok + b"A: b\r\n" * 1000 + b"\r\n", b"HTTP/1.1 302 F\r\nLocation: ftp://x/\r\nContent-Length: 0\r\n\r\n"):
            with self.subTest(reply[:60]):
                self.assertIn("get: ", self.said(reply, status=1)[1])

    def test_redirects(self):
        def moved(status, location):
            return b"HTTP/1.1 %d Moved\r\nConnection: close\r\nContent-Length: 0\r\nLocation: %s\r\n\r\n" % (status, location)
        end = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        for location, target in ((b"c", "/a/c"), (b"../c", "/c"), (b"/c?d", "/c?d"), (b"?d", "/a/b?d"), (b"./", "/a/"),
                                 (b"../../../c#frag", "/c"), (b"#frag", "/a/b?c"), (b".", "/a/")):
            for status in (301, 302, 303, 307, 308):
                out, said = self.said(moved(status, location), end)
                self.assertEqual(out, b"ok")
                self.assertRegex(said, re.escape(target) + ": 200")

    def test_a_kept_connection_that_is_gone_is_made_anew(self):
        kept = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        with socket.create_server(("127.0.0.1", 0)) as listener:
            at = f"http://127.0.0.1:{listener.getsockname()[1]}/"

            def serve():
                for _ in range(2):  # a server that closes after each reply without saying so
                    client, _ = listener.accept()
                    client.recv(65536)
                    client.sendall(kept)
                    client.close()

            thread = threading.Thread(target=serve)
            thread.start()
            self.assertEqual(get(at, at)[0], b"okok")
            thread.join()


class Servers(unittest.TestCase):
    """nginx, Python's, and lab 06: the same files from each."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.folder.name) / "www"
        (cls.root / "notes").mkdir(parents=True)
        (cls.root / "hello.txt").write_bytes(b"hello\n")
        (cls.root / "notes/index.html").write_bytes(b"notes\n")
        (cls.root / "big").write_bytes(os.urandom(10_000_000))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def fetches(self, port, kept):
        at = f"http://127.0.0.1:{port}"
        out, said = get(at + "/hello.txt", at + "/big", at + "/notes", at + "/hello.txt")
        self.assertEqual(out, b"hello\n" + (self.root / "big").read_bytes() + b"notes\n" + b"hello\n")
        self.assertIn("/notes/: 200", said)
        self.assertEqual(said.count("on a new connection"), 1 if kept else 4)
        self.assertIn("404", get(at + "/nothing", status=1)[1])
        self.assertEqual(get("--head", at + "/big")[0], b"")

    def test_lab_06(self):
        port = free_port()
        with running([SERVER, port, self.root], port):
            self.fetches(port, kept=True)
            text = "word " * 5000
            self.assertEqual(get("--post", text, f"http://127.0.0.1:{port}/echo")[0], text.encode())

    def test_python(self):
        port = free_port()
        with running([sys.executable, "-m", "http.server", port, "--bind", "127.0.0.1", "--directory", self.root], port,
                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
            self.fetches(port, kept=False)

    @unittest.skipUnless(shutil.which("nginx"), "no nginx here")
    def test_nginx(self):
        port = free_port()
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            os.chmod(self.folder.name, 0o755)
            lines = f"root {self.root}; location /moved {{ return 302 hello.txt; }} location /packed {{ alias {self.root}/hello.txt; chunked_transfer_encoding on; add_after_body /hello.txt; addition_types *; }}"
            with running(nginx(folder, port, lines), port, stderr=subprocess.DEVNULL):
                self.fetches(port, kept=True)
                self.assertEqual(get(f"http://127.0.0.1:{port}/moved")[0], b"hello\n")
                out, said = get(f"http://127.0.0.1:{port}/packed")
                self.assertEqual(out, b"hello\nhello\n")
                self.assertIn("(chunked)", said)


if __name__ == "__main__":
    GET, BY_HAND, SHAPES, SERVER = sys.argv[1:5]
    unittest.main(argv=sys.argv[:1] + sys.argv[5:])
