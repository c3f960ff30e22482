#!/usr/bin/env python3
"""TLS of lab 12: what it must refuse it refuses, and it speaks with programs that we did not write.
argv: wirelab, the folder of the built lab."""

import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest
import warnings

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "http"))
from running import free_port, running  # noqa: E402

LIMIT = 60  # seconds a program may take, also on a busy machine


def certificate(name):
    return LAB / "certificates" / f"{name}.pem"


def run(*words, text="", status=0, **options):
    """Runs it; gives back what it printed and what it said."""
    done = subprocess.run([str(word) for word in words], input=text.encode(), capture_output=True, timeout=LIMIT, **options)
    out, said = done.stdout.decode("latin-1"), done.stderr.decode("latin-1")
    assert done.returncode == status, f"{words}: exit {done.returncode}, expected {status}\n{out}\n{said}"
    return out, said


def get(port, *options, host="localhost", path="/hello.txt", status=0, **more):
    return run(LAB / "https_get", *(options or ["--ca", certificate("ca")]), f"https://{host}:{port}{path}", status=status, **more)


def client_for(version=None):
    """Python's TLS, which trusts our authority only."""
    context = ssl.create_default_context(cafile=certificate("ca"))
    if version:
        context.minimum_version = context.maximum_version = version
    return context


class Site(unittest.TestCase):
    """https_server, with a certificate of the test's choice."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        (self.root / "hello.txt").write_bytes(b"hello\n")
        (self.root / "big").write_bytes(os.urandom(3_000_000))

    def server(self, name="server", *options, **more):
        port = free_port()
        process = running([LAB / "https_server", *options, port, certificate(name), self.root], port, stderr=subprocess.DEVNULL, **more)
        process.__enter__()
        self.addCleanup(process.__exit__, None, None, None)
        return port


class Client(Site):
    """https_get: with whom does it speak?"""

    def test_both_versions(self):
        port = self.server()
        for option, version in [("--tls1.2", "TLSv1.2"), ("--tls1.3", "TLSv1.3")]:
            out, said = get(port, option, "--ca", certificate("ca"))
            self.assertEqual(out, "hello\n")
            self.assertIn(version + ",", said)
        self.assertIn("TLSv1.3", get(port)[1])

    def test_by_address_as_by_name(self):
        self.assertEqual(get(self.server(), host="127.0.0.1")[0], "hello\n")

    def test_a_body_of_many_records(self):
        done = subprocess.run([LAB / "https_get", "--ca", certificate("ca"), f"https://localhost:{self.server()}/big"],
                              capture_output=True, timeout=LIMIT)
        self.assertEqual(done.stdout, (self.root / "big").read_bytes())

    def refused(self, name, reason, *options):
        port = self.server(name)
        for version in ("--tls1.2", "--tls1.3"):
            out, said = get(port, version, *(options or ["--ca", certificate("ca")]), status=1)
            self.assertEqual(out, "")
            self.assertIn(reason, said)

    def test_another_name_is_refused(self):
        self.refused("other-name", "hostname mismatch")

    def test_what_has_expired_is_refused(self):
        self.refused("expired", "certificate has expired")

    def test_what_is_not_yet_good_is_refused(self):
        self.refused("not-yet", "certificate is not yet valid")

    def test_who_vouches_for_himself_is_refused(self):
        self.refused("self-signed", "self-signed certificate")

    def test_an_unknown_authority_is_refused(self):
        self.refused("server", "unable to get local issuer certificate", "--ca", certificate("self-signed"))

    def test_a_name_only_in_the_common_name_is_refused(self):
        # RFC 9525 §6.3: what counts is the alternative names. "server" is the common name of this one.
        port = self.server("other-name")
        self.assertIn("mismatch", get(port, status=1)[1])

    def test_resumed(self):
        port = self.server()
        for version in ("--tls1.2", "--tls1.3"):
            out, said = get(port, "--again", version, "--ca", certificate("ca"))
            self.assertEqual(out, "hello\nhello\n")
            self.assertEqual([", resumed" in line for line in said.splitlines() if "TLSv1" in line], [False, True])

    def test_a_length_makes_up_for_no_close_notify_and_the_end_of_the_connection_does_not(self):
        # The first replies with Content-Length, so that all is there before the end; the second does not.
        self.assertEqual(get(self.server("server", "--no-close-notify"))[0], "hello\n")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate("server"))
        for polite in (True, False):
            with socket.create_server(("127.0.0.1", 0)) as listener:
                def serve():
                    client = context.wrap_socket(listener.accept()[0], server_side=True)
                    client.recv(4096)
                    client.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhalf or all?")
                    if polite:
                        client = client.unwrap()
                    client.shutdown(socket.SHUT_WR)
                    client.recv(4096)
                    client.close()

                thread = threading.Thread(target=serve)
                thread.start()
                said = get(listener.getsockname()[1], host="127.0.0.1", status=0 if polite else 1)[1]
                thread.join()
                self.assertEqual("cut off" in said, not polite)

    def test_openssl_s_server(self):
        for version in ("-tls1_2", "-tls1_3"):
            port = free_port()
            with running(["openssl", "s_server", version, "-accept", port, "-cert", certificate("server"), "-WWW", "-alpn", "http/1.1",
                          "-servername", "localhost", "-cert2", certificate("server"), "-servername_fatal"],
                         port, cwd=self.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
                self.assertIn("hello", get(port)[0])  # it would have refused another name, or none


class Server(Site):
    """https_server, and clients that are not ours."""

    def test_curl(self):
        port = self.server()
        for version, most in [("1.2", "--tls-max 1.2"), ("1.3", "--tls-max 1.3")]:
            out, _ = run("curl", "-sS", "--fail", "--http1.1", f"--tlsv{version}", *most.split(), "--cacert", certificate("ca"),
                         f"https://localhost:{port}/hello.txt", f"https://localhost:{port}/hello.txt", "-w", "%{http_code} %{num_connects}\n")
            self.assertEqual(out, "hello\n200 1\nhello\n200 0\n")  # the second on the first's connection
        run("curl", "-sS", f"https://localhost:{port}/hello.txt", status=60)  # curl trusts us no more than it should

    def test_openssl_s_client(self):
        port = self.server()
        for version, name in [("-tls1_2", "TLSv1.2"), ("-tls1_3", "TLSv1.3")]:
            out, _ = run("openssl", "s_client", version, "-connect", f"localhost:{port}", "-servername", "localhost", "-alpn", "http/1.1",
                         "-verify_return_error", "-verify_hostname", "localhost", "-CAfile", certificate("ca"), "-ign_eof",
                         text="GET /hello.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            self.assertIn("hello\n", out)
            self.assertIn("ALPN protocol: http/1.1", out)
            self.assertIn(name, out)
            self.assertIn("Verify return code: 0 (ok)", out)

    @unittest.skipUnless(ssl.HAS_TLSv1_1, "this Python speaks no older versions")
    def test_older_versions_are_refused(self):
        context = client_for()
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():  # Python warns of what is tried here
            warnings.simplefilter("ignore")
            context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        with self.assertRaises(ssl.SSLError):
            with socket.create_connection(("127.0.0.1", self.server())) as plain:
                context.wrap_socket(plain, server_hostname="localhost")

    def test_a_protocol_that_we_do_not_speak_is_refused(self):
        context = client_for()
        context.set_alpn_protocols(["h2"])
        with self.assertRaises(ssl.SSLError) as refused, socket.create_connection(("127.0.0.1", self.server())) as plain:
            context.wrap_socket(plain, server_hostname="localhost")
        self.assertIn("no application protocol", str(refused.exception).lower().replace("_", " "))

    def test_it_resumes_sessions_of_others(self):
        port = self.server()
        context = client_for()
        session = None
        for _ in range(2):
            with socket.create_connection(("127.0.0.1", port)) as plain:
                with context.wrap_socket(plain, server_hostname="localhost", session=session) as client:
                    resumed = client.session_reused
                    client.sendall(b"GET /hello.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    while client.recv(4096):
                        pass
                    session = client.session
        self.assertTrue(resumed)

    def test_its_end_is_said_with_close_notify(self):
        context = client_for()
        # Some versions of Python take any end for a polite one, unless told not to.
        context.options &= ~getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)
        for options, polite in [([], True), (["--no-close-notify"], False)]:
            with socket.create_connection(("127.0.0.1", self.server("server", *options))) as plain:
                with context.wrap_socket(plain, server_hostname="localhost", suppress_ragged_eofs=False) as client:
                    client.sendall(b"GET /hello.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    try:
                        while client.recv(4096):
                            pass
                        self.assertTrue(polite)
                    except ssl.SSLError as error:  # in some versions its subclass SSLEOFError
                        self.assertIn("EOF", str(error))
                        self.assertFalse(polite)

    def test_who_speaks_no_tls_harms_nobody(self):
        port = self.server()
        silent = socket.create_connection(("127.0.0.1", port))
        for nonsense in (b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\xff\xff" + b"\0" * 100, os.urandom(300)):
            with socket.create_connection(("127.0.0.1", port)) as plain:
                plain.sendall(nonsense)
        self.assertEqual(get(port)[0], "hello\n")
        silent.close()


class Letters(unittest.TestCase):
    """The reader of the exercise, and the letter."""

    def read(self, name, *cut, status):
        port = free_port()
        with running([LAB / "letter", port, certificate(name), *cut], port, stderr=subprocess.DEVNULL):
            return run(LAB / "reader", "localhost", port, certificate("ca"), status=status)[0]

    def test_the_whole_letter_is_read(self):
        self.assertIn("No, wait: buy.\nreader: signed by localhost, and whole", self.read("server", status=0))

    def test_half_a_letter_is_not(self):
        self.assertEqual(self.read("server", "cut", status=1), "reader: the letter was cut short\n")

    def test_nobody_elses_letter_is_read(self):
        for name, reason in [("other-name", "hostname mismatch"), ("expired", "certificate has expired"), ("self-signed", "self-signed")]:
            printed = self.read(name, status=1)
            self.assertIn(reason, printed)
            self.assertNotIn("Sell", printed)


class OnTheWire(unittest.TestCase):
    """What an observer sees of a run, without the keys and with them."""

    @unittest.skipUnless(shutil.which("tshark"), "no tshark here")
    def test_wireshark_reads_along_with_the_key_log_and_not_without(self):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([WIRELAB, "run", "12-tls", "--scenario", "key-log", "--out", folder], capture_output=True, timeout=LIMIT)
            if done.returncode == 4:
                self.skipTest("no hosts and wire on this machine")
            self.assertEqual(done.returncode, 0, done.stderr)
            keys, capture = pathlib.Path(folder) / "keys", pathlib.Path(folder) / "client.pcapng"
            keys.write_text("\n".join(re.findall(r"client │ ([A-Z_0-9]+ [0-9a-f]{64} [0-9a-f]+)", done.stderr.decode())) + "\n")
            words = ["tshark", "-n", "-r", capture, "-d", "tcp.port==7012,tls", "-Y", "http", "-T", "fields", "-e", "http.request.uri", "-e", "http.response.code"]
            self.assertEqual(run(*words)[0], "")
            self.assertEqual(re.findall(r"/hello\.txt|200", run(*words, "-o", f"tls.keylog_file:{keys}")[0]), ["/hello.txt", "200"])


if __name__ == "__main__":
    WIRELAB, LAB = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
