#!/usr/bin/env python3
"""docs/lab.schema.json against every lab.toml, and against files with mistakes. Only the part of JSON Schema
(draft 2020-12) that the schema uses is implemented here. Usage: schema_test.py SOURCE_ROOT"""

import json
import pathlib
import re
import sys
import unittest

try:
    import tomllib
except ImportError:  # Python before 3.11
    print('no tomllib here')
    sys.exit(77)

ROOT = pathlib.Path(sys.argv[1])
SCHEMA = json.loads((ROOT / "docs/lab.schema.json").read_text(encoding="utf-8"))
KNOWN = {"$schema", "title", "description", "type", "properties", "required", "additionalProperties", "items", "minItems", "enum", "const",
         "pattern", "minLength", "minimum", "maximum", "oneOf", "anyOf", "not"}
TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}


def fault(value, schema, where="lab.toml"):
    """Why the value is not as the schema says; None if it is."""
    assert not set(schema) - KNOWN, set(schema) - KNOWN
    if "type" in schema and (not isinstance(value, TYPES[schema["type"]]) or (schema["type"] == "integer" and isinstance(value, bool))):
        return f"{where}: not of type {schema['type']}"
    if "enum" in schema and value not in schema["enum"]:
        return f"{where}: not one of {schema['enum']}"
    if "const" in schema and value != schema["const"]:
        return f"{where}: not {schema['const']}"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        return f"{where}: does not match {schema['pattern'][:60]}"
    if len(value) < schema.get("minLength", schema.get("minItems", 0)) if isinstance(value, (str, list)) else False:
        return f"{where}: too short"
    if isinstance(value, int) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        return f"{where}: out of range"
    if isinstance(value, dict):
        for key in schema.get("required", []):
            if key not in value:
                return f"{where}: no {key}"
        for key, inner in value.items():
            if key in schema.get("properties", {}):
                if found := fault(inner, schema["properties"][key], f"{where}.{key}"):
                    return found
            elif schema.get("additionalProperties") is False:
                return f"{where}: {key} is not known"
    if isinstance(value, list) and "items" in schema:
        for i, inner in enumerate(value):
            if found := fault(inner, schema["items"], f"{where}[{i}]"):
                return found
    if "oneOf" in schema and sum(fault(value, one, where) is None for one in schema["oneOf"]) != 1:
        return f"{where}: not exactly one of {schema['oneOf']}"
    if "anyOf" in schema and all(fault(value, one, where) for one in schema["anyOf"]):
        return f"{where}: none of {schema['anyOf']}"
    if "not" in schema and fault(value, schema["not"], where) is None:
        return f"{where}: must not be {schema['not']}"
    return None


class Schema(unittest.TestCase):
    def test_every_lab_is_as_it_says(self):
        labs = sorted(ROOT.glob("labs/*/lab.toml")) + sorted(ROOT.glob("tests/labs/grader/labs/*/lab.toml"))
        self.assertGreater(len(labs), 2)
        for lab in labs:
            with self.subTest(lab=lab.parent.name):
                self.assertIsNone(fault(tomllib.loads(lab.read_text(encoding="utf-8")), SCHEMA))

    def test_mistakes_are_found(self):
        rule = "[[scenario]]\nname = 's'\n[[scenario.rule]]\nid = 'r'\nwhy = 'w'\n"
        self.assertIsNone(fault(tomllib.loads(rule + "holds = 'half_close(client)'"), SCHEMA))
        for line in ["", "holds = 'half_clos(client)'", "holds = 'half_close'", "holds = 'keeps_connection(0)'", "holds = 'orderly_close(client)'",
                     "holds = 'one_syn'\nnever = 'tcp'", "never = ''", "count = { filter = 'tcp' }", "count = { filter = 'tcp', equals = 1, at_most = 3 }",
                     "count = { filter = 'tcp', equals = -1 }", "count = { filter = 'tcp', equals = 1, scope = 'all' }", "order = ['tcp']",
                     "pause = { after = 'udp', before = 'udp', at_least = '3 apples' }", "stream_equals = { from = 'server' }", "stdout = { host = 'client' }",
                     "exit = { host = 'client' }", "exit = 0", "hidden = 'yes'\nholds = 'one_syn'", "holds = 'one_syn'\nhint = ['x']"]:
            with self.subTest(line=line):
                self.assertIsNotNone(fault(tomllib.loads(rule + line), SCHEMA))

    def test_it_knows_every_property(self):
        names = re.findall(r'PropertyInfo\{"(\w+)"', (ROOT / "labs/grader/properties.cpp").read_text(encoding="utf-8"))
        self.assertGreater(len(names), 20)
        pattern = SCHEMA["properties"]["scenario"]["items"]["properties"]["rule"]["items"]["properties"]["holds"]["pattern"]
        manual = (ROOT / "docs/grading.md").read_text(encoding="utf-8")
        for name in names:
            self.assertTrue(any(re.search(pattern, name + argument) for argument in ("", "(client)", "(2)")), name)
            self.assertIn(f"`{name}", manual)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
