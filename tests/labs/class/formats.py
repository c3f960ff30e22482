"""The rules of the formats that `grade --emit` writes, from their documentation. Each check returns faults."""
import re
import xml.etree.ElementTree as ET

VISIBILITY = {"hidden", "after_due_date", "after_published", "visible"}


def typed(value, kinds, where, faults):
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in (kinds if isinstance(kinds, tuple) else (kinds,))):
        faults.append(f"{where}: {value!r} is of the wrong type")


def gradescope(json):
    """Autograder Specifications: every field that there is has its type; a score is at the top or at each test."""
    faults = []
    kinds = {"score": (int, float), "execution_time": (int, float), "output": str, "output_format": str, "visibility": str,
             "stdout_visibility": str, "extra_data": dict, "tests": list, "leaderboard": list}
    of_test = {"score": (int, float), "max_score": (int, float), "name": str, "number": str, "output": str, "output_format": str,
               "tags": list, "visibility": str, "extra_data": dict, "status": str, "name_format": str}
    for key, value in json.items():
        if key not in kinds:
            faults.append(f"{key} is no field")
        else:
            typed(value, kinds[key], key, faults)
    for test in json.get("tests", []):
        for key, value in test.items():
            if key not in of_test:
                faults.append(f"tests: {key} is no field")
            else:
                typed(value, of_test[key], f"tests.{key}", faults)
        if test.get("visibility", "visible") not in VISIBILITY:
            faults.append("tests.visibility")
        if test.get("status", "passed") not in ("passed", "failed"):
            faults.append("tests.status")
        if "score" not in test and "score" not in json:
            faults.append("no score")
        if not all(isinstance(tag, str) for tag in test.get("tags", [])):
            faults.append("tests.tags")
    for key in ("visibility", "stdout_visibility"):
        if json.get(key, "visible") not in VISIBILITY:
            faults.append(key)
    return faults


SUREFIRE_TIME = re.compile(r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?\Z")
ATTRIBUTES = {  # junit-10.xsd: attribute → required
    "testsuites": {"name": False, "time": False, "tests": False, "failures": False, "errors": False},
    "testsuite": dict.fromkeys(["group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"], False)
    | dict.fromkeys(["name", "tests", "failures", "errors"], True),
    "testcase": {"name": True, "time": False, "classname": False, "group": False},
    "failure": {"type": False, "message": False}, "error": {"type": False, "message": False}, "skipped": {"type": False, "message": False},
    "properties": {}, "property": {"name": True, "value": True}, "system-out": {}, "system-err": {},
}
CHILDREN = {
    "testsuites": {"testsuite"}, "testsuite": {"testsuite", "properties", "testcase", "system-out", "system-err"},
    "testcase": {"skipped", "error", "failure", "system-out", "system-err"}, "properties": {"property"},
}


def junit(text):
    """Jenkins' junit-10.xsd: elements where they may be, attributes that they have, and counts that are right."""
    faults = []

    def walk(element):
        known = ATTRIBUTES.get(element.tag)
        if known is None:
            faults.append(f"<{element.tag}> is no element")
            return
        faults.extend(f"<{element.tag} {one}> is no attribute" for one in element.attrib if one not in known)
        faults.extend(f"<{element.tag}> has no {one}" for one, needed in known.items() if needed and one not in element.attrib)
        if "time" in element.attrib and not SUREFIRE_TIME.match(element.attrib["time"]):
            faults.append(f"time {element.attrib['time']}")
        for child in element:
            if child.tag not in CHILDREN.get(element.tag, set()):
                faults.append(f"<{child.tag}> in <{element.tag}>")
            walk(child)
        if element.tag == "testsuite":
            cases = element.findall("testcase")
            for name, found in (("tests", len(cases)), ("failures", sum(c.find("failure") is not None for c in cases)), ("errors", sum(c.find("error") is not None for c in cases))):
                if int(element.attrib[name]) != found:
                    faults.append(f"{name} is {element.attrib[name]}, and there are {found}")

    root = ET.fromstring(text)
    if root.tag not in ("testsuites", "testsuite"):
        faults.append("root")
    walk(root)
    return faults


def exercism(json):
    """The test runner interface, version 3."""
    faults = []
    if json.get("version") != 3:
        faults.append("version")
    if json.get("status") not in ("pass", "fail", "error"):
        faults.append("status")
    if json["status"] == "error":
        typed(json.get("message"), str, "message", faults)
    elif json.get("message") is not None:
        faults.append("a message without an error")
    if len(json.get("message") or "") > 65535:
        faults.append("message is too long")
    if json["status"] != "error" and not json.get("tests"):
        faults.append("no tests")
    for test in json.get("tests", []):
        typed(test.get("name"), str, "name", faults)
        if test.get("status") not in ("pass", "fail", "error"):
            faults.append("tests.status")
        for key in ("message", "output", "test_code"):
            if test.get(key) is not None:
                typed(test[key], str, key, faults)
        if len(test.get("output") or "") > 500 or len(test.get("message") or "") > 65535:
            faults.append("too long")
        if "task_id" in test:
            typed(test["task_id"], int, "task_id", faults)
        faults.extend(f"tests: {key} is no field" for key in test if key not in ("name", "status", "message", "output", "test_code", "task_id"))
    states = {test["status"] for test in json.get("tests", [])}
    if json["status"] == "pass" and states - {"pass"} or json["status"] == "fail" and states == {"pass"}:
        faults.append("the status is not that of the tests")
    return faults


def classroom50(json):
    """schemas/result-v1.schema.json, and what it says that it cannot express."""
    faults = []
    text = ("schema", "classroom", "assignment", "assignment_type", "owner", "submission", "commit", "release", "review", "datetime")
    number = ("score", "max-score")
    for key in text:
        typed(json.get(key), str, key, faults)
        if not json.get(key):
            faults.append(f"{key} is empty")
    for key in number:
        typed(json.get(key), int, key, faults)
    faults.extend(f"{key} is no field" for key in json if key not in text + number + ("tests", "graded_at", "submitted_by"))
    if json["schema"] != "classroom50/result/v1" or json["assignment_type"] not in ("individual", "group") or not json["submission"].startswith("submit/"):
        faults.append("schema, assignment_type or submission")
    if not re.match(r"^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$", json["datetime"]):
        faults.append("datetime")
    for test in json["tests"]:
        typed(test.get("test-name"), str, "test-name", faults)
        typed(test.get("passed"), bool, "passed", faults)
        for key in number:
            typed(test.get(key), int, key, faults)
        if not 0 <= test["score"] <= test["max-score"]:
            faults.append("a test's score")
    names = [test["test-name"] for test in json["tests"]]
    if len(set(names)) != len(names) or any(len(name.encode()) > 100 or not name for name in names):
        faults.append("names")
    if json["score"] != sum(test["score"] for test in json["tests"]) or json["max-score"] != sum(test["max-score"] for test in json["tests"]):
        faults.append("sums")
    return faults


def self_test():
    """Checks that find nothing prove nothing."""
    assert gradescope({"score": "1", "tests": []}) and gradescope({"score": 1, "tests": [{"visibility": "seen"}]})
    assert not gradescope({"score": 1.0, "tests": [{"score": 1, "name": "x", "status": "passed"}]})
    assert junit('<testsuite name="x" tests="2" failures="0" errors="0"><testcase name="a"/></testsuite>')
    assert junit('<testsuite name="x" tests="1" failures="0" errors="0"><testcase/></testsuite>')
    assert not junit('<testsuite name="x" tests="1" failures="1" errors="0" time="0.671"><testcase name="a"><failure/></testcase></testsuite>')
    assert exercism({"version": 3, "status": "error", "message": None, "tests": []})
    assert exercism({"version": 3, "status": "pass", "tests": [{"name": "a", "status": "fail"}]})
    assert not exercism({"version": 3, "status": "pass", "message": None, "tests": [{"name": "a", "status": "pass", "task_id": 1}]})
    good = dict(schema="classroom50/result/v1", classroom="a", assignment="b", assignment_type="individual", owner="c", submission="submit/1", commit="d",
                release="e", review="f", datetime="2026-01-31T12:00:00Z", score=1, tests=[{"test-name": "t", "passed": True, "score": 1, "max-score": 1}])
    good["max-score"] = 1
    assert not classroom50(good) and classroom50(good | {"score": 2}) and classroom50(good | {"usernames": ["c"]}) and classroom50(good | {"datetime": "today"})


self_test()
