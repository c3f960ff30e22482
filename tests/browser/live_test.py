#!/usr/bin/env python3
"""The live page: over HTTP as such, and in a real Chromium. argv: tracer, wirelab ('' without the
labs), then unittest's words. Skips what this machine does not allow, saying so."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse
import urllib.request

import webdriver

TRACER, WIRELAB = sys.argv.pop(1), sys.argv.pop(1)


class Served:
    """A command with --serve, and the address that it prints."""

    def __init__(self, *command):
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=self.log)
        self.url = ""
        end = time.monotonic() + 20
        while time.monotonic() < end and not self.url:
            found = re.search(r"http://127\.0\.0\.1:\d+/[0-9a-f]{32}/", self.said())
            self.url = found.group(0) if found else ""
            if self.process.poll() is not None:
                break
            time.sleep(0.01)

    def said(self):
        self.log.seek(0)
        return self.log.read()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=20)
        return code

    @property
    def address(self):
        parts = urllib.parse.urlsplit(self.url)
        return parts.netloc, parts.path


class Events:
    """A reader of server-sent events."""

    def __init__(self, served, last=None):
        netloc, path = served.address
        self.connection = http.client.HTTPConnection(netloc, timeout=20)
        self.connection.request("GET", path + "events", headers={} if last is None else {"Last-Event-ID": str(last)})
        self.answer = self.connection.getresponse()
        self.last = last or 0

    def next(self):
        """(id, event); skips comments. None at the end."""
        number = None
        while True:
            line = self.answer.readline()
            if not line:
                return None
            if line.startswith(b"id: "):
                number = int(line[4:])
            if line.startswith(b"data: "):
                self.last = number
                return number, json.loads(line[6:])

    def until(self, kind):
        found = []
        while not found or found[-1][1]["type"] != kind:
            found.append(self.next())
        return found

    def close(self):
        self.connection.close()


def can_capture():
    if os.geteuid() == 0:
        return True
    with open("/proc/self/status", encoding="ascii") as status:
        return bool(int(re.search(r"CapEff:\s*(\w+)", status.read()).group(1), 16) & (1 << 13))


def chatter(count, port=0):
    """Datagrams over loopback; the port that they went to."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        receiver.bind(("127.0.0.1", port))
        for i in range(count):
            sender.sendto(b"datagram %d" % i, receiver.getsockname())
            time.sleep(0.005)
        return receiver.getsockname()[1]


@unittest.skipUnless(can_capture(), "capturing on lo needs CAP_NET_RAW")
class OverHttp(unittest.TestCase):
    def setUp(self):
        self.served = Served(TRACER, "-i", "lo", "--serve", "udp and port 40123")
        self.addCleanup(self.served.stop)
        self.assertTrue(self.served.url, self.served.said())

    def ask(self, method, path, **headers):
        netloc, _ = self.served.address
        connection = http.client.HTTPConnection(netloc, timeout=20)
        connection.putrequest(method, path, skip_host="Host" in headers)
        for name, value in ({"Content-Length": "0"} | headers).items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer, body

    def test_the_token_is_needed(self):
        _, path = self.served.address
        for wrong in ("/", "/" + "0" * 32 + "/", path[:-2] + "/", "/events", path.upper() + "events"):
            if wrong != path:
                self.assertIn(self.ask("GET", wrong)[0].status, (403, 404), wrong)
        self.assertEqual(self.ask("GET", path)[0].status, 200)

    def test_another_host_or_origin_is_refused(self):
        netloc, path = self.served.address
        self.assertEqual(self.ask("GET", path, Host="evil.example")[0].status, 403)
        self.assertEqual(self.ask("GET", path, Host="localhost:" + netloc.split(":")[1])[0].status, 200)
        self.assertEqual(self.ask("POST", path + "do", Origin="http://evil.example")[0].status, 403)

    def test_it_listens_on_loopback_only(self):
        netloc, _ = self.served.address
        port = int(netloc.split(":")[1])
        with open("/proc/net/tcp", encoding="ascii") as table:
            listening = [line.split()[1] for line in table if line.split()[3] == "0A"]
        self.assertEqual([one for one in listening if int(one.split(":")[1], 16) == port], ["0100007F:%04X" % port])

    def test_a_policy_goes_with_the_page(self):
        answer, _ = self.ask("GET", self.served.address[1])
        policy = answer.getheader("Content-Security-Policy")
        self.assertIn("default-src 'none'", policy)
        self.assertNotIn("unsafe", policy)

    def test_a_reader_that_comes_back_misses_nothing(self):
        first = Events(self.served)
        chatter(10, 40123)
        seen = [first.next() for _ in range(2)]
        first.close()
        chatter(10, 40123)
        again, whole = Events(self.served, first.last), Events(self.served)

        def packets(events):
            return {row["n"]: row["say"] for _, event in events if event and event["type"] == "rows" for row in event["rows"]}

        rest, everything = list(seen), []
        while len(packets(everything)) < 20:
            everything.append(whole.next())
        while len(packets(rest)) < 20:
            rest.append(again.next())
        self.assertEqual(packets(rest), packets(everything))
        self.assertEqual([number for number, _ in rest], list(range(1, len(rest) + 1)))

    def test_nothing_is_left_behind(self):
        chatter(2, 40123)
        netloc, _ = self.served.address
        self.assertEqual(self.served.stop(), 0)
        host, port = netloc.split(":")
        with self.assertRaises(OSError):
            socket.create_connection((host, int(port)), timeout=2)


@unittest.skipIf(webdriver.missing(), webdriver.missing())
class InABrowser(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = webdriver.Browser()
        cls.addClassCleanup(cls.browser.close)

    def data(self, name):
        return self.browser.run("return document.documentElement.dataset[arguments[0]] || ''", name)

    @unittest.skipUnless(can_capture(), "capturing on lo needs CAP_NET_RAW")
    def test_packets_of_an_interface_appear_one_by_one(self):
        served = Served(TRACER, "-i", "lo", "--serve", "udp and port 40124")
        self.addCleanup(served.stop)
        self.browser.open(served.url)
        self.browser.until("return document.documentElement.dataset.connected === 'yes'")
        self.browser.console()
        chatter(40, 40124)
        self.browser.until("return document.documentElement.dataset.packets === '40'")
        self.assertEqual(self.browser.run("return document.querySelectorAll('.packet').length"), 40)
        print(f"median from capture to page: {self.data('latency')} ms", file=sys.stderr)
        # A reload starts from nothing and has everything again.
        self.browser.call("POST", "/refresh", {})
        self.browser.until("return document.documentElement.dataset.packets === '40'")
        # While the connection is lost more comes; it is there afterwards.
        self.browser.cdp("Network.enable")
        self.browser.cdp("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0)
        chatter(5, 40124)
        self.browser.cdp("Network.emulateNetworkConditions", offline=False, latency=0, downloadThroughput=-1, uploadThroughput=-1)
        self.browser.until("return document.documentElement.dataset.packets === '45'", seconds=30)
        self.browser.run("document.querySelector('.packet .hit').dispatchEvent(new MouseEvent('click', {bubbles: true}))")
        self.browser.until("return document.querySelectorAll('#tree [role=treeitem]').length > 10")
        self.assertIn("udp.srcport", self.browser.run("return document.getElementById('tree').textContent"))


@unittest.skipIf(webdriver.missing(), webdriver.missing())
@unittest.skipUnless(WIRELAB, "built without the labs")
class ALab(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = webdriver.Browser()
        cls.addClassCleanup(cls.browser.close)
        cls.served = Served(WIRELAB, "run", "01-sockets", "--serve", "--wire", "delay 10ms; drop c>s data#3")
        cls.addClassCleanup(cls.served.stop)
        cls.browser.open(cls.served.url)

    def over(self):
        return self.browser.until("return document.getElementById('run').textContent === 'Run again' && !document.getElementById('run').disabled && document.getElementById('status').textContent.includes('over')")

    def rows(self, wire=""):
        """What every event of a run together says, asked for anew: of the first run whose wire has this rule."""
        events, rows = Events(self.served), {}
        while True:
            _, event = events.next()
            if event["type"] == "begin":
                rows = {}
            for row in event.get("rows", []):
                rows[row["n"]] = row
            if event["type"] == "end" and wire in event["text"]:
                events.close()
                return rows

    def test_1_the_page_has_every_packet_of_the_run(self):
        self.over()
        rows = self.rows()
        self.assertEqual(self.browser.run("return [...document.querySelectorAll('.packet')].map(g => Number(g.dataset.p))"), sorted(rows))
        with urllib.request.urlopen(self.served.url + "report", timeout=20) as answer:
            page = answer.read().decode()
        numbers = [int(n) for n in re.findall(r'^\{"n":(\d+)', page[page.index('id="packets">') + 13:], re.M)]
        self.assertEqual(numbers, sorted(rows))
        self.assertTrue(any("lost" in row["role"].split() for row in rows.values()), "the third data segment is lost")
        self.assertEqual(self.browser.console(), [])

    def test_2_pause_step_replay(self):
        self.over()
        count = int(self.browser.run("return document.querySelectorAll('.packet').length"))
        self.browser.run("document.getElementById('speed').value = '1'")
        self.browser.click("#replay")
        self.browser.until("return document.querySelectorAll('.packet').length === arguments[0]", count)
        self.browser.run("document.getElementById('speed').value = '0'")
        self.browser.click("#replay")
        self.browser.until("return document.querySelectorAll('.packet').length === 1")
        self.browser.click("#step")
        self.browser.until("return document.querySelectorAll('.packet').length === 2")
        self.browser.click("#pause")
        self.browser.until("return document.querySelectorAll('.packet').length === arguments[0]", count)

    def test_3_predict_the_next_packet(self):
        self.over()
        self.browser.click("#predict")
        self.browser.until("return document.querySelectorAll('#guesses button').length > 5")
        self.browser.click("[data-guess='0SYN']")
        self.browser.until("return document.getElementById('score').textContent.startsWith('✓ Right')")
        self.browser.until("return document.querySelector('#question-text').textContent.includes('after #1')")
        self.browser.click("[data-guess='0FIN']")
        self.browser.until("return document.getElementById('score').textContent.includes('1 of 2 right')")
        self.browser.click("#predict")

    def test_4_a_rule_of_the_wire_at_a_click(self):
        self.over()
        self.browser.run("[...document.querySelectorAll('#rules button')].find(b => b.title === 'drop synack#1').click()")
        self.browser.until("return document.querySelector('#rules .armed') !== null")
        self.browser.click("#run")
        self.browser.until("return document.getElementById('status').textContent.includes('over') && document.getElementById('status').textContent.includes('drop synack#1')")
        lost = [row["say"] for row in self.rows("drop synack#1").values() if "lost" in row["role"].split()]
        self.assertTrue(any("[SYN,ACK]" in say for say in lost), lost)

    def test_5_presenter(self):
        self.browser.click("#presenter")
        self.assertTrue(self.browser.run("return document.body.classList.contains('presenter') && parseFloat(getComputedStyle(document.body).fontSize) > 20"))
        self.browser.click("#presenter")

    def test_6_only_the_offered_rules(self):
        for words in (b"inject delay 5s", b"stop", b"", b"inject drop synack; loss 100%"):
            request = urllib.request.Request(self.served.url + "do", data=words, method="POST")
            with self.assertRaises(urllib.error.HTTPError):
                urllib.request.urlopen(request, timeout=20)


if __name__ == "__main__":
    unittest.main(warnings="ignore")
