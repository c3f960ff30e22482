"""Is what a document shows of a run what a run shows? Ladders are compared as stories, other text line by line."""

import re


def kinds(row):
    """What a row of a ladder is about: one or two words, or none for a plain ACK."""
    flags = re.search(r"\[([A-Z,]+)\]", row)
    names = flags.group(1).split(",") if flags else []
    found = []
    if "SYN" in names or "RST" in names:
        found.append(",".join(name for name in names if name not in ("PSH",)).replace("RST,ACK", "RST"))
    elif re.search(r"\bLen=[1-9]", row) and flags:
        found.append("data")
    if "FIN" in names:
        found.append("FIN")
    for word in ("UDP", "ICMP"):
        if re.search(rf"\b{word}\b", row):
            text = re.search(r'"[^"]*"', row)
            found.append(word + (" " + text.group(0) if text else ""))
    if re.search(r"\blost\b", row):
        found.append("lost")
    return found


def is_row(line):
    return bool(re.match(r"\s*\d+\s+([\d.]*)\s*(\S.*)", line)) and any(mark in line for mark in "├┤│")


def story(lines):
    """What each end did, and what each program said, in order."""
    told = {"client to server": [], "server to client": [], "printed": []}
    for line in lines:
        if is_row(line):
            way = "server to client" if "◀" in line or re.search(r"lost ✗", line) else "client to server"
            for kind in kinds(line):
                if not told[way] or told[way][-1] != kind or kind.startswith("UDP"):
                    told[way].append(kind)
        elif re.match(r"\s*(client|server) │ ", line):
            told["printed"].append(re.sub(r"[\d.]+", "N", line.strip()))
    told["printed"].sort()  # two programs print at once
    return told


def not_within(wanted, seen):
    """The first of `wanted` that does not follow the others in `seen`; None if all do."""
    rest = iter(seen)
    for one in wanted:
        if one not in rest:
            return one
    return None


def masked(line):
    """The line without what differs from run to run: numbers, hexadecimal digits, units of time, width of columns."""
    line = re.sub(r"\b(0x)?[0-9a-f]{2,}\b(?=[ :…]|$)", "N", line) if re.search(r"\b[0-9a-f]{2} [0-9a-f]{2}\b", line) else line
    line = re.sub(r"\b(0x[0-9a-f]+|[0-9a-f]{4})\b", "N", line)
    line = re.sub(r"\b[0-9a-f]*[0-9][0-9a-f]{3,}\b", "N", line)
    line = re.sub(r"[-+]?\d[\d.,:]*", "N", line)
    line = re.sub(r"N ?(ns|µs|ms|s)\b", "N t", line)
    line = re.sub(r"[─━═-]{2,}", "-", line)
    return " ".join(line.split())


def pattern(line):
    """A line as shown; `…` in it stands for anything."""
    return re.compile(".*".join(re.escape(part.strip()) for part in masked(line).split("…")).replace(r"\ ", " *"))


def first_difference(shown, printed):
    """The first shown line that the run has not, in its place; None if all are there. A line `…` stands for any
    number of lines; without one the lines follow each other."""
    printed = [masked(line) for line in printed if line.strip()]
    at, gap = 0, True
    for line in (line for line in shown if line.strip()):
        if line.strip() in ("…", "..."):
            gap = True
            continue
        wanted = pattern(line)
        found = next((i for i in range(at, len(printed)) if wanted.fullmatch(printed[i])), None)
        if found is None or (not gap and found != at):
            return line
        at, gap = found + 1, False
    return None


def difference(shown, printed):
    """What a document shows and a run does not, in a sentence; None if it is the same."""
    if any(is_row(line) for line in shown) or any(re.match(r"\s*(client|server) │ ", line) for line in shown):
        seen = story(printed)
        for name, wanted in story(shown).items():
            lacking = not_within(wanted, seen[name])
            if lacking is not None:
                return f"{name}: the document shows {lacking!r}, the run has {seen[name]}"
        return None
    line = first_difference(shown, printed)
    return None if line is None else f"the document shows\n  {line}\nthe run printed\n  " + "\n  ".join(printed[:60])
