"""Canonical JSON and the published schema."""

import copy
import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from releases.package.canonical import (
    SCHEMA_FILE,
    canonical_bytes,
    check_document,
    parse_canonical,
    parse_document,
)
from releases.package.errors import CyclicAncestors, InvalidDocument, NewerFormat
from releases.package.schema import Schema, SchemaError
from tests.releases.sample_documents import document

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text("abກéễ", max_size=3), children)
    ),
    max_leaves=8,
)


@given(VALUES)
@settings(max_examples=60, deadline=None)
def test_canonical_json_is_read_back_and_has_one_form(value: Any) -> None:
    data = canonical_bytes(value)
    again = parse_canonical(data)
    assert canonical_bytes(again) == data
    assert data.decode() == json.dumps(
        again, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ) + "\n"  # fmt: skip


def test_the_same_content_has_the_same_bytes_however_it_was_typed() -> None:
    one = {"b": unicodedata.normalize("NFD", "đường dẫn"), "a": ["ນ້ຳ", 1, True, None]}
    other = {"a": ("ນ້ຳ", 1, True, None), "b": "đường dẫn"}
    expected = '{"a":["ນ້ຳ",1,true,null],"b":"đường dẫn"}\n'
    assert canonical_bytes(one) == canonical_bytes(other) == expected.encode()


@pytest.mark.parametrize(
    "value",
    [1.5, {1: "a"}, {"é": 1, "e\u0301": 2}, "\ud800", 2**53, {"a": b"bytes"}, [float("nan")]],
)
def test_what_has_no_canonical_form_is_refused(value: Any) -> None:
    with pytest.raises(InvalidDocument):
        canonical_bytes(value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"a": 1}\n',
        b'{"a":1}',
        b'{"a":1,"a":1}\n',
        b'{"b":1,"a":1}\n',
        '"e\u0301"\n'.encode(),
        b"1.5\n",
        b"NaN\n",
        b"9007199254740993\n",
        b"1" * 10_000 + b"\n",
        b'"\\ud800"\n',
        b"[" * 100_000,
        b"[" * 50 + b"]" * 50 + b"\n",
        b"[" + b"[]," * 2_000_001 + b"[]]\n",
    ],
    ids=lambda data: repr(data[:12]),
)
def test_json_from_outside_that_is_not_canonical_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidDocument):
        parse_canonical(data)


def test_a_document_is_read_back_as_it_was_written() -> None:
    content = document(contents=(b"drawing",))
    assert parse_document(canonical_bytes(content)) == content


def test_a_newer_format_is_named_as_such() -> None:
    with pytest.raises(NewerFormat, match=r"2\.0"):
        parse_document(canonical_bytes(document() | {"version": "2.0"}))
    for other in ([], {}, document() | {"format": "other"}):
        with pytest.raises(InvalidDocument):
            parse_document(canonical_bytes(other))


def test_a_release_that_is_its_own_ancestor_is_refused() -> None:
    content = document()
    ancestor = {"public_id": content["release"]["public_id"], "version": 1, "date": "2026-01-01"}
    content["release"]["ancestors"] = [ancestor]
    with pytest.raises(CyclicAncestors):
        check_document(content)
    other = ancestor | {"public_id": "2222222222"}
    content["release"]["ancestors"] = [other]
    check_document(content)
    content["release"]["ancestors"] = [other, other]
    with pytest.raises(CyclicAncestors):
        check_document(content)


def _set(content: Any, path: str, value: Any) -> None:
    *steps, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    for step in steps:
        content = content[step]
    content[last] = value


FAULTS = [
    ("extra", 1),
    ("modules", {}),
    ("modules/0/public_id", "short"),
    ("modules/0/public_id", "2222222222\n"),
    ("modules/0/texts/name", {"fr": "Module"}),
    ("modules/0/texts/name/lo", 5),
    ("modules/0/texts/name/lo", "ກ" * 200_001),
    ("modules/0/values/credits", ["3"]),
    ("modules/0/units/0/streams/body/0/id", "../../etc"),
    ("modules/0/units/0/streams/body/0/html", "<script>"),
    ("modules/0/units/0/languages", ["lo", "fr"]),
    ("release/version", 0),
    ("release/version", True),
    ("release/date", "yesterday"),
    ("release/source", {"url": "javascript:alert(1)"}),
    ("files/0/extension", "../x"),
    ("files/0/size", -1),
    ("files/0/sha256", "A" * 64),
    ("trade", "welder"),
]


@pytest.mark.parametrize(("path", "value"), FAULTS, ids=lambda item: str(item)[:30])
def test_a_document_that_breaks_the_schema_is_refused(path: str, value: Any) -> None:
    content = document(contents=(b"drawing",))
    _set(content, path, value)
    with pytest.raises(InvalidDocument, match="schema"):
        check_document(content)


def test_our_validator_and_the_reference_library_agree_on_the_schema() -> None:
    published = json.loads(SCHEMA_FILE.read_bytes())
    Draft202012Validator.check_schema(published)
    reference, ours = Draft202012Validator(published), Schema(published)
    good = document(contents=(b"drawing",))
    assert reference.is_valid(good)
    ours.check(good)
    for path, value in FAULTS:
        content = copy.deepcopy(good)
        _set(content, path, value)
        with pytest.raises(SchemaError):
            ours.check(content)
        # ECMA's "$" is the very end; Python's, which the library uses, is not.
        if not str(value).endswith("\n"):
            assert not reference.is_valid(content), path


def test_the_schema_uses_only_keywords_that_our_validator_knows() -> None:
    known = {"$schema", "$id", "title", "description", "type", "required", "properties", "enum",
             "additionalProperties", "items", "maxItems", "maxProperties", "pattern", "const",
             "maxLength", "minimum", "maximum", "$ref", "$defs"}  # fmt: skip

    def keywords(schema: Any) -> set[str]:
        if not isinstance(schema, dict):
            return set()
        found = set(schema)
        for key in ("properties", "$defs"):
            for child in schema.get(key, {}).values():
                found |= keywords(child)
        for key in ("items", "additionalProperties"):
            found |= keywords(schema.get(key))
        return found

    assert keywords(json.loads(SCHEMA_FILE.read_bytes())) <= known


def _same_module_twice(content: dict[str, Any]) -> None:
    content["modules"].append(content["modules"][0])


def _same_block_twice(content: dict[str, Any]) -> None:
    body = content["modules"][0]["units"][0]["streams"]["body"]
    body.append(body[0])


def _same_file_twice(content: dict[str, Any]) -> None:
    content["files"] *= 2


def _unlisted_file(content: dict[str, Any]) -> None:
    content["files"].clear()


def _unlisted_term(content: dict[str, Any]) -> None:
    block = content["modules"][0]["units"][0]["streams"]["body"][0]
    block["value"] = [{"type": "item", "id": block["id"], "value": {"concept": "2222222222"}}]


@pytest.mark.parametrize(
    "change",
    [_same_module_twice, _same_block_twice, _same_file_twice, _unlisted_file, _unlisted_term],
)
def test_a_document_that_does_not_hold_together_is_refused(change: Any) -> None:
    content = document(contents=(b"drawing",))
    change(content)
    with pytest.raises(InvalidDocument):
        check_document(content)
