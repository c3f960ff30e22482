#!/usr/bin/env python3
"""Every folder's README names what lies there, and nothing that does not. argv: the tree.

A file is named by its stem (`tcp` is tcp.hpp and tcp.cpp) or in full, in the README of its folder or of the next one
above. What stands in backticks in the first column of a table of files must be there."""

import pathlib
import re
import sys

# Folders whose files are named one by one. Numbered labs tell their own story; tests mirror the tree.
NAMED = ["tracer", "labs/cli", "labs/grader", "labs/peers", "labs/support", "labs/testbed", "bench", "docs"]
WITH_README = ["tracer", "labs", "tests", "tests/docs", "tests/golden"]


def not_counted(path):
    return path.name in ("README.md", "meson.build", "lab.schema.json.in") or "__pycache__" in path.parts or path.suffix == ".orig"


def readme_of(folder, root):
    while not (folder / "README.md").exists() and folder != root:
        folder = folder.parent
    return folder / "README.md"


def named_in(text):
    """Names in the first column of the tables about files and folders."""
    here = False
    for line in text.splitlines():
        cell = line.split("|")[1].strip() if line.startswith("|") else ""
        here = (here or cell in ("file", "folder")) and bool(cell)
        if here:
            yield from re.findall(r"`([\w./-]+)`", cell)


def faults(root):
    for top in NAMED:
        for path in sorted((root / top).rglob("*")):
            if path.is_dir() or not_counted(path) or path.suffix == ".svg":
                continue
            readme = readme_of(path.parent, root)
            if readme.parent == root or not re.search(rf"(?<![\w.]){re.escape(path.stem)}(?![\w])", readme.read_text()):
                yield f"{path.relative_to(root)}: {readme.relative_to(root)} does not name it"
    for folder in [one for top in NAMED for one in [root / top, *(root / top).rglob("*")]] + [root / one for one in WITH_README]:
        readme = folder / "README.md"
        if not folder.is_dir() or (folder in [root / one for one in WITH_README + NAMED] and not readme.exists()):
            if folder.is_dir() or str(folder.relative_to(root)) in NAMED + WITH_README:
                yield f"{folder.relative_to(root)}: has no README.md"
            continue
        if readme.exists():
            for name in named_in(readme.read_text()):
                there = ((folder / name).exists() or any((folder / name).parent.glob((folder / name).name + ".*")))
                if not there:
                    yield f"{readme.relative_to(root)}: there is no {name}"


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    found = list(dict.fromkeys(faults(root)))
    print("\n".join(found))
    print(f"{len(found)} wrong")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
