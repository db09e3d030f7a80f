"""Our check of a line says what the JSON Schema validator of others says."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from archiver.conformity import checker
from archiver.schema import line_schema, record_schema
from archiver.store.event import Event

SCHEMAS = {"article": record_schema(), "event": line_schema(Event)}
GOOD = {
    "article": {
        "schema_version": "1.0", "id": "hcma:1", "revision": 1, "revision_id": "a" * 64, "supersedes": None,
        "status": "live", "change": {"cause": "first", "classes": []}, "site": "hcma", "language": "vi",
        "url": "https://hcma.vn/1", "canonical_url": "https://hcma.vn/1", "aliases": [], "title": "Một", "lead": "",
        "published_at": "2025-04-17T14:37:00+07:00", "published_raw": "", "published_precision": "minute",
        "modified_at": None, "body": "Hai", "blocks": [{"type": "paragraph", "text": "Hai"}],
        "images": [{"url": "https://hcma.vn/i", "alt": "", "caption": "", "credit": "", "width": None, "height": 3}],
        "authors": [{"name": "BBT", "role": "text", "kind": "organisation"}], "credit_line": "", "section": None,
        "categories": [], "tags": [], "attachments": [], "related": [], "comment_count": None, "comments": [],
        "first_seen_at": "2026-10-20T09:00:00Z", "fetched_at": "2026-10-20T09:00:00Z",
        "capture": {"warc": "captures/x", "offset": 0, "length": 1, "record_id": "<urn:uuid:" + "0" * 36 + ">",
                    "payload_digest": "sha1:A", "http_status": 200, "truncated": None},
        "extractor": {"version": "", "layout": "", "rules_digest": "", "found_by": {"title": "h1"}}, "quality": [],
    },
    "event": {
        "time": "2026-10-20T09:00:00Z", "url": "https://hcma.vn/1", "id": None, "outcome": "new", "reason": None,
        "http_status": 200, "record_id": None, "message": None,
    },
}  # fmt: skip
ODD = [None, True, 0, -1, 700, 1.5, "", "x", "2026-13-40T09:00:00Z", [], ["x"], [1], {}, {"x": 1}, {"type": "x"}]


def paths_of(value, before=()):
    yield before
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from paths_of(child, (*before, key))


def with_(value, path, put):
    if not path:
        return put
    changed = copy.deepcopy(value)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = put
    return changed


def without(value, path):
    changed = copy.deepcopy(value)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return changed


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_sound_line_has_no_fault(kind):
    assert checker(SCHEMAS[kind])(GOOD[kind]) is None


@pytest.mark.parametrize("kind", SCHEMAS)
def test_what_others_refuse_we_refuse_and_nothing_else(kind):
    ours, theirs = checker(SCHEMAS[kind]), Draft202012Validator(SCHEMAS[kind], format_checker=FormatChecker())
    good = GOOD[kind]
    changed = [with_(good, path, put) for path in paths_of(good) for put in ODD]
    changed += [without(good, path) for path in paths_of(good) if path]
    changed += [with_(good, (*path, "more"), 1) for path in paths_of(good) if isinstance(at(good, path), dict)]

    assert len(changed) > 100
    disagree = [json.dumps(each) for each in changed if (ours(each) is None) != theirs.is_valid(each)]
    assert disagree == []


def at(value, path):
    for key in path:
        value = value[key]
    return value


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
)


@settings(max_examples=200)
@given(JSON)
def test_no_value_breaks_the_check(value):
    fault = checker(SCHEMAS["article"])(value)

    assert fault is None or fault[0] in ".:["
