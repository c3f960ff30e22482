"""What of a Markdown file the tests look at: fenced blocks, commands in the text, links, headings."""

import dataclasses
import re


@dataclasses.dataclass
class Block:
    language: str
    lines: list
    file: str = ""      # ```cpp file=labs/20-knock/knock.cpp: the block is this file
    notes: dict = dataclasses.field(default_factory=dict)   # what stands before it: <!-- needs: tshark -->
    line: int = 0


class Fault(Exception):
    pass


def blocks(text):
    """Each fenced block."""
    block, notes = None, {}
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("```"):
            if block is None:
                language, _, rest = line[3:].strip().partition(" ")
                file = re.fullmatch(r"file=(\S+)", rest)
                block = Block(language, [], file.group(1) if file else "", notes, number)
            else:
                yield block
                block, notes = None, {}
        elif block is not None:
            block.lines.append(line)
        elif line.strip():
            note = re.fullmatch(r"<!-- (needs|run by|takes): (.+) -->", line.strip())
            notes = {**notes, note.group(1): note.group(2)} if note else {}
    if block is not None:
        raise Fault("a block of code is not closed")


def prose(text):
    """The text without its fenced blocks."""
    return re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)


def inline_commands(text):
    """Commands in the text that can be typed as they stand: `./wirelab …` without a placeholder."""
    for code in re.findall(r"`([^`\n]+(?:\n[^`\n]+)?)`", prose(text)):
        code = " ".join(code.split())
        words = code.split()
        holes = [word for word in words[1:] if re.fullmatch(r"\[?[A-Z]{1,12}(\.\.\.|…|\])*", word) or "…" in word]
        if words and words[0] == "./wirelab" and len(words) > 1 and not holes:
            yield code


def slug(heading):
    """The anchor that GitHub makes of a heading."""
    heading = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    heading = re.sub(r"[`*]", "", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", heading).replace(" ", "-")


def anchors(text):
    """All anchors of a file, numbered as on GitHub where headings repeat."""
    seen, found = {}, set()
    for line in prose(text).splitlines():
        heading = re.match(r"#{1,6} +(.*?)(?: +#+)?$", line)
        if heading:
            name = slug(heading.group(1))
            found.add(f"{name}-{seen[name]}" if name in seen else name)
            seen[name] = seen.get(name, 0) + 1
    return found | set(re.findall(r'<a (?:id|name)="([^"]+)"', text))


def links(text):
    """Targets of links and images."""
    text = re.sub(r"`[^`\n]*`", "", prose(text))
    yield from re.findall(r"\]\(([^)\s]+)(?: \"[^\"]*\")?\)", text)
    yield from re.findall(r'(?:src|srcset|href)="([^"]+)"', text)
    yield from re.findall(r"^\[[^\]]+\]: +(\S+)", text, flags=re.M)
