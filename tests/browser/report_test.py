#!/usr/bin/env python3
"""HTML reports in a real Chromium. argv: the tracer program, then unittest's words.

Skips, saying so, where no Chromium is; the check of accessibility where npm cannot get axe-core."""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import captures
import webdriver

TRACER = sys.argv.pop(1)
LOSS = pathlib.Path(__file__).resolve().parents[1] / "golden" / "captures" / "loss.pcapng"


def axe_source(folder):
    """The text of axe-core, or why it is not to be had."""
    if not shutil.which("npm"):
        return None, "npm is not installed"
    got = subprocess.run(["npm", "install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder, "axe-core@4"], capture_output=True, text=True, timeout=120, check=False)
    file = pathlib.Path(folder) / "node_modules" / "axe-core" / "axe.min.js"
    return (file.read_text(encoding="utf-8"), "") if file.exists() else (None, "npm cannot get axe-core: " + got.stderr.strip()[-200:])


class Reports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        cls.browser = webdriver.Browser()
        cls.loss = cls.report("loss", LOSS)

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        shutil.rmtree(cls.folder)

    @classmethod
    def report(cls, name, capture, *arguments, says=None):
        page = pathlib.Path(cls.folder) / f"{name}.html"
        made = subprocess.run([TRACER, "-r", capture, "-T", "html", "-o", page, *arguments], capture_output=True, text=True, timeout=120, check=False)
        assert made.returncode == 0, made.stderr
        if says:
            assert says in made.stderr, made.stderr
        return page.as_uri()

    def made(self, name, frames, *arguments, says=None):
        file = pathlib.Path(self.folder) / f"{name}.pcap"
        file.write_bytes(captures.pcap(frames))
        return self.report(name, file, *arguments, says=says)

    def open(self, page, fragment=""):
        """The page, drawn: with no request but its own, and no word from the console."""
        self.browser.open("about:blank")
        self.browser.console()
        self.browser.requests()
        self.browser.open(page + fragment)
        self.browser.until("return document.documentElement.dataset.ready === 'yes'")
        self.assertEqual(self.browser.console(), [])
        self.assertEqual([one.split("#")[0] for one in self.browser.requests() if not one.startswith("chrome")], [page])

    def shown(self):
        return self.browser.run("return [document.getElementById('packet-number').textContent, location.hash, (document.querySelector('#tree .row.picked .name') || {}).textContent || '']")

    # One file, no request
    def test_opens_from_disk_without_request_or_violation(self):
        self.open(self.loss)
        self.assertIn("default-src 'none'", self.browser.run("return document.querySelector('meta[http-equiv]').content"))

    def test_policy_forbids_what_is_not_named_by_its_hash(self):
        self.open(self.loss)
        self.browser.run("""window.ran = false; const s = document.createElement('script'); s.textContent = 'window.ran = true'; document.body.append(s);
            const i = new Image(); i.src = 'http://127.0.0.1:9/x.png'; document.body.append(i);""")
        self.assertFalse(self.browser.run("return window.ran"))
        said = self.browser.console()
        self.assertTrue(any("script-src" in one for one in said) and any("img-src" in one or "default-src" in one for one in said), said)

    # Every packet and every field, by mouse and by keys
    def test_a_click_on_an_arrow_shows_its_packet(self):
        self.open(self.loss)
        for number in self.browser.run("return [...document.querySelectorAll('.packet')].map(g => g.dataset.p)"):
            self.browser.run("document.querySelector(`.packet[data-p='${arguments[0]}'] .hit`).dispatchEvent(new MouseEvent('click', {bubbles: true}))", number)
            self.assertEqual(self.shown()[0], f"#{number}")
            self.assertTrue(self.browser.run("return document.querySelectorAll('#tree [role=treeitem]').length > 20"))

    def test_keys_reach_every_packet(self):
        self.open(self.loss)
        numbers = self.browser.run("return [...document.querySelectorAll('.packet')].map(g => '#' + g.dataset.p)")
        self.browser.run("document.querySelector('.packet').focus()")
        seen = [self.shown()[0]]
        for _ in numbers[1:]:
            self.browser.keys("Down")
            seen.append(self.shown()[0])
        self.assertEqual(seen, numbers)
        self.browser.keys("Up")
        self.assertEqual(self.shown()[0], numbers[-2])
        self.browser.keys("Home")
        self.assertEqual(self.shown()[0], numbers[0])

    def test_keys_reach_every_field_and_show_its_bytes(self):
        self.open(self.loss, "#p=1")
        self.browser.keys("Enter")
        fields = self.browser.run("return [...document.querySelectorAll('#tree [role=treeitem]')].map(i => [i.field.name, i.field.at, i.field.size])")
        for name, at, size in fields:
            picked, lit, sentence = self.browser.run("""return [document.querySelector('#tree .row.picked .name').textContent,
                [...document.querySelectorAll('#hex .picked')].map(b => Number(b.dataset.b)), document.querySelector('#tree .row.picked .says').textContent]""")
            self.assertEqual(picked, name)
            self.assertTrue(sentence, name)
            self.assertEqual(sorted(set(lit)), list(range(at, at + size)) if at >= 0 else [], name)
            self.browser.keys("Down")
        self.browser.keys("Escape")
        self.assertEqual(self.browser.run("return document.activeElement.dataset.p"), "1")

    def test_hover_goes_both_ways(self):
        self.open(self.loss, "#p=1")
        self.browser.hover("#hex [data-b='34']")
        self.assertEqual(self.browser.run("return [...document.querySelectorAll('#tree .lit .name')].map(n => n.textContent)"), ["tcp.srcport"])
        self.assertIn("Port of the sender", self.browser.run("return document.getElementById('byte-text').textContent"))
        self.browser.run("document.querySelector('#tree').scrollTop = 0")
        self.browser.hover("#tree [role=treeitem] [role=group] [role=treeitem] .name")
        name = self.browser.run("return document.querySelector('#tree .lit .name').textContent")
        at, size = self.browser.run("const i = [...document.querySelectorAll('#tree [role=treeitem]')].find(i => i.field.name === arguments[0]); return [i.field.at, i.field.size]", name)
        lit = self.browser.run("return [...document.querySelectorAll('#hex .lit')].map(b => Number(b.dataset.b))")
        self.assertEqual(sorted(set(lit)), list(range(at, at + size)) if at >= 0 else [])

    def test_every_byte_of_the_headers_has_a_field(self):
        self.open(self.loss, "#p=1")
        self.browser.run("document.getElementById('hex').focus()")
        self.browser.keys("Home")
        for at in range(54):
            self.assertNotIn("no field", self.browser.run("return document.getElementById('byte-text').textContent"), at)
            self.browser.keys("Right")

    # Deep links
    def test_a_link_restores_packet_and_field(self):
        self.open(self.loss, "#p=6&f=tcp.seq")
        self.assertEqual(self.shown(), ["#6", "#p=6&f=tcp.seq", "tcp.seq"])
        self.browser.run("location.hash = '#p=15&f=ip.ttl'")
        self.browser.until("return document.getElementById('packet-number').textContent === '#15'")
        self.assertEqual(self.shown()[2], "ip.ttl")
        self.browser.run("document.querySelector('.verdicts a').click()")
        self.browser.until("return document.getElementById('packet-number').textContent === '#5'")

    def test_a_wrong_link_shows_the_page(self):
        self.open(self.loss, "#p=99999&f=nonsense")
        self.assertTrue(self.browser.run("return document.getElementById('packet').hidden"))

    # What it says
    def test_the_lost_packet_and_its_repair_are_told(self):
        self.open(self.loss)
        text = self.browser.run("return document.body.innerText")
        self.assertIn("1 packet was lost: #5 (drop c>s data#2)", text)
        self.assertIn("All 7,012 bytes that client sent reached server.", text)
        self.assertEqual(self.browser.run("return [...document.querySelectorAll('tr.repaired a')].map(a => a.textContent)"), ["#5", "#15"])

    def test_the_capture_that_it_holds_opens_again(self):
        self.open(self.loss)
        text = self.browser.run("return document.getElementById('capture').textContent")
        file = pathlib.Path(self.folder) / "again.pcapng"
        file.write_bytes(__import__("base64").b64decode(text))
        said = [subprocess.run([TRACER, "-r", one, "--width", "100"], capture_output=True, text=True, timeout=60, check=True).stdout for one in (file, LOSS)]
        self.assertEqual(*said)

    def test_bytes_shown_are_those_captured(self):
        self.open(self.loss, "#p=1")
        shown = self.browser.run("const t = []; for (const b of document.querySelectorAll('#hex [data-b]')) if (b.textContent.length === 2) t[Number(b.dataset.b)] = b.textContent; return t.join('')")
        dumped = subprocess.run([TRACER, "-r", LOSS, "-c", "1", "-T", "json"], capture_output=True, text=True, timeout=60, check=True).stdout
        length = json.loads(dumped)["captured"]
        self.assertEqual(len(shown), 2 * length)
        self.assertTrue(LOSS.read_bytes().find(bytes.fromhex(shown)) > 0)

    def test_mermaid_and_svg_are_there_to_save(self):
        self.open(self.loss)
        self.assertTrue(self.browser.run("return JSON.parse(document.getElementById('save-mermaid').textContent)").startswith("sequenceDiagram\n"))
        saved = self.browser.run("""const made = []; const old = URL.createObjectURL; URL.createObjectURL = (blob) => { made.push(blob.type); return old.call(URL, blob); };
            for (const button of document.querySelectorAll('[data-save]')) button.click(); URL.createObjectURL = old; return made""")
        self.assertEqual(saved, ["application/x-pcapng", "application/x-ndjson", "image/svg+xml", "text/plain"])
        self.assertEqual(self.browser.console(), [])

    def test_without_scripts_there_is_a_table(self):
        self.browser.cdp("Emulation.setScriptExecutionDisabled", value=True)
        try:
            self.browser.open("about:blank")
            self.browser.open(self.loss)
            rows = self.browser.run("return document.querySelectorAll('noscript tbody tr').length")
            self.assertEqual(rows, 20)
        finally:
            self.browser.cdp("Emulation.setScriptExecutionDisabled", value=False)

    # Hostile captures
    def test_payload_is_text_and_nothing_else(self):
        page = self.made("hostile", captures.conversation(captures.HOSTILE))
        self.open(page)
        title = self.browser.run("return document.title")
        for number in self.browser.run("return [...document.querySelectorAll('.packet')].map(g => g.dataset.p)"):
            self.browser.run("location.hash = '#p=' + arguments[0]", number)
            self.browser.until("return document.getElementById('packet-number').textContent === '#' + arguments[0]", number)
        self.assertEqual(self.browser.console(), [])
        self.assertEqual(self.browser.run("return [document.title, document.querySelectorAll('img, script:not([type])').length]"), [title, 0])
        text = pathlib.Path(self.folder, "hostile.html").read_text(encoding="utf-8")
        for forbidden in "\u202e\u2066\u2029\x00\x1b\x07":
            self.assertNotIn(forbidden, text)

    def test_a_long_frame_is_shown_in_pages(self):
        page = self.made("long", captures.conversation([b"GET / HTTP/1.1\r\nX: " + b"B" * 60_000 + b"\r\n\r\n"]))
        self.open(page, "#p=4")
        self.assertLessEqual(self.browser.run("return document.querySelectorAll('#hex [data-b]').length"), 2 * 2048)
        self.browser.run("document.getElementById('hex').focus()")
        self.browser.keys("End")
        self.assertEqual("60076", self.browser.run("return document.querySelector('#hex .cursor').dataset.b"))

    def test_ten_thousand_conversations_are_too_many_and_it_says_so(self):
        page = self.made("many", [captures.udp(b"x", 1024 + i, i) for i in range(10_000)], says="10000 conversations")
        self.open(page)
        self.assertIn("Of 10000 conversations the 12 busiest are here", self.browser.run("return document.querySelector('.verdicts').innerText"))
        self.assertEqual(self.browser.run("return document.querySelectorAll('#view option').length"), 12)
        self.browser.run("document.getElementById('view-on').click()")
        self.browser.until("return document.querySelector('.packet').dataset.p === '2'")
        self.assertEqual(self.browser.run("return [...document.querySelectorAll('#streams .conversation')].filter(c => !c.hidden).length"), 1)

    def test_three_hundred_thousand_packets_are_too_many_and_it_says_so(self):
        page = self.made("huge", captures.conversation([b"0123456789"] * 150_000), says="300003 packets")
        self.open(page, "#p=19999")
        self.assertEqual(self.shown()[0], "#19999")
        self.assertIn("the first 20000 are here", self.browser.run("return document.querySelector('.verdicts').innerText"))
        self.assertLessEqual(self.browser.run("return document.querySelectorAll('.packet').length"), 2000)
        self.browser.run("location.hash = '#p=3'")
        self.browser.until("return document.querySelector(\".packet[data-p='3'].picked\") !== null")

    # For everybody
    def test_no_accessibility_violation(self):
        source, why = axe_source(self.folder)
        if not source:
            self.skipTest(why)
        for scheme in ("light", "dark"):
            self.browser.media(prefers_color_scheme=scheme)
            self.open(self.loss, "#p=6&f=tcp.seq")
            self.browser.run(source)
            found = self.browser.run_async("const done = arguments[arguments.length - 1]; axe.run(document).then(r => done(r.violations.map(v => [v.id, v.nodes.length, v.nodes[0].html, v.nodes[0].failureSummary])))")
            self.assertEqual(found, [], scheme)
        self.browser.media()

    def test_narrow_dark_and_print_fit_their_page(self):
        for media, width in (({}, 360), ({"prefers_color_scheme": "dark"}, 800), ({"media": "print"}, 700)):
            self.browser.media(**media)
            self.browser.size(width, 800)
            self.open(self.loss, "#p=6")
            self.assertLessEqual(self.browser.run("return document.documentElement.scrollWidth"), width, media)
        self.browser.media()
        self.browser.cdp("Emulation.clearDeviceMetricsOverride")

    def test_motion_only_for_those_who_like_it(self):
        for value, behaviour in (("reduce", "auto"), ("no-preference", "smooth")):
            self.browser.media(prefers_reduced_motion=value)
            self.open(self.loss)
            self.assertEqual(self.browser.run("return getComputedStyle(document.documentElement).scrollBehavior"), behaviour)
        self.browser.media()


if __name__ == "__main__":
    if webdriver.missing():
        print("skipped:", webdriver.missing())
        sys.exit(77)
    unittest.main(warnings="ignore")
