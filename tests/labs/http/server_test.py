#!/usr/bin/env python3
"""Lab 06's server, and the others that serve its site: what they accept, refuse, and survive.

    server_test.py COMMAND...     with {port} and {folder} in it; 2 seconds for a request
"""

import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from malformed import FINE, HOST, REQUESTS, get, post
from running import ask, free_port, read_reply, running

SECRET = b"this lies outside the root\n"


class Server(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.folder.name) / "www"
        for name in ("notes", "empty"):
            (cls.root / name).mkdir(parents=True)
        (cls.root / "hello.txt").write_bytes(b"hello\n")
        (cls.root / "index.html").write_bytes(b"<h1>index</h1>\n")
        (cls.root / "notes/index.html").write_bytes(b"notes\n")
        (cls.root / "big").write_bytes(bytes(range(256)) * 40000)
        (cls.root.parent / "secret.txt").write_bytes(SECRET)
        (cls.root / "way-out").symlink_to("../secret.txt")
        (cls.root / "way-up").symlink_to("..")
        (cls.root / "passwd").symlink_to("/etc/passwd")
        (cls.root / "inside").symlink_to("hello.txt")
        os.mkfifo(cls.root / "pipe")
        cls.port = free_port()
        cls.keeper = running([word.format(port=cls.port, folder=cls.root) for word in COMMAND], cls.port)
        cls.program = cls.keeper.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.keeper.__exit__(None, None, None)
        cls.folder.cleanup()

    def test_malformed_requests_get_the_status_that_says_why(self):
        self.assertGreater(len(REQUESTS), 60)
        for status, what, request in REQUESTS:
            with self.subTest(what):
                replies = ask(self.port, request)
                self.assertEqual([reply[0] for reply in replies], [status])
                self.assertNotIn(SECRET, replies[0][2])
        self.assertIsNone(self.program.poll())

    def test_odd_but_right_requests_are_served(self):
        for status, what, request in FINE:
            with self.subTest(what):
                self.assertEqual([reply[0] for reply in ask(self.port, request)], [status])

    def test_pieces_make_no_difference(self):
        for status, what, request in FINE + REQUESTS:
            if len(request) < 300:
                with self.subTest(what):
                    self.assertEqual([reply[0] for reply in ask(self.port, request, dribble=True)], [status])

    def test_nothing_is_served_after_a_refusal(self):
        smuggled = post(b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n" + get())
        self.assertEqual([reply[0] for reply in ask(self.port, smuggled)], [400])

    def test_pipelined_requests_are_answered_in_order(self):
        request = get() + get(target=b"/nothing") + post(b"Content-Length: 3\r\n", b"abc") + post(
            b"Transfer-Encoding: chunked\r\n", b"2\r\nde\r\n0\r\n\r\n") + get(target=b"/inside")
        for dribble in (False, True):
            replies = ask(self.port, request, dribble)
            self.assertEqual([(r[0], r[2]) for r in replies if r[0] == 200],
                             [(200, b"hello\n"), (200, b"abc"), (200, b"de"), (200, b"hello\n")])
            self.assertEqual([r[0] for r in replies], [200, 404, 200, 200, 200])

    def test_a_body_that_is_not_read_is_no_request(self):
        inner = get(target=b"/nothing")
        request = get(b"Content-Length: %d\r\n" % len(inner)) + inner + get()
        self.assertEqual([reply[0] for reply in ask(self.port, request)], [200, 200])

    def test_close_is_honoured(self):
        self.assertEqual(len(ask(self.port, get(b"Connection: close\r\n") + get())), 1)
        self.assertEqual(len(ask(self.port, b"GET /hello.txt HTTP/1.0\r\n\r\n" + get())), 1)
        self.assertEqual(len(ask(self.port, b"GET /hello.txt HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + get())), 2)

    def test_head_has_the_fields_and_no_body(self):
        for target in (b"/hello.txt", b"/nothing", b"/notes"):
            (_, fields, body), = ask(self.port, get(target=target))
            (_, head_fields, _), = ask(self.port, get(target=target, method=b"HEAD"))
            self.assertEqual(head_fields["content-length"], str(len(body)))
            self.assertEqual(fields.keys(), head_fields.keys())

    def test_ranges(self):
        whole = (self.root / "big").read_bytes()
        size = len(whole)
        for wanted, first, last in (("0-99", 0, 99), ("100-", 100, size - 1), ("-7", size - 7, size - 1),
                                    (f"{size - 1}-{size + 50}", size - 1, size - 1), ("5-5", 5, 5)):
            (status, fields, body), = ask(self.port, get(f"Range: bytes={wanted}\r\n".encode(), b"/big"))
            self.assertEqual((status, fields["content-range"]), (206, f"bytes {first}-{last}/{size}"), wanted)
            self.assertEqual(body, whole[first:last + 1], wanted)
        for wanted in (f"{size}-", "-0", f"{size}-{size + 5}"):
            (status, fields, _), = ask(self.port, get(f"Range: bytes={wanted}\r\n".encode(), b"/big"))
            self.assertEqual((status, fields["content-range"]), (416, f"bytes */{size}"), wanted)
        for wanted in ("bytes=5-3", "bytes=0-1,5-6", "lines=1-2", "bytes=a-b", "bytes=-", "bytes=0-1x",
                       "bytes=99999999999999999999999-5"):
            (status, _, body), = ask(self.port, get(f"Range: {wanted}\r\n".encode(), b"/big"))
            self.assertEqual((status, len(body)), (200, size), wanted)

    def test_conditions(self):
        (_, fields, _), = ask(self.port, get())
        tag, date = fields["etag"], fields["last-modified"]
        for condition, status in ((f"If-None-Match: {tag}", 304), ("If-None-Match: *", 304), ('If-None-Match: "x"', 200),
                                  (f'If-None-Match: "x", W/{tag}', 304), (f"If-Modified-Since: {date}", 304),
                                  ("If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT", 200),
                                  ("If-Modified-Since: yesterday", 200), (f"If-Match: {tag}", 200), ('If-Match: "x"', 412),
                                  ("If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT", 412),
                                  (f'If-None-Match: "x"\r\nIf-Modified-Since: {date}', 200),
                                  (f'If-Range: "x"\r\nRange: bytes=0-1', 200), (f"If-Range: {tag}\r\nRange: bytes=0-1", 206)):
            (got, fields, body), = ask(self.port, get(condition.encode() + b"\r\n"))
            self.assertEqual(got, status, condition)
            if got == 304:
                self.assertEqual((body, fields["etag"]), (b"", tag))

    def test_continue_comes_before_the_body(self):
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(post(b"Content-Length: 3\r\nExpect: 100-continue\r\n"))
            self.assertTrue(connection.recv(1000).startswith(b"HTTP/1.1 100 Continue\r\n\r\n"))
            connection.sendall(b"abc")
            with connection.makefile("rb") as stream:
                self.assertEqual(read_reply(stream)[2], b"abc")
        # Nobody is told to go on who is refused.
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(post(b"Content-Length: 99999999\r\nExpect: 100-continue\r\n"))
            self.assertTrue(connection.recv(1000).startswith(b"HTTP/1.1 413 "))

    def test_an_early_refusal_arrives_though_the_body_still_comes(self):
        for _ in range(20):
            body = b"x" * 3_000_000
            replies = ask(self.port, post(b"Content-Length: %d\r\n" % len(body), body))
            self.assertEqual([reply[0] for reply in replies], [413])

    def test_slow_clients_are_cut_off_and_nobody_waits_for_them(self):
        slow = [socket.create_connection(("127.0.0.1", self.port), timeout=20) for _ in range(100)]
        stop = threading.Event()

        def drip():
            for text in get(b"A: b\r\n" * 1000):
                for one in slow:
                    try:
                        one.send(bytes([text]))
                    except OSError:
                        pass
                if stop.wait(0.2):
                    return

        dripping = threading.Thread(target=drip)
        dripping.start()
        try:
            for _ in range(20):  # meanwhile
                self.assertEqual(ask(self.port, get())[0][0], 200)
            for one in slow:  # 2 seconds for a request, however busily it drips
                with one.makefile("rb") as stream:
                    self.assertEqual(read_reply(stream)[0], 408)
        finally:
            stop.set()
            dripping.join()
            for one in slow:
                one.close()

    def test_the_idle_are_let_go_without_a_word(self):
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            self.assertEqual(connection.recv(100), b"")

    def test_curl(self):
        def curl(*words):
            return subprocess.run(["curl", "-sS", "--max-time", "20", *words], capture_output=True, check=True).stdout
        at = f"http://127.0.0.1:{self.port}"
        self.assertEqual(curl(f"{at}/big"), (self.root / "big").read_bytes())
        self.assertEqual(curl("-L", f"{at}/notes"), b"notes\n")
        body = os.urandom(900_000)
        for words in ((), ("-H", "Transfer-Encoding: chunked"), ("-0",)):
            sent = subprocess.run(["curl", "-sS", "--data-binary", "@-", *words, f"{at}/echo"], input=body,
                                  capture_output=True, check=True).stdout
            self.assertEqual(sent, body)
        connects = curl("-o", "/dev/null", "-o", "/dev/null", "-w", "%{num_connects} ", f"{at}/", f"{at}/hello.txt")
        self.assertEqual(connects, b"1 0 ")
        codes = curl("--data-binary", "@" + str(self.root / "big"), "-o", "/dev/null", "-w", "%{http_code}", f"{at}/echo")
        self.assertEqual(codes, b"413")

    @unittest.skipUnless(shutil.which("wrk"), "no wrk here")
    def test_wrk_sees_no_error(self):
        out = subprocess.run(["wrk", "-t1", "-c20", "-d1s", f"http://127.0.0.1:{self.port}/hello.txt"],
                             capture_output=True, text=True, check=True).stdout
        self.assertIn("requests in", out)
        self.assertNotIn("Socket errors", out)
        self.assertNotIn("Non-2xx", out)

    @unittest.skipUnless(shutil.which("chromium"), "no chromium here")
    def test_chromium_shows_the_page(self):
        with tempfile.TemporaryDirectory() as profile:
            out = subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}",
                                  "--dump-dom", f"http://127.0.0.1:{self.port}/"], capture_output=True, text=True, timeout=60).stdout
        self.assertIn("<h1>index</h1>", out)


if __name__ == "__main__":
    COMMAND = sys.argv[1:]
    unittest.main(argv=sys.argv[:1])
