#!/usr/bin/env python3
"""Puts text files into a C++ source: embed.py OUT.cpp NAMESPACE FILE...

page.css becomes `std::string_view page_css()`, without the comment that a file begins with."""

import pathlib
import re
import sys

PIECE = 8000  # bytes a literal: compilers need only take 65,536


def function(path):
    text = re.sub(r"\A/\*.*?\*/\s*", "", path.read_text(encoding="utf-8"), flags=re.S)
    assert ')~~"' not in text, path
    pieces = [text[i:i + PIECE] for i in range(0, len(text), PIECE)] or [""]
    literals = "\n".join(f'R"~~({piece})~~"' for piece in pieces)
    name = re.sub(r"\W", "_", path.name)
    return f"std::string_view {name}() {{\n  return {literals};\n}}\n"


out, namespace, *files = sys.argv[1:]
body = "\n".join(function(pathlib.Path(file)) for file in files)
pathlib.Path(out).write_text(f"#include <string_view>\n\nnamespace {namespace} {{\n\n{body}\n}}  // namespace {namespace}\n", encoding="utf-8")
