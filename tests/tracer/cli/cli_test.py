#!/usr/bin/env python3
"""The tracer program from outside: exit codes, error lines, pipes, files. argv: the program."""

import os
import pathlib
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest

TRACER = sys.argv.pop(1)
CAPTURES = pathlib.Path(__file__).resolve().parents[2] / "golden" / "captures"


def pcap(frames):
    """A classic capture of these frames, a second apart."""
    records = [struct.pack("<IIII", i, 0, len(f), len(f)) + f for i, f in enumerate(frames)]
    return struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1) + b"".join(records)


def udp_frame(number):
    payload = b"datagram %d" % number
    udp = struct.pack(">HHHH", 5000, 6000, 8 + len(payload), 0) + payload
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), number, 0, 64, 17, 0, bytes([10, 0, 0, 1]), bytes([10, 0, 0, 2]))
    return bytes.fromhex("020000000002020000000001") + b"\x08\x00" + ip + udp


def tcp_frame(port, flags, seq):
    tcp = struct.pack(">HHIIBBHHH", port, 80, seq, 0, 0x50, flags, 65535, 0, 0)
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 40, 1, 0, 64, 6, 0, bytes([10, 0, 0, 1]), bytes([10, 0, 0, 2]))
    return bytes.fromhex("020000000002020000000001") + b"\x08\x00" + ip + tcp


def run(*arguments, stdin=None, **environment):
    env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERM")} | environment
    return subprocess.run([TRACER, *map(str, arguments)], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, timeout=60)


class Cli(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.file = self.write("good.pcap", pcap([udp_frame(i) for i in range(5)]))

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def refused(self, code, says, *arguments, hint=True, stdin=None):
        """One line WHAT: WHY, one hint, nothing on standard output."""
        result = run(*arguments, stdin=stdin)
        lines = result.stderr.decode().splitlines()
        self.assertEqual(result.returncode, code, result.stderr)
        self.assertTrue(lines[0].startswith("tracer: "), lines)
        self.assertIn(says, lines[0])
        if hint:
            self.assertTrue(len(lines) == 2 and lines[1].startswith("hint: "), lines)
        self.assertEqual(result.stdout, b"")

    def test_a_picture_stays_until_another_takes_its_place(self):
        picture = self.write("picture.svg", b"an older picture, longer than nothing at all\n" * 1000)
        before = picture.read_bytes()
        self.refused(1, "nothing to draw", "-r", self.file, "-Y", "tcp", "-o", picture, hint=False)
        self.assertEqual(picture.read_bytes(), before)
        self.assertEqual(run("-r", self.folder / "none.pcap", "-o", picture).returncode, 1)
        self.assertEqual(picture.read_bytes(), before)
        self.assertEqual(run("-r", self.file, "-o", picture).returncode, 0)
        self.assertTrue(picture.read_text().startswith("<svg ") and picture.read_text().endswith("</svg>\n"))
        # Nothing is an answer, where rows were asked for.
        self.assertEqual(run("-r", self.file, "-Y", "tcp", "-T", "fields", "-e", "ip.id", "-o", picture).returncode, 0)
        self.assertEqual(picture.read_bytes(), b"")

    # Rules held against a capture.
    def check(self, rules, file=None):
        path = self.write("rules.txt", rules.encode())
        return run("-r", file or self.file, "--check", path)

    def test_rules_that_hold(self):
        result = self.check("# five datagrams\ncount 5 udp\n\nsome udp.srcport == 5000\nnever tcp\ncount 2- udp\norder ip.id == 1 ; ip.id == 3\n")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual([line.split()[0] for line in result.stdout.decode().splitlines()], ["ok"] * 5)

    def test_rules_that_do_not_hold(self):
        result = self.check('some udp\nnever ip.id in {1 2}\ncount 6-7 udp\norder ip.id == 3 ; ip.id == 1\nsome frame contains ";"\n')
        self.assertEqual(result.returncode, 3)
        self.assertEqual(result.stdout.decode().splitlines(), [
            "ok    line 1: some udp",
            "FAIL  line 2: never ip.id in {1 2}", "      wanted none, saw 2: packets 2, 3",
            "FAIL  line 3: count 6-7 udp", "      wanted 6 to 7, saw 5: packets 1, 2, 3, 4, 5",
            "FAIL  line 4: order ip.id == 3 ; ip.id == 1", "      saw no ip.id == 1 after packet 4; earlier: packet 2",
            'FAIL  line 5: some frame contains ";"', "      wanted at least 1, saw none"])

    def test_rules_of_states(self):
        lossy = CAPTURES / "loss.pcapng"
        result = self.check("state client TIME-WAIT\nstate server CLOSED\n", lossy)
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertEqual(self.check("state server SYN-SENT\n", lossy).returncode, 3)

    def test_wrong_rules(self):
        for rules, says in [("some udp\n\nstate client SYN-SEND\n", "line 3 of "), ("state client SYN-SEND", "unknown state 'SYN-SEND'; did you mean 'SYN-SENT'?"),
                            ("sum udp", "'sum' is no rule"), ("count x udp", "'x' is no count"), ("count 3-1 udp", "'3-1' is no count"),
                            ("never", "there is no filter"), ("state peer CLOSED", "'peer' is no end"), ("# nothing", "no rule in it")]:
            self.refused(2, says, "-r", self.file, "--check", self.write("rules.txt", rules.encode()))
        self.refused(1, "cannot be read", "-r", self.file, "--check", self.folder / "none")
        wrong = run("-r", self.file, "--check", self.write("rules.txt", b"never tcp.sequence"))
        self.assertEqual(wrong.returncode, 2)
        self.assertIn(b"line 1 of ", wrong.stderr)

    # Exit codes and error lines.
    def test_missing_file(self):
        self.refused(1, "/nonexistent.pcap: no such file", "-r", "/nonexistent.pcap")

    def test_a_folder(self):
        self.refused(1, str(self.folder), "-r", self.folder)

    def test_not_a_capture(self):
        self.refused(2, "not a capture", "-r", self.write("text", b"#!/bin/sh\necho no capture\n"))
        self.refused(2, "it is empty", "-r", self.write("empty", b""))

    def test_compressed(self):
        path = self.write("x.gz", b"\x1f\x8b\x08\x00\x00\x00\x00\x00")
        self.refused(2, "not a capture", "-r", path)
        self.assertIn("gzip -dc", run("-r", path).stderr.decode())

    def test_nothing_to_do(self):
        self.refused(2, "nothing to trace")

    def test_bad_usage(self):
        for arguments in (["--no-such-option"], ["-r"], ["-T", "fields", "-r", self.file], ["-T", "fields", "-e", "tcp.seqq", "-r", self.file], ["-T", "nonsense", "-r", self.file],
                          ["-E", "nonsense", "-r", self.file], ["-a", "files:3", "-r", self.file], ["--offset", "soon", "-r", self.file], ["--name", "server", "-r", self.file],
                          ["--notation", "klingon", "-r", self.file], ["--color", "blue", "-r", self.file], ["-r", self.file, "-i", "lo"], ["-r", self.file, "-r", self.file, "-r", self.file],
                          ["-c", "0", "-r", self.file], ["-f", "udp", "-r", self.file, "tcp"]):
            with self.subTest(arguments):
                self.refused(2, "", *arguments)

    def test_a_misspelt_field_is_guessed(self):
        self.assertIn("did you mean tcp.seq?", run("-T", "fields", "-e", "tcp.seqq", "-r", self.file).stderr.decode())

    def test_unwritable_output(self):
        self.refused(1, "/nonexistent/out", "-r", self.file, "-o", "/nonexistent/out")
        self.refused(1, "/nonexistent/out", "-r", self.file, "-T", "flat", "-w", "/nonexistent/out")

    def test_a_full_disk(self):
        result = run("-r", self.file, "-T", "flat", "-o", "/dev/full")
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn("No space left", result.stderr.decode())

    def test_help_and_version(self):
        self.assertEqual(run("--help").returncode, 0)
        self.assertIn("-r", run("--help").stdout.decode())
        self.assertTrue(run("--version").stdout.startswith(b"tracer "))

    # Input that ends early.
    def test_a_cut_file_shows_what_was_read(self):
        whole = self.file.read_bytes()
        for cut in (len(whole) - 1, len(whole) - 30):
            path = self.write("cut.pcap", whole[:cut])
            for form in ("ladder", "flat", "summary", "bytes"):
                with self.subTest(f"{form} at {cut}"):
                    result = run("-r", path, "-T", form)
                    self.assertEqual(result.returncode, 1)
                    self.assertIn("ends inside frame 5", result.stderr.decode())
                    self.assertIn("10.0.0.1", result.stdout.decode())

    def test_a_capture_without_frames_is_no_failure(self):
        path = self.write("none.pcap", pcap([]))
        for form in ("ladder", "flat", "summary", "bytes"):
            self.assertEqual(run("-r", path, "-T", form).returncode, 0, form)

    # A summary, which several threads may have made.
    def test_a_summary_does_not_depend_on_the_number_of_threads(self):
        others = (["-c", 2**63], ["-Y", "frame"])  # for these there is one
        # Large enough for two, with connections and datagrams on both sides of the middle.
        frames = [tcp_frame(1024 + i, flags, 7 + (flags == 0x10)) for i in range(6000) for flags in (0x02, 0x10, 0x11)]
        large = pcap(frames + [udp_frame(i) for i in range(300)] + frames[:3000])
        self.assertGreater(len(large), 1 << 20)
        for file in [*sorted(CAPTURES.iterdir()), self.file, self.write("cut.pcap", self.file.read_bytes()[:-3]), "/nonexistent.pcap",
                     self.write("large.pcap", large), self.write("large_cut.pcap", large[:-3])]:
            first = run("-r", file, "-T", "summary")
            for other in others:
                second = run("-r", file, "-T", "summary", *other)
                self.assertEqual((first.returncode, first.stdout, first.stderr), (second.returncode, second.stdout, second.stderr), file)

    @unittest.skipIf(len(os.sched_getaffinity(0)) == 1, "one processor, one thread")
    def test_an_interrupt_ends_all_threads(self):
        endless = self.write("endless.pcap", pcap([]))
        middle = 1 << 39
        os.truncate(endless, 2 * middle)  # frames of no bytes, none of them on the disk
        with open(endless, "r+b") as file:
            file.seek(middle)  # some for a second thread to begin with
            file.write(pcap([udp_frame(i) for i in range(20)])[24:])
        with subprocess.Popen([TRACER, "-r", endless, "-T", "summary"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
            try:
                while len(os.listdir(f"/proc/{program.pid}/task")) < 2:
                    self.assertIsNone(program.poll())
                    time.sleep(0.01)
                program.send_signal(signal.SIGINT)
                said, wrong = program.communicate(timeout=60)
            finally:
                program.kill()
        self.assertEqual((program.returncode, said, wrong), (130, b"", b""))

    # Pipes.
    def test_standard_input(self):
        there = run("-r", self.file, "-T", "flat").stdout
        self.assertEqual(run("-r", "-", "-T", "flat", stdin=self.file.read_bytes()).stdout, there)
        self.assertEqual(len(there.splitlines()), 5)

    def test_a_reader_that_has_enough_ends_it_quietly(self):
        large = self.write("large.pcap", pcap([udp_frame(i) for i in range(20000)]))
        for form in ("flat", "ladder"):
            script = f'"{TRACER}" -r "{large}" -T {form} | head -n 2; echo "${{PIPESTATUS[0]}}"'
            result = subprocess.run(["bash", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
            self.assertEqual(result.stderr, b"")
            self.assertEqual(result.stdout.splitlines()[-1], b"0")

    # Colour, width, characters.
    def test_no_colour_in_a_pipe_unless_asked(self):
        self.assertNotIn(b"\x1b", run("-r", self.file).stdout)
        self.assertIn(b"\x1b[", run("-r", self.file, "--color", "always").stdout)

    def on_a_terminal(self, **environment):
        """What the program prints where its output is a terminal."""
        import pty
        pid, master = pty.fork()
        if pid == 0:
            os.environ.pop("NO_COLOR", None)
            os.environ.update(environment)
            os.execv(TRACER, [TRACER, "-r", str(self.file)])
        said = b""
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:
                break
            if not piece:
                break
            said += piece
        os.close(master)
        os.waitpid(pid, 0)
        return said

    def test_colour_on_a_terminal_and_no_color(self):
        self.assertIn(b"\x1b[", self.on_a_terminal())
        self.assertNotIn(b"\x1b", self.on_a_terminal(NO_COLOR="1"))
        self.assertIn(b"\x1b[", self.on_a_terminal(NO_COLOR=""))  # https://no-color.org: if not empty

    def test_width_and_ascii(self):
        for width in (60, 80, 100, 132):
            text = run("-r", self.file, "--width", width, "--ascii").stdout
            text.decode("ascii")
            self.assertTrue(all(len(line) <= width for line in text.splitlines()), text.decode())

    # Options that select.
    def test_count(self):
        self.assertEqual(len(run("-r", self.file, "-T", "flat", "-c", 2).stdout.splitlines()), 2)

    def test_words_after_the_options_are_a_capture_filter(self):
        result = run("-r", self.file, "-T", "flat", "udp", "port", "6000")
        if b"without libpcap" in result.stderr:
            self.skipTest("built without libpcap")
        self.assertEqual(len(result.stdout.splitlines()), 5, result.stderr)
        self.assertEqual(run("-T", "flat", "-r", self.file, "tcp").stdout, b"")

    def test_fields(self):
        result = run("-r", self.file, "-T", "fields", "-e", "frame.number", "-e", "ip.id", "-E", "header=y", "-c", 2)
        self.assertEqual(result.stdout, b"frame.number\tip.id\n1\t0x0000\n2\t0x0001\n")

    def test_names(self):
        said = run("-r", self.file, "--name", "10.0.0.1=alice", "--name", "10.0.0.2:6000=bob").stdout.decode()
        self.assertIn("alice 10.0.0.1:5000", said)
        self.assertIn("bob 10.0.0.2:6000", said)

    def test_list_of_fields(self):
        self.assertIn(b"tcp.analysis.retransmission", run("--fields").stdout)
        self.assertNotIn(b"udp.port", run("--fields", "tcp.").stdout)

    # Files.
    def test_what_is_written_reads_the_same(self):
        out = self.folder / "copy.pcapng"
        first = run("-r", self.file, "-T", "flat", "-w", out)
        self.assertEqual(first.returncode, 0)
        self.assertEqual(run("-r", out, "-T", "flat").stdout, first.stdout)

    def test_output_into_a_file(self):
        out = self.folder / "ladder.txt"
        self.assertEqual(run("-r", self.file, "-o", out).stdout, b"")
        self.assertEqual(out.read_bytes(), run("-r", self.file).stdout)

    def test_what_is_read_is_not_overwritten(self):
        capture = self.write("mine.pcap", self.file.read_bytes())
        other_name = self.folder / "link.pcap"
        other_name.symlink_to("mine.pcap")
        for to in ("-w", capture), ("-w", other_name), ("-o", capture), ("-T", "summary", "-o", other_name):
            self.refused(1, "that is the capture being read", "-r", capture, *to)
        with capture.open("rb") as opened:
            result = subprocess.run([TRACER, "-r", "-", "-w", capture], stdin=opened, capture_output=True, timeout=60)
        self.assertEqual(result.returncode, 1)
        self.assertEqual(capture.read_bytes(), self.file.read_bytes())

    def test_nothing_is_written_where_nothing_can_be_read(self):
        older = self.write("older.pcapng", b"an older capture")
        self.refused(1, "no such", "-r", self.folder / "none.pcap", "-w", older, "-o", self.folder / "new.txt")
        # No such interface; or we may not capture; or there is no libpcap to do it with.
        live = run("-i", "nosuch0", "-w", older, "-o", self.folder / "new.txt")
        self.assertIn(live.returncode, (1, 2, 4), live.stderr)
        self.assertEqual(older.read_bytes(), b"an older capture")
        self.assertFalse((self.folder / "new.txt").exists())

    def test_written_to_standard_output(self):
        copy = run("-r", self.file, "-T", "summary", "-o", self.folder / "summary", "-w", "-").stdout
        self.assertEqual(len(run("-r", "-", "-T", "flat", stdin=copy).stdout.splitlines()), 5)

    # Live traffic.
    def test_an_interface_that_is_not_there(self):
        result = run("-i", "nosuchinterface0")
        self.assertIn(result.returncode, (1, 2, 4), result.stderr)  # 2: built without libpcap
        self.assertTrue(result.stderr.startswith(b"tracer: "), result.stderr)

    def test_listing_interfaces_needs_no_rights(self):
        result = run("-D")
        if result.returncode == 2:
            self.skipTest("built without libpcap")
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_capture_without_permission_says_what_to_do(self):
        if os.geteuid() == 0:
            if not shutil.which("setpriv"):
                self.skipTest("root may capture, and setpriv is not installed")
            prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all"]
        else:
            prefix = []
        program = self.folder / "tracer"  # where another user can reach it
        shutil.copy(TRACER, program)
        self.folder.chmod(0o755)
        result = subprocess.run([*prefix, program, "-i", "lo"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        if b"without libpcap" in result.stderr:
            self.skipTest("built without libpcap")
        self.assertEqual(result.returncode, 4, result.stderr)
        self.assertIn(b"not permitted", result.stderr)
        self.assertIn(b"hint: ", result.stderr)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
