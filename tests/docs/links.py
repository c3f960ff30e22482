#!/usr/bin/env python3
"""Every link of every document leads somewhere: files, images and anchors. Every document with something to run is run
by a test. argv: the tree."""

import pathlib
import sys
import urllib.parse

import markdown


def documents(root):
    """Every Markdown file of the tree, builds aside."""
    for path in sorted(root.rglob("*.md")):
        parts = path.relative_to(root).parts
        if not any(part.startswith((".", "build")) for part in parts[:-1]):
            yield path


def faults_of(path, root):
    """One sentence for each link that leads nowhere."""
    for link in markdown.links(path.read_text()):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        place, _, anchor = link.partition("#")
        target = (path.parent / urllib.parse.unquote(place)).resolve() if place else path
        if not target.exists():
            yield f"{link}: no such file"
        elif root not in target.parents and target != root:
            yield f"{link}: outside of the tree"
        elif anchor:
            if target.is_dir():
                target = target / "README.md"
            if target.suffix != ".md" or not target.exists() or anchor not in markdown.anchors(target.read_text()):
                yield f"{link}: no such heading"


def is_run(path, root, tests):
    """Does commands.py run it, if it holds anything to run?"""
    text = path.read_text()
    to_run = any(one.language in ("", "sh") for one in markdown.blocks(text)) or any(markdown.inline_commands(text))
    return not to_run or f"'{path.relative_to(root)}'" in tests


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    tests = (root / "tests/docs/meson.build").read_text()
    count = wrong = 0
    for path in documents(root):
        count += 1
        if not is_run(path, root, tests):
            wrong += 1
            print(f"{path.relative_to(root)}: has commands, and is not in tests/docs/meson.build")
        for fault in faults_of(path, root):
            wrong += 1
            print(f"{path.relative_to(root)}: {fault}")
    print(f"{count} documents, {wrong} wrong")
    return 1 if wrong or not count else 0


if __name__ == "__main__":
    sys.exit(main())
